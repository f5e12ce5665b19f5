"""The row that guards an event: what every write begins with."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Executable, Update, bindparam, select, update
from sqlalchemy.orm import selectinload

from netapp.events.models import Booking, Event, EventSession
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.revisions import raise_revision, raise_revisions

FRESH = {"populate_existing": True}
UNSYNCED = {"synchronize_session": False}


def _locking(touch: Update) -> Executable:
    """Built once: every booking begins with one of these."""
    written = touch.returning(Event).execution_options(**UNSYNCED)
    with_dates = selectinload(Event.sessions).joinedload(EventSession.pools)
    event = select(Event).from_statement(written).options(with_dates, selectinload(Event.windows))
    return event.execution_options(**FRESH)


_this = update(Event).where(Event.id == bindparam("event_id"))
_raised = {Event.revision: Event.revision + 1}
_PLACES = _locking(_this.values(_raised))
_EVENT = _locking(_this.values({**_raised, Event.page_revision: Event.page_revision + 1}))


def lock_event(session: DbSession, event_id: int) -> Event:
    """Lock the event until commit, tell kept pages that they are out of date, and read it.

    Writing first makes the lock portable: PostgreSQL locks the row, SQLite (which ignores
    FOR UPDATE) its one write lock. Anything read before this line would be the past.
    Its ``sessions`` are loaded in order of time, with their pools, and its ``windows``. Raises
    ``NotFound``.
    """
    return _locked(session, _EVENT, event_id)


def lock_places(session: DbSession, event_id: int) -> Event:
    """As ``lock_event``, for who gives places or takes them back, and writes nothing else that the
    event's page says."""
    return _locked(session, _PLACES, event_id)


def _locked(session: DbSession, locking: Executable, event_id: int) -> Event:
    event: Event | None = session.scalars(locking, {"event_id": event_id}).one_or_none()
    if event is None:
        raise NotFound
    return event


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
