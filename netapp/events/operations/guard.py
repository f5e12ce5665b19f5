"""The row that guards an event, and the places of its pools: what every write begins with."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import selectinload

from netapp.events.models import Booking, Event, EventSession, Pool
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.revisions import raise_revision

FRESH = {"populate_existing": True}
UNSYNCED = {"synchronize_session": False}


def lock_event(session: DbSession, event_id: int) -> Event:
    """Lock the event until commit, tell kept pages that they are out of date, and read it.

    Writing first makes the lock portable: PostgreSQL locks the row, SQLite (which ignores
    FOR UPDATE) its one write lock. Anything read before this line would be the past.
    Its ``sessions`` are loaded in order of time, with their pools, and its ``windows``. Raises
    ``NotFound``.
    """
    touch = update(Event).where(Event.id == event_id).values(revision=Event.revision + 1)
    if session.scalar(touch.returning(Event.id), execution_options=UNSYNCED) is None:
        raise NotFound
    with_dates = selectinload(Event.sessions).selectinload(EventSession.pools)
    found = select(Event).where(Event.id == event_id)
    found = found.options(with_dates, selectinload(Event.windows))
    return session.scalars(found, execution_options=FRESH).one()


def lock_booking(session: DbSession, booking_id: int) -> tuple[Event, Booking]:
    """Lock the event of a booking, then read the booking with its places."""
    event_id = session.scalar(select(Booking.event_id).where(Booking.id == booking_id))
    if event_id is None:
        raise NotFound
    event = lock_event(session, event_id)
    booking = session.scalars(
        select(Booking)
        .where(Booking.id == booking_id)
        .options(selectinload(Booking.places), selectinload(Booking.attendees)),
        execution_options=FRESH,
    ).one()
    return event, booking


def take(session: DbSession, pool_id: int) -> bool:
    """Take one place that anybody may have; False if none is free."""
    room = Pool.capacity + Pool.over_booking - Pool.kept_back
    taken = session.scalar(
        update(Pool)
        .where(Pool.id == pool_id, or_(Pool.capacity.is_(None), Pool.taken < room))
        .values(taken=Pool.taken + 1)
        .returning(Pool),
        execution_options=FRESH,
    )
    return taken is not None


def take_kept(session: DbSession, pool_id: int) -> bool:
    """Take one of the places kept back, of which there is then one less; False without any."""
    taken = session.scalar(
        update(Pool)
        .where(
            Pool.id == pool_id,
            Pool.kept_back > 0,
            Pool.taken < Pool.capacity + Pool.over_booking,
        )
        .values(taken=Pool.taken + 1, kept_back=Pool.kept_back - 1)
        .returning(Pool),
        execution_options=FRESH,
    )
    return taken is not None


def take_all(
    session: DbSession,
    pool_ids: Sequence[int],
    *,
    by_hand: bool = False,
    kept_first: bool = False,
) -> bool:
    """A place in every pool or none, in the order of their ids.

    ``by_hand``: where none is free for everybody, one kept back; ``kept_first`` the other way
    round.
    """
    ways: list[Callable[[DbSession, int], bool]] = [take, take_kept] if by_hand else [take]
    if kept_first:
        ways.reverse()
    held: list[tuple[int, bool]] = []
    for pool_id in sorted(pool_ids):
        way = next((way for way in ways if way(session, pool_id)), None)
        if way is None:
            for each, was_kept in held:
                release(session, each, keep_back=was_kept)
            return False
        held.append((pool_id, way is take_kept))
    return True


def release(session: DbSession, pool_id: int, *, keep_back: bool = False) -> None:
    """Give one place back, for everybody; with ``keep_back`` to those kept back."""
    values = {Pool.taken: Pool.taken - 1}
    if keep_back:
        values[Pool.kept_back] = Pool.kept_back + 1
    session.scalar(
        update(Pool).where(Pool.id == pool_id).values(values).returning(Pool),
        execution_options=FRESH,
    )


def show_in_calendars(session: DbSession, now: datetime) -> None:
    """Something changed that public calendars and lists show."""
    raise_revision(session, "events", now)


def show_to_person(session: DbSession, person_id: int, now: datetime) -> None:
    """Something changed that this person's own calendar shows."""
    raise_revision(session, f"person:{person_id}", now)
