"""What may be done with an event, a date or a place at a moment."""

from datetime import datetime, timedelta

from netapp.events.errors import (
    BookingClosed,
    BookingNotOpen,
    BookingRefused,
    EventCancelled,
    NotBookable,
)
from netapp.events.models import (
    LIVE_STATES,
    Event,
    EventSession,
    EventStatus,
    Place,
    PlaceState,
    SessionStatus,
)

JOINING_OPENS = timedelta(hours=48)
"""How long before its start the joining link of a session is shown to those confirmed: never later
than the reminder of the day before, which leads to it."""


def why_not_bookable(event: Event, now: datetime) -> type[BookingRefused] | None:
    """Why nobody may book this event now; None if it is open (a date may still be past or full)."""
    if event.status is EventStatus.CANCELLED:
        return EventCancelled
    if event.status is not EventStatus.PUBLISHED or event.is_record:
        return NotBookable
    if event.booking_opens_at and now < event.booking_opens_at:
        return BookingNotOpen
    if event.booking_closes_at and now >= event.booking_closes_at:
        return BookingClosed
    return None


def is_coming(session: EventSession, now: datetime) -> bool:
    """Scheduled and not begun: it may be booked, waited for and offered."""
    return session.status is SessionStatus.SCHEDULED and now < session.starts_at


def can_change(event: Event, session: EventSession, now: datetime) -> bool:
    """Whether people may still change or cancel this date by themselves."""
    until = session.starts_at - timedelta(hours=event.change_until_hours)
    return session.status is SessionStatus.SCHEDULED and now < until


def can_join(session: EventSession, place: Place, now: datetime) -> bool:
    """Whether the joining link may be shown to whoever holds this place."""
    opens = session.starts_at - JOINING_OPENS
    return (
        place.state is PlaceState.CONFIRMED
        and session.status is SessionStatus.SCHEDULED
        and opens <= now < session.ends_at
    )


def is_live(place: Place) -> bool:
    return place.state in LIVE_STATES
