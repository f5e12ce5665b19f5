"""Who holds or waits for a place, by name: for effects and for the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from netapp.events.models import (
    LIVE_STATES,
    Attendee,
    Booking,
    Event,
    EventSession,
    Place,
    PlaceState,
)
from netapp.kernel.db import DbSession


@dataclass(frozen=True, slots=True)
class LivePlace:
    booking_id: int
    session_id: int
    name: str
    state: PlaceState
    pool_id: int
    passed: int


def live_places_of(session: DbSession, session_ids: Sequence[int]) -> list[LivePlace]:
    """Everybody who holds or waits for a place in these dates, in the order they came."""
    rows = session.execute(
        select(
            Place.booking_id,
            Place.session_id,
            Attendee.name,
            Place.state,
            Place.pool_id,
            Place.passed,
            Booking.name,
        )
        .join(Attendee, Attendee.id == Place.attendee_id)
        .join(Booking, Booking.id == Place.booking_id)
        .where(Place.session_id.in_(session_ids), Place.state.in_(LIVE_STATES))
        .order_by(Place.id)
    )
    return [_live_place(*row) for row in rows]


def queue_of(session: DbSession, session_ids: Sequence[int]) -> list[LivePlace]:
    rows = session.execute(
        select(
            Place.booking_id,
            Place.session_id,
            Attendee.name,
            Place.state,
            Place.pool_id,
            Place.passed,
            Booking.name,
        )
        .join(Attendee, Attendee.id == Place.attendee_id)
        .join(Booking, Booking.id == Place.booking_id)
        .where(Place.session_id.in_(session_ids), Place.state == PlaceState.WAITING)
        .order_by(Place.window_rank, Place.waiting_since, Place.id)
    )
    return [_live_place(*row) for row in rows]


def _live_place(
    booking_id: int,
    session_id: int,
    name: str,
    state: PlaceState,
    pool_id: int,
    passed: int,
    booker: str,
) -> LivePlace:
    shown = name or f"Not named yet, booked by {booker}"
    return LivePlace(booking_id, session_id, shown, state, pool_id, passed)


def bookings_with_other_dates(
    session: DbSession, event: Event, date: EventSession, now: datetime
) -> set[int]:
    """Bookings that keep a place, held or waited for, in another date still to come."""
    rows = session.scalars(
        select(Place.booking_id)
        .join(Booking, Booking.id == Place.booking_id)
        .join(EventSession, EventSession.id == Place.session_id)
        .where(
            Booking.event_id == event.id,
            Place.session_id != date.id,
            Place.state.in_(LIVE_STATES),
            EventSession.starts_at > now,
        )
    )
    return set(rows)
