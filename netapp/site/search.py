"""One search over what is public: pages, events, organisations, groups and people with a page of
their own. Each part is asked for what whoever looks may see; nothing is read here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from netapp.directory.queries.public_search import public_people
from netapp.directory.queries.seen import Entry
from netapp.directory.queries.standing import may_look
from netapp.events.queries.ideas import OpenIdea
from netapp.events.queries.listing import EventCard, events_with, ideas_with
from netapp.groups.policies import Looker
from netapp.groups.queries.listing import GroupCard, groups_with
from netapp.kernel.db import DbSession
from netapp.organisations.queries.register import OrganisationLine, RegisterFilter, register
from netapp.people.models import Person
from netapp.site.public_pages import PAGES, PublicPage

MOST: Final = 5
"""Of each kind: whoever wants more goes on in the list it is from."""


@dataclass(frozen=True, slots=True)
class Found:
    words: str
    pages: tuple[PublicPage, ...]
    events: tuple[EventCard, ...]
    events_total: int
    ideas: tuple[OpenIdea, ...]
    organisations: tuple[OrganisationLine, ...]
    organisations_total: int
    groups: tuple[GroupCard, ...]
    people: tuple[Entry, ...]  # With a public page, as strangers see them.
    sees_directory: bool  # They can go on there.

    @property
    def number(self) -> int:
        parts = (self.pages, self.ideas, self.groups, self.people)
        return sum(map(len, parts)) + self.events_total + self.organisations_total


def search(session: DbSession, words: str, *, viewer: Person | None, now: datetime) -> Found:
    """What holds all these words, for ``viewer``; for None what everybody sees."""
    events, events_total = events_with(session, words, most=MOST, now=now)
    of_register = register(session, RegisterFilter(words=words), number=1).page if words else None
    looker = Looker(viewer.id, viewer.is_coordinator) if viewer else Looker()
    return Found(
        words=words,
        pages=tuple(page for page in PAGES if page.has(words)),
        events=tuple(events),
        events_total=events_total,
        ideas=tuple(ideas_with(session, words, now=now)[:MOST]),
        organisations=tuple(of_register.items[:MOST]) if of_register else (),
        organisations_total=of_register.total if of_register else 0,
        groups=tuple(groups_with(session, looker, words, most=MOST)),
        people=tuple(public_people(session, words, most=MOST, at=now)),
        sees_directory=may_look(session, viewer, at=now),
    )
