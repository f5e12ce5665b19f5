"""The waiting list as coordinators see it: in order, and why nobody is being offered a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, select

from netapp.events.models import (
    Attendee,
    BookedAs,
    Booking,
    Event,
    EventSession,
    EventStatus,
    Place,
    PlaceState,
    Pool,
)
from netapp.events.plans import pool_key
from netapp.events.policies import is_coming
from netapp.events.queries.dates import MODE_WORDS
from netapp.events.queries.manage_bookings import moment_words
from netapp.events.queries.place_counts import Places, places_of, read_queues
from netapp.events.queries.swap_waits import kept_words
from netapp.events.queries.waiting_list import next_that_fits, why_waits
from netapp.kernel.db import DbSession
from netapp.kernel.words import count_words, date_words, hours_words


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """``position`` counts from 1 those who wait; 0 is somebody with a place on offer."""

    position: int
    name: str
    party_words: str  # 5 places, Example School; of who waits to swap: has a place online.
    because: str  # Why a party waits though something is free.
    reference: str
    since_words: str
    offered_words: str
    until_words: str


@dataclass(frozen=True, slots=True)
class WaitingDate:
    key: str
    day_words: str
    mode_words: str  # Only where there is a choice.
    hours_words: str
    places_words: str
    kept_back: int  # That can be given by hand.
    why_title: str
    why: str  # Empty where nobody waits.
    lines: tuple[WaitingLine, ...]


def waiting_dates(session: DbSession, event: Event, now: datetime) -> list[WaitingDate]:
    """Each date to come and each way to take part in it, with those who are on offer or wait, in
    their order. Two queries; ``sessions`` with ``pools`` must be loaded."""
    rows = session.execute(
        select(Place, Attendee.name, Booking)
        .join(Attendee, Attendee.id == Place.attendee_id)
        .join(Booking, Booking.id == Place.booking_id)
        .where(
            Booking.event_id == event.id,
            Place.state.in_([PlaceState.OFFERED, PlaceState.WAITING]),
        )
        .order_by(Place.offered_at, Place.window_rank, Place.waiting_since, Place.id)
    ).all()
    queues = read_queues(session, [event.id])
    found = []
    coming = [each for each in event.sessions if is_coming(each, now)]
    for date, pool in [(each, pool) for each in coming for pool in each.pools]:
        here = [row for row in rows if row[0].pool_id == pool.id]
        offered = [row for row in here if row[0].state is PlaceState.OFFERED]
        waiting = sorted(
            (row for row in here if row[0].state is PlaceState.WAITING),
            key=lambda row: (row[0].window_rank, row[0].waiting_since, row[0].id),
        )
        held, line = _entries(event, offered), _entries(event, waiting)
        free, places = _free(event, pool, coming), places_of([pool], queues)
        found.append(
            WaitingDate(
                key=pool_key(date, pool),
                mode_words=MODE_WORDS[pool.mode] if len(date.pools) > 1 else "",
                day_words=date_words(date.starts_at, event.zone),
                hours_words=hours_words(date.starts_at, date.ends_at, event.zone),
                places_words=places.words,
                kept_back=places.kept_back,
                why_title=_why_title(event, offered, line, free),
                why=_why(event, pool, places, [row[0] for row in offered], line, free, now),
                lines=(
                    *(_line(event, 0, entry, None) for entry in held),
                    *(_line(event, n, entry, free) for n, entry in enumerate(line, start=1)),
                ),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one booking waits for in a pool: a party is one entry."""

    place: Place  # The first of its places.
    number: int
    passed: int
    name: str
    booking: Booking


def _entries(event: Event, rows: Sequence[Row[Place, str, Booking]]) -> list[_Entry]:
    """In the order of their first places."""
    theirs: dict[int, list[Row[Place, str, Booking]]] = {}
    for row in rows:
        theirs.setdefault(row[2].id, []).append(row)
    return [
        _Entry(
            place=first[0],
            number=len(found),
            passed=max(row[0].passed for row in found),
            name=first[2].name if first[2].is_party else first[1],
            booking=first[2],
        )
        for found in theirs.values()
        for first in found[:1]
    ]


def _free(event: Event, pool: Pool, coming: Sequence[EventSession]) -> int | None:
    """Places that may be offered here; of a course in all of its dates at once."""
    whole = event.booked_as is BookedAs.WHOLE
    pools = [date.pool_of(pool.mode) for date in coming] if whole else [pool]
    found = [each.free for each in pools if each.free is not None]
    return min(found) if found else None


def _line(event: Event, number: int, entry: _Entry, free: int | None) -> WaitingLine:
    def words(moment: datetime | None) -> str:
        return moment_words(moment, event.zone) if moment else ""

    place, booking = entry.place, entry.booking
    party = [count_words(entry.number, "place"), booking.organisation] if booking.is_party else []
    if place.for_swap:
        party.append(f"has {'places' if entry.number > 1 else 'a place'} {kept_words([place])}")
    waits = number and free is not None
    return WaitingLine(
        position=number,
        name=entry.name,
        party_words=", ".join(each for each in party if each),
        because=why_waits(entry.number, free, entry.passed, event.pass_limit)
        if waits and free is not None
        else "",
        reference=booking.reference,
        since_words=words(place.waiting_since),
        offered_words=words(place.offered_at),
        until_words=words(place.offer_ends_at),
    )


def _why_title(
    event: Event,
    offered: Sequence[object],
    waiting: Sequence["_Entry"],
    free: int | None,
) -> str:
    """The question that the words of ``_why`` answer."""
    line = [(entry.number, entry.passed) for entry in waiting]
    goes = free and next_that_fits(line, free, event.pass_limit) is not None
    if goes and event.status is EventStatus.PUBLISHED:
        return "Who is offered the next place"
    return f"Why nobody {'else ' if offered else ''}is being offered a place"


def _why(
    event: Event,
    pool: Pool,
    places: Places,
    offered: Sequence[Place],
    waiting: Sequence[_Entry],
    free: int | None,
    now: datetime,
) -> str:
    """Why who waits is not being offered a place at this moment, in one or two sentences."""
    if not waiting:
        return ""
    if event.status is not EventStatus.PUBLISHED:
        return "Nobody is offered a place, because the event is not published."
    if event.booked_as is BookedAs.WHOLE:
        begun = [d for d in event.sessions if d.cancelled_at is None and not is_coming(d, now)]
        if begun:
            return "The course has begun, so nobody is offered a place any more."
        full = [d for d in event.sessions if is_coming(d, now) and d.pool_of(pool.mode).free == 0]
        if full:
            days = count_words(len(full), "date is", "dates are")
            return f"A place is offered when every date has one: {days} full."
    words = []
    if places.is_full:
        words.append(f"No place is free: {places.held_words}.")
    ends = min((place.offer_ends_at for place in offered if place.offer_ends_at), default=None)
    if ends:
        until = moment_words(ends, event.zone)
        first = "The offer is" if len(offered) == 1 else "The first offer is"
        words.append(f"{first} held until {until}; if it is not taken, the next person gets it.")
    if free:
        words.append(_why_not_now(event, waiting, free))
    return " ".join(words) or "A place is free and goes to the next person within a minute."


def _why_not_now(event: Event, waiting: Sequence[_Entry], free: int) -> str:
    """Something is free: who gets it, or why nobody does."""
    line = [(entry.number, entry.passed) for entry in waiting]
    there = count_words(free, "place is", "places are")
    found = next_that_fits(line, free, event.pass_limit)
    if found is not None:
        return f"{there} free and offered to number {found + 1} within a minute."
    blocks = next((entry for entry in waiting if entry.passed >= event.pass_limit), waiting[0])
    often = blocks.passed >= event.pass_limit and len(waiting) > 1
    kept = ", and smaller parties went before it often enough" if often else ""
    return f"{there} free, but {blocks.name} needs {blocks.number}{kept}."
