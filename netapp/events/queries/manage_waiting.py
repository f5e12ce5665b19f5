"""The waiting list as coordinators see it: in order, and why nobody is being offered a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from netapp.events.models import (
    Attendee,
    BookedAs,
    Booking,
    Event,
    EventStatus,
    Place,
    PlaceState,
    Pool,
)
from netapp.events.plans import pool_key
from netapp.events.policies import is_coming
from netapp.events.queries.dates import MODE_WORDS
from netapp.events.queries.manage_bookings import moment_words
from netapp.kernel.db import DbSession
from netapp.kernel.words import count_words, date_words, hours_words


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """``position`` counts from 1 those who wait; 0 is somebody with a place on offer."""

    position: int
    name: str
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
    why: str
    lines: tuple[WaitingLine, ...]


def waiting_dates(session: DbSession, event: Event, now: datetime) -> list[WaitingDate]:
    """Each date to come and each way to take part in it, with those who are on offer or wait, in
    their order. One query;
    ``sessions`` with ``pools`` must be loaded."""
    rows = session.execute(
        select(Place, Attendee.name, Booking.reference)
        .join(Attendee, Attendee.id == Place.attendee_id)
        .join(Booking, Booking.id == Place.booking_id)
        .where(
            Booking.event_id == event.id,
            Place.state.in_([PlaceState.OFFERED, PlaceState.WAITING]),
        )
        .order_by(Place.offered_at, Place.window_rank, Place.waiting_since, Place.id)
    ).all()
    found = []
    coming = [each for each in event.sessions if is_coming(each, now)]
    for date, pool in [(each, pool) for each in coming for pool in each.pools]:
        here = [row for row in rows if row[0].pool_id == pool.id]
        offered = [row for row in here if row[0].state is PlaceState.OFFERED]
        waiting = sorted(
            (row for row in here if row[0].state is PlaceState.WAITING),
            key=lambda row: (row[0].window_rank, row[0].waiting_since, row[0].id),
        )
        numbered = [(0, row) for row in offered] + list(enumerate(waiting, start=1))
        found.append(
            WaitingDate(
                key=pool_key(date, pool),
                mode_words=MODE_WORDS[pool.mode] if len(date.pools) > 1 else "",
                day_words=date_words(date.starts_at, event.zone),
                hours_words=hours_words(date.starts_at, date.ends_at, event.zone),
                why=_why(event, pool, [row[0] for row in offered], len(waiting), now),
                lines=tuple(
                    _line(event, number, place, name, reference)
                    for number, (place, name, reference) in numbered
                ),
            )
        )
    return found


def _line(event: Event, number: int, place: Place, name: str, reference: str) -> WaitingLine:
    def words(moment: datetime | None) -> str:
        return moment_words(moment, event.zone) if moment else ""

    return WaitingLine(
        position=number,
        name=name,
        reference=reference,
        since_words=words(place.waiting_since),
        offered_words=words(place.offered_at),
        until_words=words(place.offer_ends_at),
    )


def _why(event: Event, pool: Pool, offered: Sequence[Place], waiting: int, now: datetime) -> str:
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
    if pool.capacity is not None and pool.free == 0:
        room = pool.capacity + pool.over_booking
        words.append(f"No place is free: {pool.taken} of {room} are taken.")
        if pool.kept_back:
            words.append(f"{count_words(pool.kept_back, 'place is', 'places are')} kept back.")
    if offered:
        ends = min((p.offer_ends_at for p in offered if p.offer_ends_at), default=None)
        pending = count_words(len(offered), "place is", "places are")
        until = f", the first until {moment_words(ends, event.zone)}" if ends else ""
        words.append(f"{pending} on offer{until}.")
    return " ".join(words) or "A place is free and goes to the next person within a minute."
