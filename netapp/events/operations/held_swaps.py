"""What becomes of the waits that stand beside a confirmed place.

Under the lock of ``guard.lock_event``. Asking for one is ``swap_waits``.
"""

from datetime import datetime

from sqlalchemy import select

from netapp.events.models import Booking, EndReason, Event, Place, PlaceState
from netapp.events.operations.pools import release
from netapp.events.queries.swap_waits import kept_beside, swap_waits_in
from netapp.kernel.db import DbSession


def end_without_place(session: DbSession, event: Event, now: datetime) -> None:
    """A wait ends with the place beside it: given back, moved, handed on or swapped already.
    Whoever did that was told so; nobody hears of the wait by itself."""
    if not any(len(date.pools) > 1 for date in event.sessions):
        return
    session.flush()
    waits = swap_waits_in(session, event.id)
    if not waits:
        return
    there = Place.booking_id.in_({wait.booking_id for wait in waits})
    beside = session.scalars(
        select(Place).where(there, Place.for_swap.is_(False), Place.state == PlaceState.CONFIRMED)
    ).all()
    for wait in waits:
        if kept_beside(beside, wait) is None:
            end_wait(session, wait, PlaceState.LAPSED, EndReason.MOVED, now)
            session.get_one(Booking, wait.booking_id).version += 1
    session.flush()


def end_wait(
    session: DbSession, wait: Place, state: PlaceState, reason: EndReason, now: datetime
) -> None:
    if wait.state is PlaceState.OFFERED:
        release(session, wait.pool_id)
    wait.state, wait.end_reason, wait.ended_at = state, reason, now


def swap_into(session: DbSession, kept: Place, wait: Place, now: datetime) -> None:
    """Take what is held for ``wait``: the confirmed place goes there, and its own is free. The
    place is taken in its new pool already."""
    release(session, kept.pool_id)
    kept.pool_id, kept.mode, kept.confirmed_at = wait.pool_id, wait.mode, now
    wait.state, wait.end_reason, wait.ended_at = PlaceState.CANCELLED, EndReason.MOVED, now
