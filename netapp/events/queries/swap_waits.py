"""Waits for a place in the other way to take part, beside the confirmed place that is kept."""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import select

from netapp.events.models import LIVE_STATES, Booking, Mode, Place, PlaceState
from netapp.kernel.db import DbSession

FRESH: Final = {"populate_existing": True}
OTHER: Final = {Mode.IN_PERSON: Mode.ONLINE, Mode.ONLINE: Mode.IN_PERSON}
KEPT_WORDS: Final = {Mode.IN_PERSON: "in person", Mode.ONLINE: "online"}


def swap_waits_of(session: DbSession, booking_id: int) -> Sequence[Place]:
    """What one booking waits for, or is offered, beside what it holds."""
    mine = Place.booking_id == booking_id, Place.for_swap, Place.state.in_(LIVE_STATES)
    return session.scalars(
        select(Place).where(*mine).order_by(Place.id), execution_options=FRESH
    ).all()


def swap_waits_in(session: DbSession, event_id: int) -> Sequence[Place]:
    """The same of all bookings of an event."""
    waits = Place.for_swap, Place.state.in_(LIVE_STATES), Booking.event_id == event_id
    return session.scalars(
        select(Place).join(Place.booking).where(*waits).order_by(Place.id),
        execution_options=FRESH,
    ).all()


def kept_beside(places: Collection[Place], wait: Place) -> Place | None:
    """Of these places the confirmed one that ``wait`` would move; None where it is gone, goes to
    somebody else now, or is of the same kind already."""
    return next(
        (
            place
            for place in places
            if place.state is PlaceState.CONFIRMED
            and (place.session_id, place.attendee_id) == (wait.session_id, wait.attendee_id)
            and place.person_id == wait.person_id
            and place.mode is not wait.mode
        ),
        None,
    )


def kept_words(places: Collection[Place]) -> str:
    """What those of these places that are for a swap leave as it is: online; else empty."""
    return next((KEPT_WORDS[OTHER[place.mode]] for place in places if place.for_swap), "")
