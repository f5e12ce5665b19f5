"""The dates of an event as pages show them, and whether they can be booked at a moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import joinedload, selectinload

from netapp.events.errors import BookingClosed, BookingNotOpen, EventCancelled, NotBookable
from netapp.events.models import (
    BookedAs,
    Event,
    EventSession,
    Mode,
    Place,
    PlaceState,
    Pool,
    SessionStatus,
)
from netapp.events.policies import asking_ends, is_coming, why_not_bookable
from netapp.events.queries.calendar import location_words, segment_words
from netapp.events.queries.wording import (
    Span,
    by_mode_words,
    free_words,
    session_hours_words,
    start_words,
)
from netapp.kernel.db import DbSession
from netapp.kernel.words import date_words, short_date_words, zone_words

MODE_WORDS: Final = {Mode.IN_PERSON: "In person", Mode.ONLINE: "Online"}

BookingState = Literal[
    "open", "waiting", "full", "not_open", "closed", "past", "cancelled", "record", "draft"
]
"""What anybody is told: ``waiting`` is full with a waiting list, ``full`` without one."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a newcomer finds: ``free`` None is without limit, ``waits`` that others wait already."""

    free: int | None
    waits: bool


@dataclass(frozen=True, slots=True)
class ModeLine:
    """One way to take part in a date: in_person, In person, 4, 4 places left."""

    mode: str
    words: str
    free: int | None
    places_words: str
    waits: bool


@dataclass(frozen=True, slots=True)
class DateLine:
    """One date of an event in words, the same for everybody."""

    key: str
    title: str  # Empty: the event's own.
    starts_at: datetime
    ends_at: datetime
    day_words: str  # Thursday 21 January 2027
    short_words: str  # Thu 21 Jan
    start_words: str  # Thursday 21 January, 2pm
    hours_words: str  # 2pm to 5:30pm
    zone_words: str  # GMT
    place: str
    segments: tuple[str, ...]
    note: str
    cancelled: bool
    cancel_reason: str
    is_over: bool
    is_bookable: bool  # Scheduled and not begun.
    free: int | None  # Places; None without limit.
    waits: bool  # No place for a newcomer.
    places_words: str  # Full in person, 23 places left online
    by_mode: tuple[ModeLine, ...]  # Only where there is a choice.


def load_events(session: DbSession, event_ids: Sequence[int]) -> list[Event]:
    """The events with their windows, their dates in order of time and the segments of these: two
    queries."""
    found = select(Event).where(Event.id.in_(event_ids))
    with_dates = joinedload(Event.sessions).joinedload(EventSession.segments)
    found = found.options(with_dates, selectinload(Event.windows))
    return list(session.scalars(found).unique())


Rooms = dict[int, dict[Mode, Room]]
"""What room there is, by the id of the session and by the way to take part in it."""


def load_rooms(session: DbSession, event_ids: Sequence[int]) -> Rooms:
    """One query."""
    rooms: Rooms = {}
    for pool, somebody_waits in session.execute(_POOLS, {"events": list(event_ids)}):
        rooms.setdefault(pool.session_id, {})[pool.mode] = Room(pool.free, bool(somebody_waits))
    return rooms


_POOLS = (
    select(Pool, exists().where(Place.pool_id == Pool.id, Place.state == PlaceState.WAITING))
    .join(Pool.session)
    .where(EventSession.event_id.in_(bindparam("events", expanding=True)))
    .order_by(Pool.id)
)


def room_of(rooms: Rooms, date: EventSession) -> Room | None:
    """All ways to take part in a date together: full when each of them is."""
    found = rooms.get(date.id)
    if not found:
        return None
    open_ones = [room for room in found.values() if not is_full(room)]
    if not open_ones:
        return Room(0, waits=any(room.waits for room in found.values()))
    free = [room.free for room in open_ones if room.free is not None]
    return Room(sum(free) if len(free) == len(open_ones) else None, waits=False)


def shown_dates(event: Event) -> list[EventSession]:
    """The dates that will be or were; all of them where every one was cancelled."""
    scheduled = [date for date in event.sessions if date.status is SessionStatus.SCHEDULED]
    return scheduled or list(event.sessions)


def spans_of(dates: Iterable[EventSession]) -> list[Span]:
    return [Span(date.starts_at, date.ends_at) for date in dates]


def date_lines(event: Event, rooms: Rooms, now: datetime) -> tuple[DateLine, ...]:
    """All dates of an event, cancelled ones too; ``sessions`` and ``segments`` are loaded."""
    full = {date.id for date in event.sessions if is_full(room_of(rooms, date))}
    coming = {date.id for date in event.sessions if is_coming(date, now)}
    if event.booked_as is BookedAs.WHOLE and full & coming:
        full |= coming
    return tuple(
        _line(event, date, rooms, waits=date.id in full, now=now) for date in event.sessions
    )


def is_full(room: Room | None) -> bool:
    return room is not None and (room.free == 0 or room.waits)


def _line(
    event: Event, date: EventSession, rooms: Rooms, *, waits: bool, now: datetime
) -> DateLine:
    coming, room = is_coming(date, now), room_of(rooms, date)
    free = room.free if room else None
    by_mode = _mode_lines(event, rooms.get(date.id, {})) if coming else ()
    left = free_words(free, waits=waits, waiting_list=event.has_waiting_list)
    if by_mode and not waits:
        left = by_mode_words([(line.words.lower(), line.free, line.waits) for line in by_mode])
    return DateLine(
        key=date.key,
        title=date.title or "",
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        day_words=date_words(date.starts_at, event.zone),
        short_words=short_date_words(date.starts_at, event.zone).rsplit(" ", 1)[0],
        start_words=start_words(date.starts_at, event.zone),
        hours_words=session_hours_words(Span(date.starts_at, date.ends_at), event.zone),
        zone_words=zone_words(date.starts_at, event.zone),
        place=location_words(event, date),
        segments=tuple(segment_words(event, date)),
        note=date.note or "",
        cancelled=date.status is SessionStatus.CANCELLED,
        cancel_reason=date.cancel_reason,
        is_over=date.ends_at <= now,
        is_bookable=coming,
        free=free,
        waits=waits,
        places_words=left if coming else "",
        by_mode=by_mode,
    )


def _mode_lines(event: Event, rooms: dict[Mode, Room]) -> tuple[ModeLine, ...]:
    if len(rooms) < 2:
        return ()
    return tuple(
        ModeLine(
            mode=mode.value,
            words=MODE_WORDS[mode],
            free=rooms[mode].free,
            places_words=free_words(
                rooms[mode].free, waits=is_full(rooms[mode]), waiting_list=event.has_waiting_list
            ),
            waits=is_full(rooms[mode]),
        )
        for mode in Mode
        if mode in rooms
    )


def booking_state(
    event: Event, lines: Sequence[DateLine], now: datetime, *, opened: bool = False
) -> BookingState:
    """Whether anybody may book now, by the same rules as the operation; ``opened``: for whom
    booking has opened before everyone."""
    if event.is_record:
        return "record"
    refusal = why_not_bookable(event, now)
    if refusal is EventCancelled:
        return "cancelled"
    if refusal is NotBookable:
        return "draft"
    scheduled = [line for line in lines if not line.cancelled] or list(lines)
    if all(line.is_over for line in scheduled):
        return "past"
    if refusal is BookingNotOpen and not opened:
        return "not_open"
    coming = [line for line in lines if line.is_bookable]
    begun = any(line.starts_at <= now for line in lines if not line.cancelled)
    if refusal is BookingClosed or not coming or (event.booked_as is BookedAs.WHOLE and begun):
        return "closed"
    if not all(line.waits for line in coming):
        return "open"
    return "waiting" if event.has_waiting_list else "full"


def next_change(event: Event, now: datetime) -> datetime | None:
    """When what a page says changes by time alone."""
    moments = [event.booking_opens_at, event.booking_closes_at]
    moments += [window.opens_at for window in event.windows]
    for date in event.sessions:
        moments += [date.starts_at, date.ends_at, asking_ends(event, date)]
    return min((moment for moment in moments if moment and moment > now), default=None)
