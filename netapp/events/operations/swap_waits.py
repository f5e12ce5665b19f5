"""Wait for a place in the other way to take part, and keep the one that one has.

The wait stands in the line like any other. What is offered is taken by ``waiting.take_offer``: both
places move at once; or it is refused or runs out, and the place stays as it is.
"""

from datetime import datetime

from netapp.events.errors import ChangesClosed, NoPlaceToSwapTo
from netapp.events.models import (
    LIVE_STATES,
    BookedAs,
    Booking,
    EndReason,
    Event,
    EventSession,
    Mode,
    Place,
    PlaceState,
)
from netapp.events.operations import letters
from netapp.events.operations.changing import refuse_stale
from netapp.events.operations.guard import lock_booking
from netapp.events.operations.held_swaps import end_wait
from netapp.events.operations.places import rank_of
from netapp.events.operations.story import note
from netapp.events.operations.waiting import settle
from netapp.events.policies import can_change, is_coming
from netapp.events.queries.swap_waits import KEPT_WORDS, OTHER, swap_waits_of
from netapp.kernel.db import DbSession


def wait_to_swap(
    session: DbSession,
    *,
    booking_id: int,
    session_key: str,
    mode: Mode,
    seen_version: int | None = None,
    now: datetime,
) -> Booking:
    """Join the waiting list for taking part in a date in another way; of a course in all dates.

    The confirmed places stay until what is offered is taken. Asked again it changes nothing. Raises
    ``NoPlaceToSwapTo`` where there is nothing to wait for, ``ChangesClosed``, ``BookingEnded`` or
    ``BookingChanged``.
    """
    event, booking = lock_booking(session, booking_id)
    settle(session, event, now)
    refuse_stale(booking, seen_version)
    dates = _dates(event, session_key)
    held = [p for p in booking.places if p.state in LIVE_STATES and p.session_id in dates]
    if not event.has_waiting_list or not held:
        raise NoPlaceToSwapTo
    for place in held:
        date = dates[place.session_id]
        if not (is_coming(date, now) and can_change(event, date, now)):
            raise ChangesClosed
        if place.state is not PlaceState.CONFIRMED or place.mode is mode:
            raise NoPlaceToSwapTo
        if date.pool_of(mode).mode is not mode:
            raise NoPlaceToSwapTo
    if any(wait.session_id in dates for wait in swap_waits_of(session, booking.id)):
        return booking
    rank = rank_of(session, event, booking, now)
    waits = [
        Place(
            booking_id=booking.id,
            attendee_id=place.attendee_id,
            person_id=place.person_id,
            session_id=place.session_id,
            pool_id=dates[place.session_id].pool_of(mode).id,
            mode=mode,
            for_swap=True,
            state=PlaceState.WAITING,
            created_at=now,
            waiting_since=now,
            window_rank=rank,
        )
        for place in held
    ]
    session.add_all(waits)
    booking.version += 1
    how, kept = KEPT_WORDS[mode], KEPT_WORDS[OTHER[mode]]
    note(session, booking, f"Waits for a place {how}, and keeps the one {kept}.", now)
    session.flush()
    letters.changed(session, event, booking, gained=[], lost=[], waits=waits, now=now)
    letters.tell_organiser(session, event, booking, f"waits for a place {how}", now=now)
    settle(session, event, now)
    return booking


def stop_waiting(
    session: DbSession,
    *,
    booking_id: int,
    session_key: str,
    seen_version: int | None = None,
    now: datetime,
) -> Booking:
    """Leave that waiting list, or what it offers; of a course in all dates. The places stay.

    Where nothing is waited for it changes nothing. Raises ``BookingEnded`` or ``BookingChanged``.
    """
    event, booking = lock_booking(session, booking_id)
    settle(session, event, now)
    refuse_stale(booking, seen_version)
    dates = _dates(event, session_key)
    waits = [w for w in swap_waits_of(session, booking.id) if w.session_id in dates]
    if not waits:
        return booking
    for wait in waits:
        end_wait(session, wait, PlaceState.CANCELLED, EndReason.BY_PERSON, now)
    booking.version += 1
    how = KEPT_WORDS[waits[0].mode]
    note(session, booking, f"Stopped waiting for a place {how}.", now)
    session.flush()
    letters.changed(session, event, booking, gained=[], lost=[], now=now)
    letters.tell_organiser(session, event, booking, f"stopped waiting for a place {how}", now=now)
    settle(session, event, now)
    return booking


def _dates(event: Event, session_key: str) -> dict[int, EventSession]:
    whole = event.booked_as is BookedAs.WHOLE
    return {date.id: date for date in event.sessions if whole or date.key == session_key}
