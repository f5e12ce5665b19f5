"""The order of the waiting lists: kept by every act, and said by every page that shows it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, selectinload

from netapp.events.models import (
    HELD_STATES,
    BookedAs,
    Booking,
    Event,
    EventSession,
    EventStatus,
    PlaceState,
    SessionStatus,
)
from netapp.events.operations.places import rank_of
from netapp.events.queries.bookings import booking_page
from netapp.events.queries.manage_waiting import WaitingDate, waiting_dates
from tests.events.holds.crowd import Deed
from tests.events.holds.state import State

Entry = tuple[int, int, int]
"""(booking, places, how often it was passed)"""


def overtaken_wrongly(
    session: Session, before: State, after: State, deed: Deed, now: datetime
) -> list[str]:
    """Whoever goes before somebody who waits is counted with them; nobody goes before a single
    person, and nobody before a party that has been passed often enough. A coordinator's hand may
    give a place to whom it likes."""
    if deed.by_hand:
        return []
    found = []
    for pools in _lines(after):
        was = {entry[0]: entry for entry in _line(before, pools)}
        order = [entry[0] for entry in _line(after, pools, also=before)]
        got = _got(before, after, pools)
        ranks = _ranks(session, after, got - set(order), now) if was and got else {}
        for booking_id, number, passed in _line(after, pools):
            if booking_id not in was or was[booking_id][1] != number:
                continue
            ahead = set(order[: order.index(booking_id)])
            mine = [p for p in _waiting(after, pools) if p.booking_id == booking_id]
            stands = min((p.window_rank, p.waiting_since) for p in mine)
            ahead |= {each for each, rank in ranks.items() if (rank, now) < stands}
            overtakers = got - ahead
            counted = passed - was[booking_id][2]
            if counted != len(overtakers):
                found.append(f"{booking_id} was passed by {overtakers}, and counts {counted}")
            if overtakers and number == 1:
                found.append(f"{booking_id} waits for one place, and {overtakers} went before")
            if passed > after.event.pass_limit:
                found.append(f"{booking_id} was passed {passed} times")
    return found


def _lines(state: State) -> Iterable[list[int]]:
    """The pools of which somebody has a place together: of a course those of all dates that are
    booked alike."""
    if state.event.booked_as is BookedAs.BY_SESSION:
        return [[pool_id] for pool_id in state.pools]
    together = defaultdict(list)
    for pool in state.pools.values():
        together[pool.mode].append(pool.id)
    return together.values()


def _line(state: State, pools: Sequence[int], also: State | None = None) -> list[Entry]:
    """Who waits in these pools, in their order; with ``also`` whoever waited then, too, where they
    would stand."""
    rows = _waiting(state, pools)
    if also is not None:
        rows += [
            p
            for p in state.places.values()
            if p.pool_id in pools and p not in rows and _waited(p, also)
        ]
    rows.sort(key=lambda p: (p.window_rank, p.waiting_since, p.id))
    entries = {}
    for booking_id in dict.fromkeys(p.booking_id for p in rows):
        mine = [p for p in rows if p.booking_id == booking_id]
        number = len({p.attendee_id for p in mine})
        entries[booking_id] = (booking_id, number, max(p.passed for p in mine))
    return list(entries.values())


def _waiting(state: State, pools: Sequence[int]) -> list[Row[Any]]:
    return [
        p for p in state.places.values() if p.pool_id in pools and p.state is PlaceState.WAITING
    ]


def _ranks(
    session: Session, state: State, bookings: Iterable[int], now: datetime
) -> dict[int, int]:
    """Where those would stand by the booking windows who have come without waiting."""
    event = session.scalars(
        select(Event)
        .where(Event.id == state.event.id)
        .options(selectinload(Event.windows))
        .execution_options(populate_existing=True)
    ).one()
    found = {each: session.get_one(Booking, each) for each in bookings}
    return {each: rank_of(session, event, booking, now) for each, booking in found.items()}


def _waited(place: Row[Any], then: State) -> bool:
    old = then.places.get(place.id)
    return old is not None and old.state is PlaceState.WAITING and old.pool_id == place.pool_id


def _got(before: State, after: State, pools: Sequence[int]) -> set[int]:
    """The bookings that hold something in these pools now that they did not hold there before. Who
    takes what was offered beside another place held it already."""
    held = {(p.pool_id, p.attendee_id) for p in before.places.values() if p.state in HELD_STATES}
    found = set()
    for place in after.places.values():
        if place.pool_id not in pools or place.state not in HELD_STATES:
            continue
        if (place.pool_id, place.attendee_id) not in held:
            found.add(place.booking_id)
    return found


def shown_wrongly(
    session: Session, state: State, now: datetime, *, to_bookers: bool = True
) -> list[str]:
    """The list on the desk is the line, with a reason for every party that waits while something is
    free; whoever booked reads the same number and the same reason."""
    event = session.scalars(
        select(Event)
        .where(Event.id == state.event.id)
        .options(selectinload(Event.sessions).selectinload(EventSession.pools))
        .execution_options(populate_existing=True)
    ).one()
    shown = waiting_dates(session, event, now)
    pools = [
        pool.id
        for date in event.sessions
        if date.cancelled_at is None and now < date.starts_at
        for pool in date.pools
    ]
    found: list[str] = []
    told: dict[int, set[tuple[str, int, bool]]] = defaultdict(set)
    for pool_id, date in zip(pools, shown, strict=True):
        found += _list_wrongly(state, pool_id, date, now)
        by_reference = {booking.reference: booking.id for booking in state.bookings.values()}
        for line in date.lines:
            key = state.dates[state.pools[pool_id].session_id].key
            if line.position:
                told[by_reference[line.reference]].add((key, line.position, bool(line.because)))
    for booking_id, said in told.items() if to_bookers else ():
        page = booking_page(session, booking_id, now)
        read = {(d.key, d.position, bool(d.waits_because)) for d in page.dates if d.position}
        if read != said:
            found.append(f"booking {booking_id} reads {sorted(read)}, the desk {sorted(said)}")
    return found


def _list_wrongly(state: State, pool_id: int, date: WaitingDate, now: datetime) -> list[str]:
    line = _line(state, [pool_id])
    shown = [each for each in date.lines if each.position]
    found = []
    references = [state.bookings[booking_id].reference for booking_id, _, _ in line]
    if [each.reference for each in shown] != references:
        found.append(f"pool {pool_id} shows {[e.reference for e in shown]}, not {references}")
    if [each.position for each in shown] != list(range(1, len(shown) + 1)):
        found.append(f"pool {pool_id} counts {[each.position for each in shown]}")
    if bool(date.why) != bool(line):
        found.append(f"pool {pool_id} says {date.why!r} to {len(line)} who wait")
    is_out = state.event.status is EventStatus.PUBLISHED
    if is_out and "within a minute" in date.why:  # Every act settles the line by itself.
        found.append(f"pool {pool_id} promises a place: {date.why}")
    free = _free(state, pool_id, now)
    for each, (_, number, passed) in zip(shown, line, strict=False):
        fits = number < 2 or free is None or number <= free
        words = f"Needs {number} places, {free or 'none is'}"
        if fits and each.because:
            found.append(f"{each.reference} is only behind others: {each.because!r}")
        if not fits and not each.because.startswith(words):
            found.append(f"{each.reference} waits for {number} of {free}: {each.because!r}")
        if not fits and f"before it {passed} of" not in each.because:
            found.append(f"{each.reference} was passed {passed} times: {each.because!r}")
    return found


def _free(state: State, pool_id: int, now: datetime) -> int | None:
    """What may be offered here; of a course in all of its dates to come at once."""
    mode = state.pools[pool_id].mode
    whole = state.event.booked_as is BookedAs.WHOLE
    coming = {
        date.id
        for date in state.dates.values()
        if date.status is SessionStatus.SCHEDULED and now < date.starts_at
    }
    pools = [p for p in state.pools.values() if p.mode is mode and p.session_id in coming]
    free = [
        max(0, p.capacity + p.over_booking - p.kept_back - p.taken)
        for p in (pools if whole else [state.pools[pool_id]])
        if p.capacity is not None
    ]
    return min(free) if free else None
