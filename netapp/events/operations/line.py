"""Who is next on a waiting list, and who may go before a party that does not fit.

The order is (window_rank, waiting_since, id). What one booking waits for in the same pools is one
entry: a party gets all its places at once or none. While too few are free for a party, smaller
ones behind it may go first, but no more often than the event's ``pass_limit``; then places are
left free until the party fits. Under the lock of ``guard.lock_event``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import selectinload

from netapp.events.models import Event, Place, PlaceState
from netapp.events.operations.guard import FRESH, UNSYNCED
from netapp.events.operations.pools import free_together
from netapp.kernel.db import DbSession

Turn: TypeAlias = tuple[int, datetime]
"""What decides who is before whom: (window_rank, since when)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one booking waits for: ``number`` places in each of some pools."""

    booking_id: int
    number: int
    passed: int
    turn: Turn


def next_in_line(session: DbSession, event: Event, pool_ids: Sequence[int]) -> Sequence[Place]:
    """The places of the entry that is to be offered what is free in these pools, with their
    booking; empty if nobody waits or nobody may go first. Counts who was passed."""
    free = free_together(session, pool_ids)
    first = _first(session, pool_ids)
    if first is None or free == 0:
        return []
    if free is None or first.number <= free:
        return _places_of(session, first, pool_ids)
    passed: list[int] = []
    for entry in _entries(session, pool_ids):
        if entry.number <= free:
            _count_passed(session, passed, pool_ids)
            return _places_of(session, entry, pool_ids)
        if entry.passed >= event.pass_limit:
            return []
        passed.append(entry.booking_id)
    return []


def may_go_first(
    session: DbSession,
    event: Event,
    pool_ids: Sequence[int],
    number: int,
    *,
    turn: Turn,
    count: bool = True,
) -> bool:
    """Whether somebody new may take so many places at once, though others wait: all who are before
    them by their ``turn`` wait for more than is free, and none was passed too often. With ``count``
    they are passed now."""
    free = free_together(session, pool_ids)
    if free is not None and number > free:
        return False
    if _first(session, pool_ids) is None:
        return True
    if free is None:
        return False
    entries = [entry for entry in _entries(session, pool_ids) if entry.turn <= turn]
    if any(entry.number <= free or entry.passed >= event.pass_limit for entry in entries):
        return False
    if count:
        _count_passed(session, [entry.booking_id for entry in entries], pool_ids)
    return True


def _first(session: DbSession, pool_ids: Sequence[int]) -> Entry | None:
    """The head of the line, without looking at all who wait."""
    head = session.execute(_HEAD, {"pool_ids": list(pool_ids)}).one_or_none()
    if head is None:
        return None
    booking_id, pool_id, passed, rank, since = head
    assert since is not None
    number = session.scalar(_NUMBER_OF_HEAD, {"booking_id": booking_id, "pool_id": pool_id}) or 0
    return Entry(booking_id, int(number), passed, (rank, since))


_HEAD = (
    select(Place.booking_id, Place.pool_id, Place.passed, Place.window_rank, Place.waiting_since)
    .where(
        Place.pool_id.in_(bindparam("pool_ids", expanding=True)),
        Place.state == PlaceState.WAITING,
    )
    .order_by(Place.window_rank, Place.waiting_since, Place.id)
    .limit(1)
)
_NUMBER_OF_HEAD = (
    select(func.count())
    .select_from(Place)
    .where(
        Place.booking_id == bindparam("booking_id"),
        Place.pool_id == bindparam("pool_id"),
        Place.state == PlaceState.WAITING,
    )
)


def _entries(session: DbSession, pool_ids: Sequence[int]) -> list[Entry]:
    """Who waits, in order. Several pools: a course, of which every date is waited for alike."""
    rows = session.execute(
        select(
            Place.booking_id,
            func.count(),
            func.max(Place.passed),
            func.min(Place.window_rank),
            func.min(Place.waiting_since),
        )
        .where(Place.pool_id == min(pool_ids), Place.state == PlaceState.WAITING)
        .group_by(Place.booking_id)
        .order_by(func.min(Place.window_rank), func.min(Place.waiting_since), func.min(Place.id))
    )
    return [
        Entry(booking_id, int(number), int(passed), (int(rank), since))
        for booking_id, number, passed, rank, since in rows
        if since is not None
    ]


def _places_of(session: DbSession, entry: Entry, pool_ids: Sequence[int]) -> Sequence[Place]:
    theirs = (
        select(Place)
        .where(Place.booking_id == entry.booking_id, Place.pool_id.in_(pool_ids))
        .where(Place.state == PlaceState.WAITING)
        .order_by(Place.id)
        .options(selectinload(Place.booking))
    )
    return session.scalars(theirs, execution_options=FRESH).all()


def _count_passed(session: DbSession, booking_ids: Sequence[int], pool_ids: Sequence[int]) -> None:
    if booking_ids:
        session.execute(
            update(Place)
            .where(
                Place.booking_id.in_(booking_ids),
                Place.pool_id.in_(pool_ids),
                Place.state == PlaceState.WAITING,
            )
            .values(passed=Place.passed + 1),
            execution_options=UNSYNCED,
        )
