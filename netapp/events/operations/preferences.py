"""What the person behind a booking wishes, beside the dates."""

from datetime import datetime

from netapp.events.errors import BookingChanged, BookingEnded
from netapp.events.models import Booking
from netapp.events.operations.guard import lock_booking
from netapp.events.operations.needs import tell
from netapp.events.operations.story import note
from netapp.events.plans import NOTHING_TOLD, Telling
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.people.operations.guards import hold_person


def tell_needs(
    session: DbSession,
    *,
    booking_id: int,
    telling: Telling,
    person_id: int | None = None,
    may_share: bool = True,
    now: datetime,
) -> Booking:
    """What would help them take part, told or changed later; what is left out is deleted.

    ``person_id``: the booker, or somebody they named. Consent was asked for beside the questions:
    see ``Telling``. Without ``may_share``, by a link, what is not shared yet stays so. Raises
    ``BookingEnded`` where there is nothing left to arrange, and ``BookingChanged`` where their
    place is another's now; deleting is always possible.
    """
    event, booking = lock_booking(session, booking_id)
    if telling != NOTHING_TOLD and not booking.live:
        raise BookingEnded
    whose = booking.person_id if person_id is None else person_id
    there = {booking.person_id, *(each.person_id for each in booking.attendees)}
    if telling != NOTHING_TOLD and whose not in there:  # Their place went to another meanwhile.
        raise BookingChanged
    tell(
        session,
        event=event,
        booking=booking,
        person_id=whose,
        telling=telling,
        may_share=may_share,
        now=now,
    )
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
