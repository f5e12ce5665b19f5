"""Who holds or waits for a place, by name: for effects and for the desk."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value

from netapp.events.models import (
    LIVE_STATES,
    Attendee,
    Booking,
    Event,
    EventSession,
    Place,
    PlaceState,
)
from netapp.kernel.db import DbSession, portions

FRESH = {"populate_existing": True}
_COLUMNS = (
    *(Place.booking_id, Place.session_id, Attendee.name, Place.state, Place.pool_id),
    *(Place.passed, Booking.name, Booking.is_party, Booking.organisation),
)


@dataclass(frozen=True, slots=True)
class LivePlace:
    booking_id: int
    session_id: int
    name: str
    state: PlaceState
    pool_id: int
    passed: int
    party: str = ""  # Example School, booked by Ana Bell; empty for one person.


def live_places(session: DbSession, date_ids: Collection[int]) -> list[Place]:
    """Everybody who holds or waits for a place in these dates, in the order they came; with their
    bookings, as a letter needs them."""
    there = Place.session_id.in_(date_ids), Place.state.in_(LIVE_STATES)
    booking_ids = session.scalars(select(Place.booking_id).where(*there).distinct()).all()
    bookings = bookings_with_places(session, booking_ids)
    places = [place for booking in bookings.values() for place in booking.places]
    live = [p for p in places if p.session_id in date_ids and p.state in LIVE_STATES]
    return sorted(live, key=lambda place: place.id)


def bookings_with_places(session: DbSession, ids: Iterable[int]) -> dict[int, Booking]:
    """As the database has them now, by their ids; each place with its booking."""
    found: dict[int, Booking] = {}
    for some in portions(sorted(ids)):
        bookings = session.scalars(
            select(Booking)
            .where(Booking.id.in_(some))
            .options(selectinload(Booking.places), selectinload(Booking.attendees)),
            execution_options=FRESH,
        )
        found |= {booking.id: booking for booking in bookings}
    for booking in found.values():
        for place in booking.places:
            set_committed_value(place, "booking", booking)
    return found


def confirmed_of(places: Iterable[Place]) -> frozenset[int]:
    """The ids of those that are confirmed: what ends for somebody if the places end."""
    return frozenset(place.id for place in places if place.state is PlaceState.CONFIRMED)


def by_booking(places: Iterable[Place]) -> dict[int, list[Place]]:
    """The places of each booking, in the order they came."""
    found: dict[int, list[Place]] = {}
    for place in places:
        found.setdefault(place.booking_id, []).append(place)
    return found


def live_places_of(session: DbSession, session_ids: Sequence[int]) -> list[LivePlace]:
    """Everybody who holds or waits for a place in these dates, in the order they came."""
    rows = session.execute(
        select(*_COLUMNS)
        .join(Attendee, Attendee.id == Place.attendee_id)
        .join(Booking, Booking.id == Place.booking_id)
        .where(
            Place.session_id.in_(session_ids),
            Place.state.in_(LIVE_STATES),
            Place.for_swap.is_(False),
        )
        .order_by(Place.id)
    )
    return [_live_place(*row) for row in rows]


def queue_of(session: DbSession, session_ids: Sequence[int]) -> list[LivePlace]:
    rows = session.execute(
        select(*_COLUMNS)
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
    is_party: bool,
    organisation: str,
) -> LivePlace:
    shown = name or f"Not named yet, booked by {booker}"
    party = ""
    if is_party:
        party = f"{organisation or 'A party'}, booked by {booker}"
    return LivePlace(booking_id, session_id, shown, state, pool_id, passed, party)


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
