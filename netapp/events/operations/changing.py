"""Change dates or cancel; the waiting list moves in the same step."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.errors import (
    BookingChanged,
    BookingEnded,
    ChangesClosed,
    DateNotBookable,
    NothingChosen,
    ReasonMissing,
)
from netapp.events.models import (
    HELD_STATES,
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
from netapp.events.operations.guard import lock_booking, show_to_people
from netapp.events.operations.places import give_places, who_comes
from netapp.events.operations.pools import release
from netapp.events.operations.story import close_if_over, note
from netapp.events.operations.waiting import settle
from netapp.events.policies import can_change, can_give_back, is_coming
from netapp.kernel.db import DbSession


def change_dates(
    session: DbSession,
    *,
    booking_id: int,
    session_keys: Sequence[str],
    seen_version: int | None,
    accepts_waiting: Collection[str] | None = None,
    now: datetime,
) -> Booking:
    """Make these the dates of a booking that is booked by session.

    Dates given up are freed, dates added are confirmed or waited for, all in one step. Dates that
    can no longer be changed stay as they are. ``accepts_waiting``: see ``booking.Wish``. Raises
    ``BookingRefused``.
    """
    event, booking = lock_booking(session, booking_id)
    settle(session, event, now)  # First: an offer that ran out may have been all there was.
    refuse_stale(booking, seen_version)
    dates = {date.id: date for date in event.sessions}
    live = [place for place in booking.places if place.state in LIVE_STATES]
    there = {place.session_id for place in live}
    fixed = {i for i in there if not _can_drop(event, dates[i], live, now)}
    wanted = {d.id for d in dates.values() if d.key in set(session_keys)} | fixed
    added = [d for i, d in dates.items() if i in wanted - there]
    dropped = [place for place in live if place.session_id not in wanted]
    if not wanted or event.booked_as is BookedAs.WHOLE:
        raise NothingChosen
    if not added and not dropped:
        return booking
    if not all(is_coming(date, now) and can_change(event, date, now) for date in added):
        raise DateNotBookable
    if added and event.booking_closes_at and now >= event.booking_closes_at:
        raise DateNotBookable
    before, people = set(booking.places), who_comes(booking)
    lost = give_up(session, dropped, EndReason.BY_PERSON, now)
    mode = _usual_mode(booking)
    give_places(
        session, event, booking, added, now, mode=mode, people=people,
        accepts_waiting=accepts_waiting,
    )  # fmt: skip
    booking.version += 1
    note(session, booking, "Changed the dates.", now)
    show_to_people(session, booking, now)
    session.flush()
    gained = [place for place in booking.places if place not in before]
    letters.changed(session, event, booking, gained=gained, lost=lost, now=now)
    letters.tell_organiser(session, event, booking, "changed their dates", now=now)
    settle(session, event, now)
    return booking


def cancel_booking(
    session: DbSession, *, booking_id: int, seen_version: int | None = None, now: datetime
) -> Booking:
    """The booker gives back every date that can still be given back.

    Raises ``BookingEnded``, ``ChangesClosed`` or ``BookingChanged``.
    """
    event, booking = lock_booking(session, booking_id)
    refuse_stale(booking, seen_version)
    dates = {date.id: date for date in event.sessions}
    live = [place for place in booking.places if place.state in LIVE_STATES]
    places = [p for p in live if can_give_back(event, dates[p.session_id], p, now)]
    if not places:
        raise ChangesClosed
    lost = give_up(session, places, EndReason.BY_PERSON, now)
    _after_cancelling(session, event, booking, now)
    note(session, booking, "Cancelled." if lost else "Left the waiting list.", now)
    letters.cancelled(session, event, booking, ended=places, confirmed=lost, by="you", now=now)
    did = "cancelled their booking" if lost else "left the waiting list"
    letters.tell_organiser(session, event, booking, did, now=now)
    settle(session, event, now)
    return booking


def cancel_for_person(
    session: DbSession, *, booking_id: int, reason: str, actor: Actor, now: datetime
) -> Booking:
    """A coordinator cancels somebody's booking, and says why. Raises ``BookingRefused``."""
    if not reason:
        raise ReasonMissing
    event, booking = lock_booking(session, booking_id)
    if not booking.live:
        raise BookingEnded
    dates = {date.id: date for date in event.sessions}
    live = [p for p in booking.places if p.state in LIVE_STATES]
    places = [p for p in live if is_coming(dates[p.session_id], now)]
    if not places:
        raise ChangesClosed
    lost = give_up(session, places, EndReason.BY_COORDINATOR, now)
    _after_cancelling(session, event, booking, now)
    note(session, booking, f"Cancelled: {reason}", now, by=actor.name)
    audit.record(
        session,
        actor=actor,
        action="booking.cancel",
        subject=f"booking:{booking.reference}",
        summary=f"Cancelled the booking of {booking.name} for {event.title}.",
        reason=reason,
        now=now,
    )
    letters.cancelled(
        session, event, booking, ended=places, confirmed=lost, by="coordinator", reason=reason,
        now=now,
    )  # fmt: skip
    settle(session, event, now)
    return booking


def _can_drop(event: Event, date: EventSession, live: Sequence[Place], now: datetime) -> bool:
    """Whether all that they have in a date may be given back."""
    there = [place for place in live if place.session_id == date.id]
    return all(can_give_back(event, date, place, now) for place in there)


def _usual_mode(booking: Booking) -> Mode | None:
    """How they take part in what they have: dates they add begin like that."""
    live = [place.mode for place in booking.places if place.state in LIVE_STATES]
    return live[0] if live else booking.places[-1].mode


def refuse_stale(booking: Booking, seen_version: int | None) -> None:
    """Raises ``BookingEnded``, or ``BookingChanged`` where the page showed another version."""
    if not booking.live:
        raise BookingEnded
    if seen_version is not None and seen_version != booking.version:
        raise BookingChanged


def give_up(
    session: DbSession, places: Sequence[Place], reason: EndReason, now: datetime
) -> list[Place]:
    """End these places; returns those that were confirmed."""
    confirmed = [place for place in places if place.state is PlaceState.CONFIRMED]
    held = Counter(place.pool_id for place in places if place.state in HELD_STATES)
    for pool_id, number in sorted(held.items()):
        release(session, pool_id, number)
    for place in places:
        place.state, place.end_reason, place.ended_at = PlaceState.CANCELLED, reason, now
    session.flush()
    return confirmed


def _after_cancelling(session: DbSession, event: Event, booking: Booking, now: datetime) -> None:
    booking.version += 1
    close_if_over(session, booking, now)
    show_to_people(session, booking, now)
