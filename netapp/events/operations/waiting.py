"""The waiting list: offers of freed places, and what becomes of them.

Every function works under the lock of ``guard.lock_event``.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, select
from sqlalchemy.orm import selectinload

from netapp.events.errors import NoOffer, OfferEnded
from netapp.events.models import (
    BookedAs,
    Booking,
    EndReason,
    Event,
    EventSession,
    EventStatus,
    Mode,
    Place,
    PlaceState,
    Pool,
)
from netapp.events.operations import letters
from netapp.events.operations.guard import FRESH, lock_booking, show_to_people
from netapp.events.operations.held_swaps import end_without_place, swap_into
from netapp.events.operations.line import next_in_line
from netapp.events.operations.pools import release, take_all
from netapp.events.operations.story import close_if_over, note
from netapp.events.policies import is_coming
from netapp.events.queries.swap_waits import kept_beside, swap_waits_of
from netapp.events.quiet_hours import offer_end
from netapp.kernel.db import DbSession, UtcDateTime


def settle(session: DbSession, event: Event, now: datetime) -> None:
    """Bring the waiting list up to date: end offers that ran out, offer what is free.

    Called at the end of whatever may free a place, and by the worker when an offer runs out.
    """
    end_without_place(session, event, now)
    session.flush()
    known = session.execute(_LISTS, {"event_id": event.id, "now": now}).all()
    if any(has_old_offers for _, _, has_old_offers in known):
        _end_old_offers(session, event, now)
    _end_waiting_for_the_past(session, event, event.sessions, now)
    coming = [date for date in event.sessions if is_coming(date, now)]
    if event.status is not EventStatus.PUBLISHED or not coming:
        return
    waited_for = {pool_id for pool_id, is_waited_for, _ in known if is_waited_for}
    groups: list[list[Pool]] = []
    if event.booked_as is BookedAs.BY_SESSION:
        groups = [[pool] for date in coming for pool in date.pools]
    elif not any(date.starts_at <= now for date in event.sessions if date.cancelled_at is None):
        groups = [
            [pool for date in coming for pool in date.pools if pool.mode is mode] for mode in Mode
        ]
    offered: list[Place] = []
    for pools in groups:
        if any(pool.id in waited_for for pool in pools):
            offered += _offer_in_turn(session, event, pools, now)
    letters.offers(session, event, offered, now=now)


_in_pool = exists().where(Place.pool_id == Pool.id)
_ends = bindparam("now", type_=UtcDateTime())
_LISTS = (
    select(
        Pool.id,
        _in_pool.where(Place.state == PlaceState.WAITING).label("is_waited_for"),
        _in_pool.where(Place.state == PlaceState.OFFERED, Place.offer_ends_at <= _ends).label(
            "has_old_offers"
        ),
    )
    .join(EventSession, EventSession.id == Pool.session_id)
    .where(EventSession.event_id == bindparam("event_id"))
)
"""The pools of an event: whether somebody waits there, and whether an offer has run out. Of many
dates most have neither."""


def _offer_in_turn(
    session: DbSession, event: Event, pools: Sequence[Pool], now: datetime
) -> list[Place]:
    """Offer places in these pools together, to one after the other, while there are any; returns
    those offered. The letters are the caller's."""
    offered: list[Place] = []
    starts_at = {date.id: date.starts_at for date in event.sessions}
    pool_ids = [pool.id for pool in pools]
    while pools and all(pool.free != 0 for pool in pools):
        places = next_in_line(session, event, pool_ids)
        wanted = Counter(place.pool_id for place in places)
        if not places or not take_all(session, list(wanted), max(wanted.values())):
            break
        first = min(starts_at[place.session_id] for place in places)
        ends_at = offer_end(now, hours=event.offer_hours, zone=event.zone, starts_at=first)
        for place in places:
            place.state = PlaceState.OFFERED
            place.offered_at, place.offer_ends_at = now, ends_at
        booking = places[0].booking
        booking.version += 1
        number = max(wanted.values())
        came = "A place came free and was" if number == 1 else f"{number} places came free and were"
        note(session, booking, f"{came} offered.", now)
        session.flush()
        offered += places
    return offered


def _end_old_offers(session: DbSession, event: Event, now: datetime) -> None:
    over = Place.state == PlaceState.OFFERED, Place.offer_ends_at <= now
    for booking, ended in _by_booking(session, event, *over):
        for place in ended:
            _end(session, place, PlaceState.LAPSED, EndReason.OFFER_ENDED, now)
        booking.version += 1
        note(session, booking, "The offer ended without an answer.", now, by="worker")
        close_if_over(session, booking, now)
        letters.offer_ended(session, event, booking, places=ended, now=now)


def _end_waiting_for_the_past(
    session: DbSession, event: Event, dates: Sequence[EventSession], now: datetime
) -> None:
    """Nobody is offered a place in what has begun: waiting for it ends, too. A date that was
    cancelled does not begin, so a course goes on without it."""
    begun = [date for date in dates if date.starts_at <= now and date.cancelled_at is None]
    if not begun:
        return
    if event.booked_as is BookedAs.WHOLE:
        begun = list(dates)
    waits = Place.state == PlaceState.WAITING
    there = Place.session_id.in_([date.id for date in begun])
    for booking, ended in _by_booking(session, event, waits, there):
        for place in ended:
            place.state, place.end_reason = PlaceState.LAPSED, EndReason.SESSION_STARTED
            place.ended_at = now
        booking.version += 1
        note(session, booking, "No place came free before the start.", now, by="worker")
        close_if_over(session, booking, now)


def take_offer(
    session: DbSession,
    *,
    booking_id: int,
    session_keys: Sequence[str] | None = None,
    now: datetime,
) -> Booking:
    """Take the places on offer to this booking: those in the dates that the page showed, or all.
    Who has a place there in another way gives that one back in the same step.

    Raises ``OfferEnded`` where none of them is held any more, or ``NoOffer``.
    """
    event, booking = lock_booking(session, booking_id)
    end_without_place(session, event, now)
    offered = _offered(session, event, booking, session_keys)
    if not offered:
        gone = any(place.end_reason is EndReason.OFFER_ENDED for place in booking.places)
        raise OfferEnded if gone else NoOffer
    offered = [p for p in offered if p.offer_ends_at is None or now < p.offer_ends_at]
    if not offered:
        raise OfferEnded
    fresh = [place for place in offered if not place.for_swap]
    for place in fresh:
        place.state, place.confirmed_at = PlaceState.CONFIRMED, now
    moved = []
    for wait in (place for place in offered if place.for_swap):
        if kept := kept_beside(booking.places, wait):
            swap_into(session, kept, wait, now)
            moved.append(kept)
    booking.version += 1
    note(session, booking, "The offered place was taken.", now)
    show_to_people(session, booking, now)
    session.flush()
    if not moved:
        letters.booked(session, event, booking, fresh=fresh, now=now)
        return booking
    letters.changed(session, event, booking, gained=[*fresh, *moved], lost=[], now=now)
    letters.tell_organiser(session, event, booking, "swapped how they take part", now=now)
    settle(session, event, now)
    return booking


def refuse_offer(
    session: DbSession,
    *,
    booking_id: int,
    session_keys: Sequence[str] | None = None,
    now: datetime,
) -> Booking:
    """Give the offered places to the next: those in the dates that the page showed, or all.

    Raises ``NoOffer``.
    """
    event, booking = lock_booking(session, booking_id)
    offered = _offered(session, event, booking, session_keys)
    if not offered:
        raise NoOffer
    for place in offered:
        _end(session, place, PlaceState.LAPSED, EndReason.OFFER_REFUSED, now)
    booking.version += 1
    note(session, booking, "The offered place was refused.", now)
    close_if_over(session, booking, now)
    settle(session, event, now)
    return booking


def _offered(
    session: DbSession, event: Event, booking: Booking, session_keys: Sequence[str] | None
) -> list[Place]:
    """What is on offer to a booking, in these dates or in all."""
    asked = {d.id for d in event.sessions if session_keys is None or d.key in session_keys}
    return [
        place
        for place in [*booking.places, *swap_waits_of(session, booking.id)]
        if place.state is PlaceState.OFFERED and place.session_id in asked
    ]


def _end(
    session: DbSession, place: Place, state: PlaceState, reason: EndReason, now: datetime
) -> None:
    """End a place that is held in its pool."""
    place.state, place.end_reason, place.ended_at = state, reason, now
    release(session, place.pool_id)


def _by_booking(
    session: DbSession, event: Event, *conditions: ColumnElement[bool]
) -> list[tuple[Booking, list[Place]]]:
    """The places like this of an event, with their bookings, of which all places are loaded."""
    found = select(Place).join(Place.booking).where(Booking.event_id == event.id, *conditions)
    places = session.scalars(found.order_by(Place.id), execution_options=FRESH).all()
    if not places:
        return []
    bookings = session.scalars(
        select(Booking)
        .where(Booking.id.in_(found.with_only_columns(Place.booking_id)))
        .options(selectinload(Booking.places))
        .order_by(Booking.id),
        execution_options=FRESH,
    ).all()
    return [(each, [p for p in places if p.booking_id == each.id]) for each in bookings]
