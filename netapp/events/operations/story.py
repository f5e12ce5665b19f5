"""The story of a booking, and when it is over."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert

from netapp.events.models import LIVE_STATES, Booking, BookingEntry
from netapp.kernel.db import DbSession
from netapp.kernel.words import sentence


def note_all(
    session: DbSession, booking_ids: Iterable[int], what: str, now: datetime, by: str = ""
) -> None:
    """The same sentence for each of these, in one statement."""
    entry = {"at": now, "what": sentence(what[:299]), "by": by[:120]}
    rows = [{"booking_id": booking_id, **entry} for booking_id in sorted(booking_ids)]
    if rows:
        session.execute(insert(BookingEntry), rows)


def note(session: DbSession, booking: Booking, what: str, now: datetime, by: str = "") -> None:
    """Add one sentence; ``by`` is empty for the booker."""
    words = sentence(what[:299])
    session.add(BookingEntry(booking_id=booking.id, at=now, what=words, by=by[:120]))


def close_if_over(session: DbSession, booking: Booking, now: datetime) -> None:
    """A booking without a live place is over; ``places`` must be loaded."""
    if booking.live and not any(place.state in LIVE_STATES for place in booking.places):
        booking.live, booking.ended_at = False, now
    session.flush()
