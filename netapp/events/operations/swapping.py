"""Come in person instead of joining online, or the other way round."""

from collections import Counter
from datetime import datetime

from netapp.events.errors import ChangesClosed, NoPlaceToSwapTo
from netapp.events.models import LIVE_STATES, BookedAs, Booking, Mode, Place, PlaceState
from netapp.events.operations import letters
from netapp.events.operations.changing import refuse_stale
from netapp.events.operations.guard import lock_booking, show_to_people
from netapp.events.operations.line import may_go_first
from netapp.events.operations.places import rank_of
from netapp.events.operations.pools import release, take_all
from netapp.events.operations.story import note
from netapp.events.operations.waiting import settle
from netapp.events.policies import can_change, is_coming
from netapp.kernel.db import DbSession

SWAPPED = {
    Mode.IN_PERSON: "Swapped to coming in person.",
    Mode.ONLINE: "Swapped to joining online.",
}


def swap_mode(
    session: DbSession,
    *,
    booking_id: int,
    session_key: str,
    mode: Mode,
    seen_version: int | None = None,
    now: datetime,
) -> Booking:
    """Take part in a date in another way; in all dates of a course, which is booked whole.

    The new places are taken and the old ones given back in one step, or nothing changes. Whoever
    waits is confirmed where the other way has a place; those who wait for that go first. Raises
    ``NoPlaceToSwapTo``, ``ChangesClosed``, ``BookingEnded`` or ``BookingChanged``.
    """
    event, booking = lock_booking(session, booking_id)
    settle(session, event, now)
    refuse_stale(booking, seen_version)
    dates = {date.id: date for date in event.sessions}
    places = [
        place
        for place in booking.places
        if place.state in LIVE_STATES
        and (event.booked_as is BookedAs.WHOLE or dates[place.session_id].key == session_key)
    ]
    if not places:
        raise ChangesClosed
    if all(place.mode is mode and place.state is PlaceState.CONFIRMED for place in places):
        return booking
    for place in places:
        date = dates[place.session_id]
        if not (is_coming(date, now) and can_change(event, date, now)):
            raise ChangesClosed
        if place.state is PlaceState.OFFERED or date.pool_of(mode).mode is not mode:
            raise NoPlaceToSwapTo
    targets = Counter(dates[place.session_id].pool_of(mode).id for place in places)
    number = max(targets.values())
    turn = rank_of(session, event, booking, now), now
    in_turn = may_go_first(session, event, list(targets), number, turn=turn)
    if not in_turn or not take_all(session, list(targets), number):
        raise NoPlaceToSwapTo
    for place in places:
        _move(session, place, dates[place.session_id].pool_of(mode).id, mode, now)
    booking.version += 1
    note(session, booking, SWAPPED[mode], now)
    show_to_people(session, booking, now)
    session.flush()
    letters.changed(session, event, booking, gained=places, lost=[], now=now)
    letters.tell_organiser(session, event, booking, "swapped how they take part", now=now)
    settle(session, event, now)
    return booking


def _move(session: DbSession, place: Place, pool_id: int, mode: Mode, now: datetime) -> None:
    """The place is taken in its new pool already."""
    if place.state is PlaceState.CONFIRMED:
        release(session, place.pool_id)
    place.pool_id, place.mode = pool_id, mode
    place.state, place.confirmed_at = PlaceState.CONFIRMED, now
