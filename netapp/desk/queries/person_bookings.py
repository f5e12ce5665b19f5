"""What one person has booked, or others for them, for the page about them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, or_, select

from netapp.events.models import Booking, Event, EventSession, Place
from netapp.kernel.db import DbSession

MOST: Final = 50
"""The newest; older ones are found by the search of the desk."""


@dataclass(frozen=True, slots=True)
class PersonBooking:
    """``first_date`` is the first moment of what was booked, in the event's ``zone``."""

    reference: str
    event_key: str
    title: str
    zone: str
    is_live: bool
    dates: int
    first_date: datetime


def person_bookings(session: DbSession, person_id: int) -> list[PersonBooking]:
    """The newest bookings first. One query."""
    first = func.min(EventSession.starts_at)
    rows = session.execute(
        select(
            Booking.reference,
            Event.key,
            Event.title,
            Event.zone,
            Booking.live,
            func.count(Place.session_id.distinct()),
            first,
        )
        .join(Event, Event.id == Booking.event_id)
        .join(Place, Place.booking_id == Booking.id)
        .join(EventSession, EventSession.id == Place.session_id)
        .where(or_(Booking.person_id == person_id, Place.person_id == person_id))
        .group_by(Booking.id, Event.id)
        .order_by(Booking.id.desc())
        .limit(MOST)
    )
    return [PersonBooking(*row) for row in rows]
