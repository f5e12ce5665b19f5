"""What the person behind a booking wishes, beside the dates."""

from datetime import datetime

from netapp.events.errors import BookingEnded
from netapp.events.models import Booking
from netapp.events.operations.guard import lock_booking
from netapp.events.operations.needs import keep_need
from netapp.events.operations.story import note
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.people.operations.guards import hold_person


def tell_needs(session: DbSession, *, booking_id: int, text: str, now: datetime) -> Booking:
    """What would help them take part, told or changed later; an empty text deletes it.

    The caller has asked for consent to ``consent.ACCESS_NEEDS`` beside the question. Raises
    ``BookingEnded`` where there is nothing left to arrange; deleting is always possible.
    """
    _, booking = lock_booking(session, booking_id)
    if text and not booking.live:
        raise BookingEnded
    keep_need(session, booking=booking, text=text, now=now)
    return booking


def choose_invitations(
    session: DbSession, *, booking_id: int, wanted: bool, now: datetime
) -> Booking:
    """Whether mails to this person carry invitations for their calendar, from now on.

    What is in their calendar already stays, and is still cancelled when a date is. Harmless when
    repeated.
    """
    _, booking = lock_booking(session, booking_id)
    person = hold_person(session, booking.person_id)
    if person is None:
        raise NotFound
    if person.invitations != wanted:
        person.invitations = wanted
        person.version += 1
        words = "Turned calendar invitations on." if wanted else "Turned calendar invitations off."
        note(session, booking, words, now)
    session.flush()
    return booking
