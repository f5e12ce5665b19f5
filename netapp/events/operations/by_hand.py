"""What a coordinator does for somebody, by hand and with a reason."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.errors import NobodyWaits, NoPlaceToGive, NotBookable, ReasonMissing
from netapp.events.models import (
    BookedAs,
    Booking,
    BookingSource,
    Event,
    EventSession,
    EventStatus,
    Mode,
    Place,
    PlaceState,
)
from netapp.events.operations import letters
from netapp.events.operations.booking import Wish, chosen_dates, make_booking
from netapp.events.operations.guard import (
    lock_booking,
    lock_event,
    show_to_people,
    show_to_person,
)
from netapp.events.operations.held_swaps import swap_into
from netapp.events.operations.moving import ends_of_move, exchange, held_in
from netapp.events.operations.pools import take_all
from netapp.events.operations.story import note
from netapp.events.operations.waiting import settle
from netapp.events.policies import is_coming
from netapp.events.queries.swap_waits import KEPT_WORDS, kept_beside, swap_waits_of
from netapp.kernel.db import DbSession
from netapp.kernel.words import date_words
from netapp.people.operations.guests import find_or_add_guest


def add_by_hand(
    session: DbSession,
    *,
    event_id: int,
    email: str,
    wish: Wish,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Booking:
    """A coordinator adds somebody: members or not, booking open or not.

    Where no place is free for everybody, one kept back is given and there is one less of them;
    full dates put them on the waiting list, as everybody. Raises ``BookingRefused``; nobody can
    be added to a draft, whose page and calendar entries nobody may see.
    """
    person = find_or_add_guest(session, email=email, name=wish.name, now=now)
    event = lock_event(session, event_id)
    if event.status is EventStatus.DRAFT or event.is_record:
        raise NotBookable
    settle(session, event, now)
    dates = chosen_dates(event, [d for d in event.sessions if is_coming(d, now)], wish)
    kept_before = _kept_back(dates, wish.mode)
    booking = make_booking(
        session, event, dates, person, wish, BookingSource.COORDINATOR, now, actor
    )
    given = kept_before - _kept_back(dates, wish.mode)
    kept_words = ", with a place kept back" if given else ""
    audit.record(
        session,
        actor=actor,
        action="booking.add",
        subject=f"booking:{booking.reference}",
        summary=f"Booked {event.title} for {wish.name}{kept_words}.",
        reason=reason,
        detail={"kept_back_given": given} if given else None,
        now=now,
    )
    letters.booked(session, event, booking, fresh=booking.places, now=now)
    return booking


def _kept_back(dates: Sequence[EventSession], mode: Mode | None) -> int:
    return sum(date.pool_of(mode).kept_back for date in dates)


def give_place(
    session: DbSession,
    *,
    booking_id: int,
    session_key: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Booking:
    """Give those who wait on a booking their places, whoever is before them in the line; for a
    course, in all its dates. A free place is taken first, then one kept back. Who waits to swap
    gives back the place they have in the same step.

    Raises ``ReasonMissing``, ``NobodyWaits`` and ``NoPlaceToGive``.
    """
    if not reason:
        raise ReasonMissing
    event, booking = lock_booking(session, booking_id)
    settle(session, event, now)
    whole = event.booked_as is BookedAs.WHOLE
    asked = {d.id for d in event.sessions if whole or d.key == session_key}
    theirs = [place for place in booking.places if place.session_id in asked]
    offered = [place for place in theirs if place.state is PlaceState.OFFERED]
    waiting = [place for place in theirs if place.state is PlaceState.WAITING]
    if not offered and not waiting:
        return _swap(session, event, booking, asked, reason, actor, now)
    _take(session, waiting)
    given = offered + waiting
    for place in given:
        place.state, place.confirmed_at = PlaceState.CONFIRMED, now
    booking.version += 1
    for person_id in {place.person_id for place in given if place.person_id}:
        show_to_person(session, person_id, now)
    note(session, booking, f"Given a place: {reason}", now, by=actor.name)
    _record(session, event, booking, actor, "booking.give", "Gave a place to", reason, now)
    session.flush()
    letters.booked(session, event, booking, fresh=given, now=now)
    return booking


def _swap(
    session: DbSession,
    event: Event,
    booking: Booking,
    asked: Collection[int],
    reason: str,
    actor: Actor,
    now: datetime,
) -> Booking:
    """What they wait for beside the places they have: these go there. Raises as ``give_place``."""
    pairs = [
        (kept, wait)
        for wait in swap_waits_of(session, booking.id)
        if wait.session_id in asked and (kept := kept_beside(booking.places, wait))
    ]
    if not pairs:
        raise NobodyWaits
    _take(session, [wait for _, wait in pairs if wait.state is PlaceState.WAITING])
    for kept, wait in pairs:
        swap_into(session, kept, wait, now)
    booking.version += 1
    show_to_people(session, booking, now)
    how = KEPT_WORDS[pairs[0][1].mode]
    note(session, booking, f"Given a place {how}: {reason}", now, by=actor.name)
    _record(session, event, booking, actor, "booking.give", f"Gave a place {how} to", reason, now)
    session.flush()
    moved = [kept for kept, _ in pairs]
    letters.changed(session, event, booking, gained=moved, lost=[], reason=reason, now=now)
    settle(session, event, now)
    return booking


def _take(session: DbSession, waiting: Sequence[Place]) -> None:
    """Free places for these, else those kept back; what is on offer is taken already."""
    wanted = Counter(place.pool_id for place in waiting)
    if waiting and not take_all(session, list(wanted), max(wanted.values()), by_hand=True):
        raise NoPlaceToGive


def move_by_hand(
    session: DbSession,
    *,
    booking_id: int,
    from_key: str,
    to_key: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Booking:
    """Move what a booking has in one date to another one, with a place kept back if need be.

    Raises ``ReasonMissing``, ``DateNotBookable``, ``ChangesClosed`` and ``NoPlaceToGive``.
    """
    if not reason:
        raise ReasonMissing
    event, booking = lock_booking(session, booking_id)
    settle(session, event, now)
    here, there = ends_of_move(event, from_key, to_key, now)
    places = held_in(booking, here)
    pool = there.pool_of(places[0].mode)
    if not take_all(session, [pool.id], len(places), by_hand=True):
        raise NoPlaceToGive
    gained, lost = exchange(session, booking, places, there, now)
    day = date_words(there.starts_at, event.zone)
    note(session, booking, f"Moved to {day}: {reason}", now, by=actor.name)
    _record(session, event, booking, actor, "booking.move", f"Moved to {day}:", reason, now)
    letters.changed(
        session,
        event,
        booking,
        gained=gained,
        lost=lost,
        moved=(here, there),
        reason=reason,
        now=now,
    )
    settle(session, event, now)
    return booking


def _record(
    session: DbSession,
    event: Event,
    booking: Booking,
    actor: Actor,
    action: str,
    did: str,
    reason: str,
    now: datetime,
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"booking:{booking.reference}",
        summary=f"{did} {booking.name}, {event.title}.",
        reason=reason,
        now=now,
    )
