"""What is always true of an event, whatever was done to it and by how many at once."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from netapp.events.models import (
    LIVE_STATES,
    BookedAs,
    Booking,
    Event,
    EventSession,
    Mode,
    Place,
    PlaceState,
    Pool,
    SentInvitation,
)
from netapp.events.operations.due import pools_that_differ
from netapp.events.policies import is_coming
from netapp.people.models import Person


def broken(session: Session, event_id: int, now: datetime) -> list[str]:
    """What does not hold, in words; empty when all is well. For when nobody else is at it."""
    session.flush()
    event = session.scalars(
        select(Event)
        .where(Event.id == event_id)
        .options(selectinload(Event.sessions).selectinload(EventSession.pools))
        .execution_options(populate_existing=True)
    ).one()
    bookings = session.scalars(
        select(Booking)
        .where(Booking.event_id == event_id)
        .options(selectinload(Booking.places), selectinload(Booking.attendees))
        .execution_options(populate_existing=True)
    ).all()
    places = [place for booking in bookings for place in booking.places]
    return [
        *_of_pools(session, event),
        *_of_bookings(event, bookings),
        *_of_lines(event, places, now),
        *_of_invitations(session, event, places),
    ]


def _of_pools(session: Session, event: Event) -> list[str]:
    found = [
        f"pool {pool.id} counts {pool.taken}, holds {n}" for pool, n in pools_that_differ(session)
    ]
    for date in event.sessions:
        for pool in date.pools:
            if pool.capacity is not None and pool.taken > pool.capacity + pool.over_booking:
                found.append(f"pool {pool.id} is oversold")
    return found


def _of_bookings(event: Event, bookings: Sequence[Booking]) -> list[str]:
    found = []
    live = Counter(booking.person_id for booking in bookings if booking.live)
    found += [f"person {person} has {n} live bookings" for person, n in live.items() if n > 1]
    for booking in bookings:
        states = {place.state for place in booking.places}
        if booking.live != bool(states & set(LIVE_STATES)):
            found.append(f"booking {booking.id} is live={booking.live} with {states}")
        names = {attendee.id: attendee.person_id for attendee in booking.attendees}
        groups: dict[object, set[PlaceState]] = defaultdict(set)
        for place in booking.places:
            if place.state not in LIVE_STATES:
                continue
            if names[place.attendee_id] != place.person_id:
                found.append(f"place {place.id} and its attendee are different people")
            together = None if event.booked_as is BookedAs.WHOLE else place.session_id
            groups[together].add(place.state)
        found += [
            f"booking {booking.id} has {states} where all are together"
            for states in groups.values()
            if len(states) > 1
        ]
    return found


def _of_lines(event: Event, places: list[Place], now: datetime) -> list[str]:
    """Nobody waits who should have been offered a place, by the rule that the pages tell."""
    coming = [date for date in event.sessions if is_coming(date, now)]
    if event.booked_as is BookedAs.WHOLE:
        groups = [[date.pool_of(mode) for date in coming] for mode in Mode]
    else:
        groups = [[pool] for date in coming for pool in date.pools]
    found = []
    for pools in groups:
        free = _free(pools)
        waiting = [p for p in places if p.pool_id == pools[0].id and p.state is PlaceState.WAITING]
        waiting.sort(key=lambda place: (place.window_rank, place.waiting_since, place.id))
        sizes = Counter(place.booking_id for place in waiting)
        for booking_id in dict.fromkeys(place.booking_id for place in waiting):
            passed = max(place.passed for place in waiting if place.booking_id == booking_id)
            if passed > event.pass_limit:
                found.append(f"booking {booking_id} was passed {passed} times")
            if free is None or sizes[booking_id] <= free:
                found.append(f"booking {booking_id} waits for {sizes[booking_id]}, {free} are free")
                break
            if passed >= event.pass_limit:
                break
    return found


def _free(pools: list[Pool]) -> int | None:
    free = [pool.free for pool in pools if pool.free is not None]
    return min(free) if free else None


def _of_invitations(session: Session, event: Event, places: list[Place]) -> list[str]:
    """In somebody's calendar by invitation is what they have a confirmed place in."""
    held = {
        (p.session_id, p.person_id)
        for p in places
        if p.state is PlaceState.CONFIRMED and p.person_id
    }
    ids = [date.id for date in event.sessions]
    sent = session.scalars(select(SentInvitation).where(SentInvitation.session_id.in_(ids)))
    standing = {(each.session_id, each.person_id) for each in sent if each.standing}
    wanted = {
        pair
        for pair in held
        if session.scalar(select(Person.invitations).where(Person.id == pair[1]))
    }
    found = [f"no invitation stands for date {d}, person {p}" for d, p in sorted(wanted - standing)]
    return found + [
        f"an invitation stands for date {d}, person {p}" for d, p in sorted(standing - held)
    ]


def double_places(session: Session) -> list[tuple[int, int]]:
    """(session, person) with more than one live place."""
    rows = session.execute(
        select(Place.session_id, Place.person_id)
        .where(Place.state.in_(LIVE_STATES), Place.person_id.is_not(None))
        .group_by(Place.session_id, Place.person_id)
        .having(func.count() > 1)
    )
    return [(session_id, person_id) for session_id, person_id in rows if person_id is not None]
