"""Who is interested in what: for the person, for the desk, and for those who tell them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import contains_eager, joinedload

from netapp.events.models import Booking, Idea, Interest
from netapp.events.queries.topics import Topic, topic_of
from netapp.kernel.db import DbSession
from netapp.kernel.pages import PER_PAGE, Page
from netapp.kernel.site import site_of
from netapp.kernel.words import day_words, time_words
from netapp.kernel.zones import to_local
from netapp.membership.models import Membership
from netapp.membership.queries.belonging import belongs_to, current_on
from netapp.people.addresses import shown
from netapp.people.models import Person

MOST_EXPORTED: Final = 50_000


@dataclass(frozen=True, slots=True)
class MyInterest:
    """Interest as its person sees it."""

    key: str
    topic: Topic
    since_words: str
    until_words: str  # When it ends by itself at the latest.
    told: bool
    booked: bool
    is_idea: bool


@dataclass(frozen=True, slots=True)
class InterestedRow:
    """One line of the list of whom to ask."""

    name: str
    email: str
    organisation: str
    person_key: str
    since: datetime
    is_member: bool
    came_by_idea: bool
    told_at: datetime | None
    booked_at: datetime | None


def has_live_booking(session: DbSession, *, event_id: int, person_id: int) -> bool:
    mine = Booking.event_id == event_id, Booking.person_id == person_id, Booking.live
    return bool(session.scalar(select(exists().where(*mine))))


def interest_in(session: DbSession, topic: Topic, person_id: int) -> MyInterest | None:
    """What this person said about an event or an idea: one query."""
    found = session.scalar(_mine(person_id).where(_of(topic)))
    return _my_interest(session, found) if found else None


def my_interests(session: DbSession, person_id: int) -> list[MyInterest]:
    """All that this person is interested in, the newest first: one query."""
    found = session.scalars(_mine(person_id).order_by(Interest.given_at.desc(), Interest.id.desc()))
    return [_my_interest(session, each) for each in found]


def find_interest(session: DbSession, key: str) -> Interest | None:
    """By its public key, with what it is in."""
    return session.scalar(
        select(Interest)
        .where(Interest.key == key)
        .options(
            joinedload(Interest.event),
            joinedload(Interest.idea).joinedload(Idea.event),
            joinedload(Interest.person),
        )
    )


def my_interest(session: DbSession, found: Interest) -> MyInterest:
    """As its person sees it; loaded by ``find_interest``."""
    return _my_interest(session, found)


def count_interested(
    session: DbSession, *, event_id: int | None = None, idea_id: int | None = None
) -> int:
    """How many are interested and have not booked."""
    waiting = _where(event_id, idea_id), Interest.booked_at.is_(None)
    return session.scalar(select(func.count()).select_from(Interest).where(*waiting)) or 0


def interested_page(
    session: DbSession,
    *,
    event_id: int | None = None,
    idea_id: int | None = None,
    number: int,
    now: datetime,
) -> Page[InterestedRow]:
    """Whom to ask, in the order in which they came: two queries."""
    rows = _rows(session, _where(event_id, idea_id), now)
    total = session.scalar(
        select(func.count()).select_from(Interest).where(_where(event_id, idea_id))
    )
    last = max(1, -(-(total or 0) // PER_PAGE))
    number = min(number, last)
    shown_rows = session.execute(rows.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    return Page([_row(*each) for each in shown_rows], number, total or 0)


def all_interested(
    session: DbSession,
    *,
    event_id: int | None = None,
    idea_id: int | None = None,
    now: datetime,
) -> list[InterestedRow]:
    rows = _rows(session, _where(event_id, idea_id), now).limit(MOST_EXPORTED)
    return [_row(*each) for each in session.execute(rows)]


def _rows(session: DbSession, which: ColumnElement[bool], now: datetime) -> Select[Interest, bool]:
    held = select(Membership.id).where(belongs_to(Interest.person_id), current_on(session, now))
    member = held.correlate(Interest).exists()
    return (
        select(Interest, member)
        .join(Interest.person)
        .where(which)
        .options(contains_eager(Interest.person))
        .order_by(Interest.given_at, Interest.id)
    )


def _row(found: Interest, is_member: bool) -> InterestedRow:
    person: Person = found.person
    return InterestedRow(
        name=person.name,
        email=shown(person.email),
        organisation=person.organisation,
        person_key=person.key,
        since=found.given_at,
        is_member=is_member,
        came_by_idea=found.idea_id is not None,
        told_at=found.told_at,
        booked_at=found.booked_at,
    )


def _where(event_id: int | None, idea_id: int | None) -> ColumnElement[bool]:
    return Interest.event_id == event_id if event_id else Interest.idea_id == idea_id


def _of(topic: Topic) -> ColumnElement[bool]:
    return _where(topic.event_id, topic.idea_id)


def _mine(person_id: int) -> Select[Interest]:
    return (
        select(Interest)
        .where(Interest.person_id == person_id)
        .options(joinedload(Interest.event), joinedload(Interest.idea).joinedload(Idea.event))
    )


def _my_interest(session: DbSession, found: Interest) -> MyInterest:
    site = site_of(session)
    ends_at = found.given_at + timedelta(days=site.interest_keep_days)
    topic = topic_of(found)
    return MyInterest(
        key=found.key,
        topic=topic,
        since_words=day_words(to_local(found.given_at, site.zone).date()),
        until_words=day_words(to_local(ends_at, site.zone).date()),
        told=found.told_at is not None,
        booked=found.booked_at is not None,
        is_idea=topic.idea_id is not None,
    )


def moment_words(moment: datetime | None, zone: str) -> str:
    """21 January 2027, 2pm; empty for None."""
    if moment is None:
        return ""
    return f"{day_words(to_local(moment, zone).date())}, {time_words(moment, zone)}"
