"""The dates of a booking: what its owner holds, waits for, had, and could add."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from netapp.events.models import (
    LIVE_STATES,
    Attendee,
    BookedAs,
    Booking,
    Event,
    EventSession,
    EventStatus,
    Mode,
    Place,
    PlaceState,
    SessionStatus,
)
from netapp.events.policies import (
    can_change,
    can_give_back,
    can_join,
    is_coming,
    is_live,
    joining_opens,
)
from netapp.events.queries.calendar import location_words, segment_words
from netapp.events.queries.dates import MODE_WORDS, Room, Rooms, is_full, load_rooms, room_of
from netapp.events.queries.endings import Ending, ending_of
from netapp.events.queries.swap_waits import swap_waits_of
from netapp.events.queries.waiting_list import positions, why_waits
from netapp.events.queries.wording import Span, free_words, session_hours_words
from netapp.kernel.db import DbSession
from netapp.kernel.words import date_words, moment_words, zone_words

State = Literal["confirmed", "offered", "waiting", "ended", "free"]


@dataclass(frozen=True, slots=True)
class Swap:
    """The other way to take part in a date: online, Online.

    ``no_way_back``: what they have now is full, so that whoever gives it up cannot have it again.
    ``waits``: they stand in line for the other, or it is on offer to them.
    """

    mode: str
    words: str
    is_full: bool
    no_way_back: bool = False
    may_wait: bool = False
    waits: bool = False
    offer_ends: str = ""  # Thursday 14 January 2027, 3pm GMT


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One date of a booking, or (``free``) of its event."""

    key: str
    title: str
    starts_at: datetime
    day_words: str
    hours_words: str
    zone_words: str
    place: str
    mode_words: str  # In person; only where there is a choice.
    swap: Swap | None
    segments: tuple[str, ...]
    state: State
    position: int  # On the waiting list, from 1; else 0.
    number: int  # Places held or waited for.
    waits_because: str  # Why a party waits though something is free; else empty.
    offer_ends: str  # Thursday 14 January 2027, 3pm GMT
    ending: Ending | None  # What became of it, once it ended.
    can_add: bool  # Not held now, and may be chosen.
    room_words: str  # For a date that could be added.
    no_room: bool  # Who adds it waits.
    can_change: bool  # Add it, or give back what is held or waited for.
    is_over: bool
    is_cancelled: bool
    join_link: str  # Only while it may be used.
    join_opens: str  # When it will be shown; empty where there is none.

    @property
    def is_live(self) -> bool:
        return self.state in {"confirmed", "offered", "waiting"}


def place_lines(
    session: DbSession, booking: Booking, now: datetime, *, attendee: Attendee | None = None
) -> tuple[PlaceLine, ...]:
    """In order of time; only what is one person's own with ``attendee``.
    ``event.sessions.segments`` and ``places`` are loaded."""
    event = booking.event
    places: dict[int, list[Place]] = {}
    for place in booking.places:
        if attendee is None or (place.attendee_id == attendee.id and place.person_id):
            places.setdefault(place.session_id, []).append(place)
    rooms = load_rooms(session, [event.id])
    hybrid = any(len(by_mode) > 1 for by_mode in rooms.values())
    waits: dict[int, list[Place]] = {}
    for wait in swap_waits_of(session, booking.id) if hybrid and attendee is None else ():
        waits.setdefault(wait.session_id, []).append(wait)
    here = [p for each in (*places.values(), *waits.values()) for p in each]
    waiting = [p.id for p in here if p.state is PlaceState.WAITING]
    numbers = positions(session, waiting) if waiting else {}
    lines = [
        _line(
            booking,
            date,
            places.get(date.id, []),
            waits.get(date.id, []),
            numbers,
            rooms,
            now,
            attendee,
        )
        for date in event.sessions
        if date.id in places or (attendee is None and _may_choose(booking, date, now))
    ]
    return tuple(lines)


def _stands_for(booking: Booking, places: Sequence[Place]) -> Place | None:
    """Of the places in one date the one that says how it stands with all: a live one before those
    that ended, the booker's own before those of others, and the last."""
    if not places:
        return None
    return max(places, key=lambda p: (is_live(p), p.person_id == booking.person_id, p.id))


def _waits_because(
    booking: Booking, date: EventSession, live: Sequence[Place], rooms: Rooms, now: datetime
) -> str:
    """For a party; a course waits for all of its dates at once."""
    event = booking.event
    waiting = [place for place in live if place.state is PlaceState.WAITING]
    if len(waiting) < 2:
        return ""
    whole = event.booked_as is BookedAs.WHOLE
    dates = [d for d in event.sessions if is_coming(d, now)] if whole else [date]
    found = [rooms.get(each.id, {}).get(waiting[0].mode) for each in dates]
    free = [room.free for room in found if room and room.free is not None]
    if not free:
        return ""
    passed = max(place.passed for place in waiting)
    return why_waits(len(waiting), min(free), passed, event.pass_limit, you=True)


def _may_choose(booking: Booking, date: EventSession, now: datetime) -> bool:
    event = booking.event
    is_open = event.booking_closes_at is None or now < event.booking_closes_at
    return (
        booking.live
        and is_open
        and event.booked_as is BookedAs.BY_SESSION
        and event.status is EventStatus.PUBLISHED
        and is_coming(date, now)
        and can_change(event, date, now)
    )


def _line(
    booking: Booking,
    date: EventSession,
    places: Sequence[Place],
    waits: Sequence[Place],
    numbers: dict[int, int],
    rooms: Rooms,
    now: datetime,
    attendee: Attendee | None,
) -> PlaceLine:
    event, place = booking.event, _stands_for(booking, places)
    live = [each for each in places if is_live(each)]
    theirs = places if attendee else [p for p in places if p.person_id in (None, booking.person_id)]
    joinable = bool(date.join_link) and any(can_join(event, date, each, now) for each in theirs)
    held = place is not None and place.state in LIVE_STATES
    ends_at = place.offer_ends_at if place else None
    room = room_of(rooms, date) or Room(None, waits=False)
    return PlaceLine(
        key=date.key,
        title=date.title or "",
        starts_at=date.starts_at,
        day_words=date_words(date.starts_at, event.zone),
        hours_words=session_hours_words(Span(date.starts_at, date.ends_at), event.zone),
        zone_words=zone_words(date.starts_at, event.zone),
        place=location_words(event, date, place.mode if held and place else None),
        mode_words=MODE_WORDS[place.mode] if place and len(rooms.get(date.id, {})) > 1 else "",
        swap=_swap(event, date, place, waits, rooms, now),
        segments=tuple(segment_words(event, date)),
        state=_state(place),
        position=min((numbers[p.id] for p in (*live, *waits) if p.id in numbers), default=0),
        number=len(live),
        waits_because=_waits_because(booking, date, (*live, *waits), rooms, now),
        offer_ends=moment_words(ends_at, event.zone) if ends_at else "",
        ending=ending_of(place, date.cancel_reason) if place else None,
        can_add=not held and _may_choose(booking, date, now),
        room_words=free_words(room.free, waits=is_full(room), waiting_list=event.has_waiting_list),
        no_room=is_full(room),
        can_change=_may_change_all(event, date, live, now),
        is_over=date.ends_at <= now,
        is_cancelled=date.status is SessionStatus.CANCELLED,
        join_link=joining_address(date) if joinable else "",
        join_opens=next((words for p in theirs if (words := _join_opens(event, date, p, now))), ""),
    )


def _swap(
    event: Event,
    date: EventSession,
    place: Place | None,
    waits: Sequence[Place],
    rooms: Rooms,
    now: datetime,
) -> Swap | None:
    """The other way to take part, where there is one and it may still be changed; or what they wait
    for, which they may always leave."""
    if place is None or place.state not in (PlaceState.CONFIRMED, PlaceState.WAITING):
        return None
    may_change = is_coming(date, now) and can_change(event, date, now)
    if not (may_change or waits):
        return None
    others = [mode for mode in rooms.get(date.id, {}) if mode is not place.mode]
    if not others:
        return None
    confirmed, other = place.state is PlaceState.CONFIRMED, rooms[date.id][others[0]]
    own = rooms[date.id].get(place.mode)
    ends_at = waits[0].offer_ends_at if waits else None
    return Swap(
        others[0].value,
        MODE_WORDS[others[0]],
        is_full=is_full(other),
        no_way_back=confirmed and own is not None and is_full(own),
        may_wait=may_change and confirmed and event.has_waiting_list and not waits,
        waits=bool(waits),
        offer_ends=moment_words(ends_at, event.zone) if ends_at else "",
    )


def _may_change_all(event: Event, date: EventSession, live: Sequence[Place], now: datetime) -> bool:
    if not live:
        return _may_change(event, date, None, now)
    return all(_may_change(event, date, place, now) for place in live)


def _may_change(event: Event, date: EventSession, place: Place | None, now: datetime) -> bool:
    if place is None or place.state not in LIVE_STATES:
        return can_change(event, date, now)
    return can_give_back(event, date, place, now)


def joining_address(date: EventSession) -> str:
    """Where to join online; only an address of the web is ever made a link."""
    link = date.join_link or ""
    return link if link.startswith(("https://", "http://")) else ""


def _state(place: Place | None) -> State:
    if place is None:
        return "free"
    live: dict[PlaceState, State] = {
        PlaceState.CONFIRMED: "confirmed",
        PlaceState.OFFERED: "offered",
        PlaceState.WAITING: "waiting",
    }
    return live.get(place.state, "ended")


def _join_opens(event: Event, date: EventSession, place: Place | None, now: datetime) -> str:
    """Empty for whoever comes in person."""
    opens_at = joining_opens(event, date)
    joins = place is not None and place.state is PlaceState.CONFIRMED and place.mode is Mode.ONLINE
    if not (joins and date.join_link and now < opens_at):
        return ""
    return moment_words(opens_at, event.zone)
