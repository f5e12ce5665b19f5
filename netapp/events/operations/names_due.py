"""Places without a name: asked for in time, then given to others. For the worker, one booking at a
time; which comes first is left to chance, as in ``due``."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import selectinload

from netapp.events.models import (
    Attendee,
    Booking,
    EndReason,
    Event,
    EventSession,
    Place,
    PlaceState,
    SessionStatus,
)
from netapp.events.operations import letters
from netapp.events.operations.changing import give_up
from netapp.events.operations.guard import lock_booking, show_to_people
from netapp.events.operations.story import close_if_over, note
from netapp.events.operations.waiting import settle
from netapp.events.policies import (
    NAMES_ASKED_BEFORE,
    is_coming,
    name_until,
    names_asked,
    names_due,
    unnamed_places,
)
from netapp.kernel.db import DbSession
from netapp.kernel.words import count_words

MOST_DAYS_TO_NAME: Final = 60
"""An event asks for names at most so long before its dates."""

LOOK_AHEAD: Final = timedelta(days=MOST_DAYS_TO_NAME) + NAMES_ASKED_BEFORE + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Missing:
    """The confirmed places of a booking without a name, and the dates to come that they are in."""

    places: Sequence[Place]
    dates: Sequence[EventSession]


IsTime = Callable[[Event, Booking, Missing, datetime], bool]


def ask_for_names(session: DbSession, now: datetime) -> int:
    """Remind the booker of one party that names are missing; each is asked once. Whoever got their
    places after the moment for it was asked by that letter."""
    booking_id = _find(session, Booking.names_asked_at.is_(None), _is_asked, now)
    if booking_id is None:
        return 0
    event, booking = lock_booking(session, booking_id)
    missing = _missing(event, booking, now)
    if booking.names_asked_at is not None or not _is_asked(event, booking, missing, now):
        return 0  # Somebody else was quicker, or it was moved.
    booking.names_asked_at = now
    asked = names_asked(event, name_until(event, missing.dates) or now)
    if any(place.confirmed_at and place.confirmed_at < asked for place in missing.places):
        letters.names_wanted(session, event, booking, now=now)
    session.flush()
    return 1


def give_unnamed_to_others(session: DbSession, now: datetime) -> int:
    """End the places of one party for which nobody was named in time; the next in line get them."""
    booking_id = _find(session, Booking.names_asked_at.is_not(None), _is_due, now)
    if booking_id is None:
        return 0
    event, booking = lock_booking(session, booking_id)
    missing = _missing(event, booking, now)
    if not _is_due(event, booking, missing, now):
        return 0
    give_up(session, missing.places, EndReason.NOT_NAMED, now)
    booking.version += 1
    number = max(
        sum(place.session_id == date.id for place in missing.places) for date in missing.dates
    )
    places = count_words(number, "place")
    note(session, booking, f"{places} without a name went to others.", now, by="worker")
    show_to_people(session, booking, now)
    close_if_over(session, booking, now)
    letters.places_offered_back(session, event, booking, ended=missing.places, now=now)
    did = f"named too few people in time: {places} went to others"
    letters.tell_organiser(session, event, booking, did, now=now)
    settle(session, event, now)
    return 1


def _is_asked(event: Event, booking: Booking, missing: Missing, now: datetime) -> bool:
    until = name_until(event, missing.dates)
    return until is not None and names_asked(event, until) <= now


def _is_due(event: Event, booking: Booking, missing: Missing, now: datetime) -> bool:
    if booking.names_asked_at is None or not missing.places:
        return False
    due = names_due(event, booking, missing.places, missing.dates)
    return due is not None and due <= now


def _find(
    session: DbSession, asked: ColumnElement[bool], is_time: IsTime, now: datetime
) -> int | None:
    """A party with a place without a name in a date to come, for which it is time."""
    unnamed = exists().where(
        Place.booking_id == Booking.id,
        Place.state == PlaceState.CONFIRMED,
        Place.attendee_id == Attendee.id,
        Attendee.name == "",
        EventSession.id == Place.session_id,
        EventSession.status == SessionStatus.SCHEDULED,
        EventSession.starts_at > now,
        EventSession.starts_at <= now + LOOK_AHEAD,
    )
    bookings = session.scalars(
        select(Booking)
        .where(Booking.live, Booking.is_party, asked, unnamed)
        .options(
            selectinload(Booking.event).selectinload(Event.sessions),
            selectinload(Booking.places),
            selectinload(Booking.attendees),
        )
        .order_by(func.random())
        .execution_options(populate_existing=True)
    )
    for booking in bookings:
        if is_time(booking.event, booking, _missing(booking.event, booking, now), now):
            return booking.id
    return None


def _missing(event: Event, booking: Booking, now: datetime) -> Missing:
    coming = {date.id: date for date in event.sessions if is_coming(date, now)}
    places = unnamed_places(booking, coming.keys())
    there = {place.session_id for place in places}
    return Missing(places, [date for date in coming.values() if date.id in there])
