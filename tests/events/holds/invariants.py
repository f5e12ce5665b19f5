"""What is always true of an event, whatever was done to it and by how many at once."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from netapp.audit.models import AuditLine
from netapp.events.models import (
    LIVE_STATES,
    Answer,
    BookedAs,
    EventStatus,
    Mode,
    Place,
    PlaceState,
    SessionStatus,
)
from netapp.events.operations.due import pools_that_differ
from tests.events.holds.crowd import REASON
from tests.events.holds.state import State, lives


def broken(session: Session, state: State, now: datetime) -> list[str]:
    """What does not hold, in words; empty when all is well. For when nobody else is at it."""
    return [
        *_of_pools(session, state),
        *_of_bookings(state),
        *_of_lines(state, now),
        *_of_what_is_off(state, now),
        *_of_invitations(state),
        *_of_interest(state),
        *_of_answers(session, state),
        *_of_needs(state),
    ]


def _of_pools(session: Session, state: State) -> Iterable[str]:
    for pool, held in pools_that_differ(session):
        yield f"pool {pool.id} counts {pool.taken}, holds {held}"
    for each in state.pools.values():
        if each.capacity is not None and each.taken > each.capacity + each.over_booking:
            yield f"pool {each.id} is oversold"
    over = sum(each.over_booking for each in state.pools.values())
    stated = select(func.count()).where(
        AuditLine.action == "date.places",
        AuditLine.subject == f"event:{state.event.key}",
        AuditLine.summary.contains("over-booked by"),
        AuditLine.reason == REASON,
    )
    if over and not session.scalar(stated):
        yield "places above the capacity without a reason in the log"


def _of_bookings(state: State) -> Iterable[str]:
    live = Counter(booking.person_id for booking in state.bookings.values() if booking.live)
    yield from (f"person {person} has {n} live bookings" for person, n in live.items() if n > 1)
    for booking in state.bookings.values():
        places = state.of_booking(booking.id)
        states = {place.state for place in places}
        if booking.live != bool(states & set(LIVE_STATES)):
            yield f"booking {booking.id} is live={booking.live} with {states}"
        groups: dict[object, set[PlaceState]] = defaultdict(set)
        for wait in (place for place in places if place.for_swap):
            yield from _of_swap(wait, places)
        for place in (p for p in places if lives(p) and not p.for_swap):
            if place.person_id not in (None, state.attendees[place.attendee_id].person_id):
                yield f"place {place.id} and its attendee are different people"
            whole = state.event.booked_as is BookedAs.WHOLE
            groups[None if whole else place.session_id].add(place.state)
        for alike in groups.values():
            if len(alike) > 1:
                yield f"booking {booking.id} has {alike} where all are together"


def _of_swap(wait: Row[Any], places: Iterable[Row[Any]]) -> Iterable[str]:
    """Beside it stands the place that would move, of the same person, confirmed and of another
    kind; itself it is never confirmed."""
    if wait.state is PlaceState.CONFIRMED:
        yield f"wait {wait.id} for a swap is confirmed"
    beside = [
        p
        for p in places
        if not p.for_swap
        and p.state is PlaceState.CONFIRMED
        and (p.session_id, p.attendee_id) == (wait.session_id, wait.attendee_id)
        and p.person_id == wait.person_id
        and p.mode is not wait.mode
    ]
    if lives(wait) and not beside:
        yield f"wait {wait.id} for a swap has no place beside it"


def _of_lines(state: State, now: datetime) -> Iterable[str]:
    """Nobody waits who should have been offered a place, by the rule that the pages tell."""
    for pools in _rooms_waited_for(state, now):
        free = _free(pools)
        there = {pool.id for pool in pools[:1]}
        waiting = [
            p for p in state.places.values()
            if p.pool_id in there and p.state is PlaceState.WAITING
        ]  # fmt: skip
        waiting.sort(key=lambda place: (place.window_rank, place.waiting_since, place.id))
        sizes = Counter(place.booking_id for place in waiting)
        for booking_id in dict.fromkeys(place.booking_id for place in waiting):
            passed = max(place.passed for place in waiting if place.booking_id == booking_id)
            if free is None or sizes[booking_id] <= free:
                yield f"booking {booking_id} waits for {sizes[booking_id]}, {free} are free"
                break
            if passed >= state.event.pass_limit:
                break


def _rooms_waited_for(state: State, now: datetime) -> list[list[Row[Any]]]:
    """The pools that are offered together; none of a course that has begun."""
    scheduled = [d for d in state.dates.values() if d.status is SessionStatus.SCHEDULED]
    coming = [date for date in scheduled if now < date.starts_at]
    pools = [[p for p in state.pools.values() if p.session_id == date.id] for date in coming]
    if state.event.status is not EventStatus.PUBLISHED:
        return []
    if state.event.booked_as is BookedAs.BY_SESSION:
        return [[pool] for date in pools for pool in date]
    if not coming or len(coming) < len(scheduled):
        return []
    return [[pool for date in pools for pool in date if pool.mode is mode] for mode in Mode]


def _of_what_is_off(state: State, now: datetime) -> Iterable[str]:
    """Nobody has a live place in what is cancelled, or waits for what has begun."""
    for place in filter(lives, state.places.values()):
        date = state.dates[place.session_id]
        if date.status is SessionStatus.CANCELLED:
            yield f"place {place.id} is live in a date that is cancelled"
        if date.starts_at <= now and place.state is not PlaceState.CONFIRMED:
            yield f"place {place.id} is {place.state} in a date that has begun"
    if state.event.status is EventStatus.CANCELLED:
        dates = state.dates.values()
        if any(d.ends_at > now and d.status is SessionStatus.SCHEDULED for d in dates):
            yield "a date of a cancelled event is still on"


def _free(pools: list[Row[Any]]) -> int | None:
    free = [
        max(0, p.capacity + p.over_booking - p.kept_back - p.taken)
        for p in pools
        if p.capacity is not None
    ]
    return min(free) if free else None


def _of_invitations(state: State) -> Iterable[str]:
    """In somebody's calendar by invitation is what they have a confirmed place in."""
    held = set(state.held())
    wanted = {pair for pair in held if state.people[pair[1]].invitations}
    for date, person in sorted(wanted - state.invited):
        yield f"no invitation stands for date {date}, person {person}"
    for date, person in sorted(state.invited - held):
        yield f"an invitation stands for date {date}, person {person}"


def _of_interest(state: State) -> Iterable[str]:
    """Whoever has booked is no longer told that they could."""
    bookers = {booking.person_id for booking in state.bookings.values() if booking.live}
    for each in state.interests.values():
        if each.person_id in bookers and each.booked_at is None:
            yield f"interest {each.id} waits, though they have booked"


def _of_answers(session: Session, state: State) -> Iterable[str]:
    """An answer is that of whoever has the place now, or of the booker for them."""
    rows = session.execute(
        select(Answer.id, Answer.attendee_id, Answer.person_id).where(
            Answer.attendee_id.in_(list(state.attendees))
        )
    )
    for answer_id, attendee_id, person_id in rows:
        attendee = state.attendees[attendee_id]
        booker = state.bookings[attendee.booking_id].person_id
        if person_id not in (None, attendee.person_id, booker):
            yield f"answer {answer_id} is that of person {person_id}, who is not there any more"


def _of_needs(state: State) -> Iterable[str]:
    """Only whoever is on a booking tells anything with it."""
    for row in [*state.needs.values(), *state.requests.values()]:
        people = {
            a.person_id for a in state.attendees.values() if a.booking_id == row.booking_id
        } | {state.bookings[row.booking_id].person_id}
        if row.person_id not in people:
            yield f"person {row.person_id} is not on booking {row.booking_id}, whose need it is"


def double_places(session: Session) -> list[tuple[int, int]]:
    """(session, person) with more than one live place."""
    rows = session.execute(
        select(Place.session_id, Place.person_id)
        .where(
            Place.state.in_(LIVE_STATES), Place.person_id.is_not(None), Place.for_swap.is_(False)
        )
        .group_by(Place.session_id, Place.person_id)
        .having(func.count() > 1)
    )
    return [(session_id, person_id) for session_id, person_id in rows if person_id is not None]
