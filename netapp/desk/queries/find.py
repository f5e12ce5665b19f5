"""One box for everything: people, groups, organisations, events, bookings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from netapp.desk.queries.find_people import FoundPeople, find_people
from netapp.events.models import Attendee, Booking, Event
from netapp.events.queries.manage import EventRow, event_list
from netapp.groups.models import Group
from netapp.groups.words import KIND_WORDS
from netapp.kernel.db import DbSession
from netapp.organisations.queries.register import OrganisationLine, matching
from netapp.people.addresses import CLOSED_HOST
from netapp.people.models import Person
from netapp.people.personal_data import FORMER_NAME

MOST: Final = 10
_REFERENCE: Final = re.compile(r"[A-Z0-9]{2,4}(-?[A-Z0-9]{1,4}){0,2}\Z")


@dataclass(frozen=True, slots=True)
class FoundBooking:
    reference: str
    name: str
    event_key: str
    event_title: str
    live: bool
    by_reference: bool  # Else by the name.


@dataclass(frozen=True, slots=True)
class FoundGroup:
    key: str
    name: str
    kind_words: str
    people: int
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The first few of each; ``more_events`` is how many are not shown."""

    people: FoundPeople = field(default_factory=FoundPeople)
    events: Sequence[EventRow] = ()
    more_events: int = 0
    bookings: Sequence[FoundBooking] = ()
    organisations: Sequence[OrganisationLine] = ()
    groups: Sequence[FoundGroup] = ()

    @property
    def total(self) -> int:
        found = (self.people.lines, self.events, self.bookings, self.organisations, self.groups)
        return sum(len(each) for each in found)


def find(session: DbSession, words: str, *, now: datetime) -> Found:
    """Whatever has all these words in it. Empty words find nothing."""
    if not words:
        return Found()
    bookings = _bookings(session, words)
    references = [one.reference for one in bookings if one.by_reference]
    events = event_list(session, shown="coming", words=words, number=1, now=now)
    return Found(
        people=find_people(session, words, references=references, now=now),
        events=events.items[:MOST],
        more_events=max(0, events.total - MOST),
        bookings=bookings,
        organisations=matching(session, words, most=MOST),
        groups=_groups(session, words),
    )


def _groups(session: DbSession, words: str) -> list[FoundGroup]:
    """By any name that a group has; hidden and closed ones too, for coordinators know of them."""
    rows = session.execute(
        select(Group.key, Group.name, Group.kind, Group.people, Group.closed_at)
        .where(
            *(
                Group.name.icontains(word, autoescape=True)
                | Group.other_names.icontains(word, autoescape=True)
                for word in words.split()[:8]
            )
        )
        .order_by(Group.name, Group.id)
        .limit(MOST)
    )
    return [
        FoundGroup(key, name, KIND_WORDS[kind], people, closed_at is not None)
        for key, name, kind, people, closed_at in rows
    ]


def _bookings(session: DbSession, words: str) -> list[FoundBooking]:
    """By reference, with or without hyphens, or by the name given with the booking."""
    asked, reference = words.upper().replace(" ", ""), ""
    matches = Attendee.name.icontains(words, autoescape=True)
    if _REFERENCE.match(asked):
        letters = asked.replace("-", "")
        parts = [letters[:4], letters[4:8], letters[8:]]
        reference = "-".join(part for part in parts if part)
        matches |= Booking.reference.startswith(reference, autoescape=True)
    attending = aliased(Person)
    rows = session.execute(
        select(
            Booking.reference, Attendee.name, Event.key, Event.title, Booking.live, attending.email
        )
        .join(Attendee, Attendee.booking_id == Booking.id)
        .join(Event, Event.id == Booking.event_id)
        .join(Person, Person.id == Booking.person_id)
        .outerjoin(attending, attending.id == Attendee.person_id)
        .where(matches)
        .order_by(Booking.booked_at.desc(), Booking.id.desc())
        .limit(MOST)
    )
    return [
        FoundBooking(
            booked,
            name or _nameless(live, email or ""),
            key,
            title,
            live,
            by_reference=bool(reference) and booked.startswith(reference),
        )
        for booked, name, key, title, live, email in rows
    ]


def _nameless(live: bool, email: str) -> str:
    """In words, for a place that has no name: ``email`` of whoever it is."""
    if email.endswith(f"@{CLOSED_HOST}"):
        return FORMER_NAME
    return "Not named yet" if live else "No name"
