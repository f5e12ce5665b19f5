"""The bookings of an event as coordinators see them: who, which dates, in what state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import selectinload

from netapp.events.models import (
    Attendee,
    Booking,
    BookingEntry,
    Event,
    EventSession,
    Mode,
    Place,
    PlaceState,
    SessionStatus,
)
from netapp.events.plans import pool_key
from netapp.events.queries.booking_rows import BookingRow, read_rows
from netapp.events.queries.place_counts import ModePlaces, by_mode, read_queues
from netapp.kernel.db import DbSession
from netapp.kernel.pages import Page
from netapp.kernel.words import (
    date_words,
    hours_words,
    sentence,
    short_date_words,
    time_words,
    zone_words,
)
from netapp.people.models import Person

PER_PAGE: Final = 25
MOST_EXPORTED: Final = 50_000
STATES: Final = ("live", "confirmed", "offered", "waiting", "cancelled", "all")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which bookings: ``words`` in name, address, organisation, order number or reference;
    ``date`` a key or empty; ``state`` one of ``STATES``."""

    words: str = ""
    date: str = ""
    state: str = "live"


@dataclass(frozen=True, slots=True)
class DateCount:
    """How full one date is."""

    key: str
    title: str
    day_words: str
    hours_words: str
    cancelled: bool
    is_over: bool
    pools: Mapping[str, ModePlaces]  # One for each way to take part, by its name in forms.

    @property
    def ways(self) -> tuple[ModePlaces, ...]:
        return tuple(self.pools.values())

    def way_of(self, mode: Mode) -> ModePlaces:
        """One way to take part; where there is only one, that one."""
        return next((way for way in self.ways if way.mode is mode), self.ways[0])

    @property
    def confirmed(self) -> int:
        return sum(way.places.confirmed for way in self.ways)

    @property
    def kept_back(self) -> int:
        return sum(way.places.kept_back for way in self.ways)

    @property
    def waiting(self) -> int:
        return sum(way.places.waiting for way in self.ways)

    @property
    def room_words(self) -> str:
        """What is left: In person: none free, 2 kept back; online: 23 free."""
        return "; ".join(
            f"{way.mode_words.lower()}: {way.places.room_words}"
            if way.mode_words
            else way.places.room_words
            for way in self.ways
        )


@dataclass(frozen=True, slots=True)
class StoryLine:
    when_words: str
    what: str
    by: str


@dataclass(frozen=True, slots=True)
class BookingStory:
    """One booking with all that happened to it, the newest first."""

    row: BookingRow
    version: int
    story: tuple[StoryLine, ...]
    can_cancel: bool


def date_counts(session: DbSession, event: Event, now: datetime) -> list[DateCount]:
    """``sessions`` with ``pools`` must be loaded. One query."""
    queues = read_queues(session, [event.id])
    return [
        DateCount(
            key=date.key,
            title=date.title or "",
            day_words=date_words(date.starts_at, event.zone),
            hours_words=f"{hours_words(date.starts_at, date.ends_at, event.zone)} "
            f"{zone_words(date.starts_at, event.zone)}",
            cancelled=date.status is SessionStatus.CANCELLED,
            is_over=date.ends_at <= now,
            pools={
                pool_key(date, pool): way
                for pool, way in zip(date.pools, by_mode(date, queues), strict=True)
            },
        )
        for date in event.sessions
    ]


def bookings_page(
    session: DbSession, event: Event, wanted: Wanted, *, number: int
) -> Page[BookingRow]:
    """The newest first. The same number of queries however many there are."""
    conditions = _conditions(event, wanted)
    counted = select(func.count()).select_from(Booking).join(Person, _IS_BOOKER)
    total = session.scalar(counted.where(*conditions)) or 0
    page = _rows(conditions).limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    return Page(read_rows(session, event, page), number, total, PER_PAGE)


def all_bookings(session: DbSession, event: Event, wanted: Wanted) -> list[BookingRow]:
    """For the export."""
    return read_rows(session, event, _rows(_conditions(event, wanted)).limit(MOST_EXPORTED))


def booking_story(
    session: DbSession, event: Event, reference: str, now: datetime
) -> BookingStory | None:
    """One booking of this event by its reference."""
    mine = [Booking.event_id == event.id, Booking.reference == reference.upper()]
    rows = read_rows(session, event, _rows(mine))
    if not rows:
        return None
    row = rows[0]
    version = session.scalar(select(Booking.version).where(Booking.id == row.id)) or 0
    entries = session.scalars(
        select(BookingEntry)
        .where(BookingEntry.booking_id == row.id)
        .order_by(BookingEntry.at.desc(), BookingEntry.id.desc())
    )
    coming = {d.key for d in event.sessions if d.starts_at > now}
    return BookingStory(
        row=row,
        version=version,
        story=tuple(
            StoryLine(moment_words(entry.at, event.zone), sentence(entry.what), _by(entry.by))
            for entry in entries
        ),
        can_cancel=row.live and any(p.date_key in coming for p in row.places),
    )


def confirmed_people(session: DbSession, date: EventSession) -> Sequence[tuple[str, str]]:
    """(name, organisation) of everybody with a place in a date, by name, those without a name
    last. Never what they need."""
    organisation = case(
        (Booking.organisation != "", Booking.organisation), else_=Person.organisation
    )
    rows = session.execute(
        select(Attendee.name, organisation)
        .join(Place, Place.attendee_id == Attendee.id)
        .join(Booking, Booking.id == Place.booking_id)
        .join(Person, _IS_BOOKER)
        .where(Place.session_id == date.id, Place.state == PlaceState.CONFIRMED)
    )
    return sorted(((name, organisation) for name, organisation in rows), key=_by_name)


def moment_words(moment: datetime, zone: str) -> str:
    """Thu 21 Jan 2027, 2pm GMT."""
    clock = f"{time_words(moment, zone)} {zone_words(moment, zone)}"
    return f"{short_date_words(moment, zone)}, {clock}"


_IS_BOOKER = Person.id == Booking.person_id


def _conditions(event: Event, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Booking.event_id == event.id]
    for word in wanted.words.split()[:8]:
        named = exists().where(
            Attendee.booking_id == Booking.id, Attendee.name.icontains(word, autoescape=True)
        )
        columns = (
            Person.name,
            Person.email,
            Person.organisation,
            Booking.reference,
            Booking.organisation,
            Booking.order_number,
        )
        has = [column.icontains(word, autoescape=True) for column in columns]
        conditions.append(or_(named, *has))
    in_date = []
    if wanted.date:
        date = select(EventSession.id).where(
            EventSession.key == wanted.date, EventSession.event_id == event.id
        )
        in_date = [Place.session_id == date.scalar_subquery()]
    if wanted.state in ("confirmed", "offered", "waiting"):
        state = Place.state == PlaceState(wanted.state)
        conditions.append(exists().where(Place.booking_id == Booking.id, state, *in_date))
    elif wanted.state == "cancelled":
        conditions.append(Booking.live.is_(False))
    elif wanted.state == "live":
        conditions.append(Booking.live.is_(True))
    if in_date and wanted.state in ("live", "cancelled", "all"):
        conditions.append(exists().where(Place.booking_id == Booking.id, *in_date))
    return conditions


def _rows(conditions: Sequence[ColumnElement[bool]]) -> Select[Booking, Person]:
    return (
        select(Booking, Person)
        .join(Person, _IS_BOOKER)
        .where(*conditions)
        .options(selectinload(Booking.attendees), selectinload(Booking.places))
        .order_by(Booking.booked_at.desc(), Booking.id.desc())
        .execution_options(populate_existing=True)
    )


def _by(by: str) -> str:
    """A coordinator's name; empty for the booker and for what happens by itself."""
    return "" if by in ("worker", "desk") else by


def _by_name(line: tuple[str, str]) -> tuple[bool, str, str]:
    return not line[0], line[0].casefold(), line[1].casefold()
