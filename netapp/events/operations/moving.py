"""Move places from one date of an event to another: both ends at once, or nothing changes."""

from collections.abc import Sequence
from datetime import datetime

from netapp.events.errors import ChangesClosed, DateNotBookable, NoPlaceToMoveTo
from netapp.events.models import (
    LIVE_STATES,
    BookedAs,
    Booking,
    EndReason,
    Event,
    EventSession,
    Place,
    PlaceState,
)
from netapp.events.operations import letters
from netapp.events.operations.changing import give_up, refuse_stale
from netapp.events.operations.guard import lock_booking, show_to_person
from netapp.events.operations.line import may_go_first
from netapp.events.operations.places import held_elsewhere, rank_of
from netapp.events.operations.pools import take_all
from netapp.events.operations.story import note
from netapp.events.operations.waiting import settle
from netapp.events.policies import can_change, is_coming
from netapp.kernel.db import DbSession
from netapp.kernel.words import date_words


def move_to_date(
    session: DbSession,
    *,
    booking_id: int,
    from_key: str,
    to_key: str,
    seen_version: int | None = None,
    now: datetime,
) -> Booking:
    """The booker moves what they have in one date to another one that has room for it.

    A place there is taken before the one here is given back; who waits for the other date goes
    first. Raises ``NoPlaceToMoveTo``, ``DateNotBookable``, ``ChangesClosed``, ``BookingEnded`` or
    ``BookingChanged``.
    """
    event, booking = lock_booking(session, booking_id)
    settle(session, event, now)
    refuse_stale(booking, seen_version)
    here, there = ends_of_move(event, from_key, to_key, now)
    if not (can_change(event, here, now) and can_change(event, there, now)):
        raise ChangesClosed
    if event.booking_closes_at and now >= event.booking_closes_at:
        raise DateNotBookable
    places = held_in(booking, here)
    pool = there.pool_of(places[0].mode)
    turn = rank_of(session, event, booking, now), now
    in_turn = may_go_first(session, event, [pool.id], len(places), turn=turn)
    if not in_turn or not take_all(session, [pool.id], len(places)):
        raise NoPlaceToMoveTo
    gained, lost = exchange(session, booking, places, there, now)
    day = date_words(there.starts_at, event.zone)
    note(session, booking, f"Moved to {day}.", now)
    letters.changed(session, event, booking, gained=gained, lost=lost, moved=(here, there), now=now)
    letters.tell_organiser(session, event, booking, f"moved to {day}", now=now)
    settle(session, event, now)
    return booking


def ends_of_move(
    event: Event, from_key: str, to_key: str, now: datetime
) -> tuple[EventSession, EventSession]:
    """The two dates; raises ``DateNotBookable`` unless both are to come and are booked singly."""
    dates = {date.key: date for date in event.sessions}
    here, there = dates.get(from_key), dates.get(to_key)
    if here is None or there is None or here is there or event.booked_as is BookedAs.WHOLE:
        raise DateNotBookable
    if not (is_coming(here, now) and is_coming(there, now)):
        raise DateNotBookable
    return here, there


def held_in(booking: Booking, date: EventSession) -> list[Place]:
    """Their live places in a date; raises ``ChangesClosed`` without any."""
    places = [p for p in booking.places if p.session_id == date.id and p.state in LIVE_STATES]
    if not places:
        raise ChangesClosed
    return places


def exchange(
    session: DbSession,
    booking: Booking,
    places: Sequence[Place],
    there: EventSession,
    now: datetime,
) -> tuple[list[Place], list[Place]]:
    """Confirmed places there, which are taken already, for these here. Whoever has a place there
    already keeps that one: raises ``NoPlaceToMoveTo``.

    Returns those gained, and those lost that had been confirmed.
    """
    taken = {p.attendee_id for p in booking.places if p.session_id == there.id and _lives(p)}
    if taken & {place.attendee_id for place in places}:
        raise NoPlaceToMoveTo
    moving = [each for each in booking.attendees if each.id in {p.attendee_id for p in places}]
    elsewhere = held_elsewhere(session, booking, moving, [there])
    lost = give_up(session, places, EndReason.MOVED, now)
    gained = [
        Place(
            attendee_id=place.attendee_id,
            person_id=None if (there.id, place.person_id) in elsewhere else place.person_id,
            session_id=there.id,
            pool_id=there.pool_of(place.mode).id,
            mode=there.pool_of(place.mode).mode,
            state=PlaceState.CONFIRMED,
            created_at=now,
            confirmed_at=now,
            window_rank=place.window_rank,
        )
        for place in places
    ]
    booking.places += gained
    booking.version += 1
    for person_id in {place.person_id for place in places if place.person_id}:
        show_to_person(session, person_id, now)
    session.flush()
    return gained, lost


def _lives(place: Place) -> bool:
    return place.state in LIVE_STATES
