"""The row that guards an event: what every write begins with."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from netapp.events.models import Booking, Event, EventSession
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.revisions import raise_revision, raise_revisions

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


def show_in_calendars(session: DbSession, now: datetime) -> None:
    """Something changed that public calendars and lists show."""
    raise_revision(session, "events", now)


def show_to_people(session: DbSession, booking: Booking, now: datetime) -> None:
    """Something changed for everybody on a booking; ``places`` must be loaded."""
    show_to_people_of(session, [booking], now)


def show_to_people_of(session: DbSession, bookings: Collection[Booking], now: datetime) -> None:
    """The same for several bookings."""
    people = {booking.person_id for booking in bookings}
    people |= {
        place.person_id for booking in bookings for place in booking.places if place.person_id
    }
    raise_revisions(session, [f"person:{person_id}" for person_id in people], now)


def show_to_person(session: DbSession, person_id: int, now: datetime) -> None:
    """Something changed that this person's own calendar shows."""
    raise_revision(session, f"person:{person_id}", now)
