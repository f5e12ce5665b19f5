"""Somebody leaves for good: every place that is still to come is given back."""

from datetime import datetime

from netapp.events.models import LIVE_STATES, EndReason, Event
from netapp.events.operations import letters
from netapp.events.operations.addresses import Held
from netapp.events.operations.changing import give_up
from netapp.events.operations.guard import show_to_people
from netapp.events.operations.naming import hand_back
from netapp.events.operations.needs_deleting import forget_needs
from netapp.events.operations.sending import with_places
from netapp.events.operations.story import close_if_over, note
from netapp.events.operations.waiting import settle
from netapp.events.policies import is_coming
from netapp.kernel.db import DbSession

STORY = "The booker closed their account."


def leave_all(session: DbSession, held: Held, *, now: datetime) -> int:
    """Give back what the people of ``addresses.hold_bookings`` have in dates that have not begun:
    their own bookings, whatever the hours for changes, with whoever is named on them; and their
    places on bookings of others, who are asked to name somebody else. Returns how many bookings.
    """
    left = sum(_cancel(session, event, booking, now) for event, booking in held.bookings)
    return left + sum(
        _hand_back(session, event, booking, held.person_id, now) for event, booking in held.named_on
    )


def _cancel(session: DbSession, event: Event, booking_id: int, now: datetime) -> bool:
    booking = with_places(session, booking_id)
    coming = {date.id for date in event.sessions if is_coming(date, now)}
    places = [
        each for each in booking.places if each.state in LIVE_STATES and each.session_id in coming
    ]
    if not places:
        return False
    lost = give_up(session, places, EndReason.BY_PERSON, now)
    booking.version += 1
    close_if_over(session, booking, now)
    show_to_people(session, booking, now)
    for person_id in {place.person_id for place in places if place.person_id}:
        forget_needs(session, event, booking, person_id, now)
    note(session, booking, STORY, now)
    letters.cancelled(session, event, booking, ended=places, confirmed=lost, by="you", now=now)
    letters.tell_organiser(session, event, booking, "closed their account", now=now)
    settle(session, event, now)
    return True


def _hand_back(
    session: DbSession, event: Event, booking_id: int, person_id: int | None, now: datetime
) -> bool:
    booking = with_places(session, booking_id)
    coming = {date.id for date in event.sessions if is_coming(date, now)}
    theirs = [
        attendee.key
        for attendee in booking.attendees
        if attendee.person_id == person_id
        and any(
            place.attendee_id == attendee.id
            and place.state in LIVE_STATES
            and place.session_id in coming
            for place in booking.places
        )
    ]
    for key in theirs:
        hand_back(session, booking_id=booking_id, attendee_key=key, now=now)
    return bool(theirs)
