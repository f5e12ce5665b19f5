"""Invented bookings: places held and waited for, and pools that count them rightly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from random import Random

from netapp.demo.operations.bulk import Row, insert_rows, reserve_ids
from netapp.demo.operations.load_events import LoadedDate, LoadedEvent
from netapp.demo.operations.load_people import Somebody, new_sample_key
from netapp.demo.sizes import Size
from netapp.events.models import (
    Attendee,
    BookedAs,
    Booking,
    BookingEntry,
    BookingSource,
    EndReason,
    Place,
    PlaceState,
    Pool,
)
from netapp.kernel.db import DbSession

CAPACITIES = (12, 20, 24, 40, 80, 250)
CANCEL_SHARE = 0.08
BY_HAND_SHARE = 0.1
WAITING_EACH = 12  # People who wait for one full date, about.


@dataclass(frozen=True, slots=True)
class LoadedBooking:
    id: int
    reference: str
    event: LoadedEvent
    person: Somebody
    dates: tuple[LoadedDate, ...]
    state: PlaceState
    booked_at: datetime


@dataclass(slots=True)
class Plan:
    """Who books one event: so many for sure, and so many who find its first date full."""

    event: LoadedEvent
    booked: int = 0
    waiting: int = 0


def load_bookings(
    session: DbSession,
    *,
    size: Size,
    events: Sequence[LoadedEvent],
    members: Sequence[Somebody],
    chance: Random,
    now: datetime,
) -> list[LoadedBooking]:
    plans = _plans(size, events, len(members), chance, now)
    ids = reserve_ids(session, Booking, size.bookings)
    bookings = [booking for plan in plans for booking in _bookings(plan, members, ids, chance, now)]
    pool_of = _insert_pools(session, plans, bookings, chance)
    insert_rows(session, Booking, (_booking(booking) for booking in bookings))
    attendee_ids = reserve_ids(session, Attendee, len(bookings))
    attendee_of = {booking.id: next(attendee_ids) for booking in bookings}
    insert_rows(
        session,
        Attendee,
        (
            {
                "id": attendee_of[b.id],
                "booking_id": b.id,
                "person_id": b.person.id,
                "name": b.person.name,
            }
            for b in bookings
        ),
    )
    insert_rows(session, Place, _places(bookings, pool_of, attendee_of))
    insert_rows(session, BookingEntry, _story(bookings))
    return bookings


def _plans(
    size: Size, events: Sequence[LoadedEvent], members: int, chance: Random, now: datetime
) -> list[Plan]:
    """Share the bookings out; those who wait go to coming events that are booked by the date."""
    plans = [Plan(event) for event in events]
    coming = [
        plan
        for plan in plans
        if plan.event.starts_at > now and plan.event.plan.booked_as is BookedAs.BY_SESSION
    ]
    full = coming[: max(1, ceil(size.waiting / WAITING_EACH))]
    for number in range(size.waiting):
        full[number % len(full)].waiting += 1
    for plan in full:
        plan.booked = 1  # A date that is full has somebody in it.
    weights = [chance.triangular(0.2, 4, 1) for _ in plans]
    left = size.bookings - size.waiting - len(full)
    while left:
        for plan in chance.choices(plans, weights, k=left):
            if plan.booked + plan.waiting < members:
                plan.booked += 1
                left -= 1
    return plans


def _bookings(
    plan: Plan, members: Sequence[Somebody], ids: Iterator[int], chance: Random, now: datetime
) -> Iterator[LoadedBooking]:
    event, full = plan.event, plan.waiting > 0
    people = chance.sample(members, plan.booked + plan.waiting)
    times = sorted(_booked_at(event, chance, now) for _ in people)
    for number, (person, booked_at) in enumerate(zip(people, times, strict=True)):
        waits = number >= plan.booked
        cancelled = not full and chance.random() < CANCEL_SHARE
        yield LoadedBooking(
            id=next(ids),
            reference=_reference(chance),
            event=event,
            person=person,
            dates=event.dates[:1] if waits else _dates(event, full, chance),
            state=(
                PlaceState.WAITING
                if waits
                else PlaceState.CANCELLED
                if cancelled
                else PlaceState.CONFIRMED
            ),
            booked_at=booked_at,
        )


def _dates(event: LoadedEvent, full: bool, chance: Random) -> tuple[LoadedDate, ...]:
    """All of a course; else some, of a full event always the first, which is the full one."""
    if event.plan.booked_as is BookedAs.WHOLE or len(event.dates) == 1:
        return event.dates
    chosen = [date for date in event.dates if chance.random() < 0.6]
    if full or not chosen:
        chosen = [event.dates[0], *(date for date in chosen if date is not event.dates[0])]
    return tuple(chosen)


def _booked_at(event: LoadedEvent, chance: Random, now: datetime) -> datetime:
    """Many in the first hour and week, many in the last ten days, the rest evenly between."""
    opens, closes = event.published_at, min(now, event.starts_at)
    draw, within = chance.random(), chance.random()
    if draw < 0.1:
        moment = opens + within * timedelta(hours=1)
    elif draw < 0.5:
        moment = opens + within * timedelta(days=7)
    elif draw < 0.85:
        moment = closes - within * timedelta(days=10)
    else:
        moment = opens + within * (closes - opens)
    return min(max(moment, opens), closes).replace(microsecond=0)


def _reference(chance: Random) -> str:
    letters = new_sample_key(chance, 10).upper()
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def _insert_pools(
    session: DbSession, plans: Sequence[Plan], bookings: Sequence[LoadedBooking], chance: Random
) -> dict[int, int]:
    """One pool a date, as large as it has to be; returns the pool of each date by id."""
    taken: dict[int, int] = {date.id: 0 for plan in plans for date in plan.event.dates}
    for booking in bookings:
        if booking.state is PlaceState.CONFIRMED:
            for date in booking.dates:
                taken[date.id] += 1
    ids = reserve_ids(session, Pool, len(taken))
    pool_of = {date_id: next(ids) for date_id in taken}
    rows: list[Row] = []
    for plan in plans:
        most = max(taken[date.id] for date in plan.event.dates)
        usual = chance.choice([size for size in CAPACITIES if size >= most] or [most])
        for date in plan.event.dates:
            is_full = plan.waiting and date is plan.event.dates[0]
            rows.append(
                {
                    "id": pool_of[date.id],
                    "session_id": date.id,
                    "mode": plan.event.plan.mode.modes[0],
                    "capacity": taken[date.id] if is_full else usual,
                    "taken": taken[date.id],
                }
            )
    insert_rows(session, Pool, rows)
    return pool_of


def _booking(booking: LoadedBooking) -> Row:
    by_hand = booking.id % round(1 / BY_HAND_SHARE) == 0
    over = booking.state is PlaceState.CANCELLED
    return {
        "id": booking.id,
        "reference": booking.reference,
        "event_id": booking.event.id,
        "person_id": booking.person.id,
        "source": BookingSource.COORDINATOR if by_hand else BookingSource.MEMBER,
        "name": booking.person.name,
        "live": not over,
        "booked_at": booking.booked_at,
        "ended_at": booking.booked_at if over else None,
    }


def _places(
    bookings: Sequence[LoadedBooking], pool_of: dict[int, int], attendee_of: dict[int, int]
) -> Iterator[Row]:
    for booking in bookings:
        at = booking.booked_at
        cancelled = booking.state is PlaceState.CANCELLED
        waits = booking.state is PlaceState.WAITING
        for date in booking.dates:
            yield {
                "booking_id": booking.id,
                "attendee_id": attendee_of[booking.id],
                "person_id": booking.person.id,
                "session_id": date.id,
                "pool_id": pool_of[date.id],
                "mode": booking.event.plan.mode.modes[0],
                "state": booking.state,
                "created_at": at,
                "waiting_since": at if waits else None,
                "confirmed_at": None if waits else at,
                "ended_at": at if cancelled else None,
                "end_reason": EndReason.BY_PERSON if cancelled else None,
            }


def _story(bookings: Sequence[LoadedBooking]) -> Iterator[Row]:
    for booking in bookings:
        yield {"booking_id": booking.id, "at": booking.booked_at, "what": "Booked.", "by": ""}
        if booking.state is PlaceState.CANCELLED:
            what = "Cancelled by the booker."
            yield {"booking_id": booking.id, "at": booking.booked_at, "what": what, "by": ""}
