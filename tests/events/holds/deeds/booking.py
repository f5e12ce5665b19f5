"""What people do with bookings of their own, and guests."""

from typing import Any

from sqlalchemy.orm import Session

from netapp.events.models import Mode, PlaceState
from netapp.events.operations import booking as operations
from netapp.events.operations.changing import cancel_booking, change_dates
from netapp.events.operations.moving import move_to_date
from netapp.events.operations.swap_waits import stop_waiting, wait_to_swap
from netapp.events.operations.swapping import swap_mode
from netapp.events.operations.waiting import refuse_offer, take_offer
from netapp.people.models import Person
from tests.events.holds.crowd import Crowd, Deed

GUESTS = 40  # So few that some book again.


def book(crowd: Crowd, session: Session) -> Deed:
    person_id, now = crowd.person(), crowd.now
    wish = crowd.wish(session, session.get_one(Person, person_id).name)

    def do(own: Session) -> Any:
        person = own.get_one(Person, person_id)
        return operations.book(own, event_id=crowd.event_id, person=person, wish=wish, now=now)

    return Deed("book", do)


def book_as_guest(crowd: Crowd, session: Session) -> Deed:
    number, now = crowd.chance.randrange(GUESTS), crowd.now
    email, wish = f"guest{number}@example.org", crowd.wish(session, f"Guest {number}")

    def do(own: Session) -> Any:
        return operations.book_as_guest(
            own, event_id=crowd.event_id, email=email, wish=wish, now=now
        )

    keys = tuple(wish.session_keys or ())
    return Deed("book as guest", do, asks=email, keys=keys)


def cancel(crowd: Crowd, session: Session) -> Deed | None:
    booking, now = crowd.live(session), crowd.now
    if booking is None:
        return None
    booking_id = booking.id
    return Deed("cancel", lambda s: cancel_booking(s, booking_id=booking_id, now=now), own=True)


def change(crowd: Crowd, session: Session) -> Deed | None:
    booking, now = crowd.live(session), crowd.now
    if booking is None:
        return None
    booking_id, keys = booking.id, crowd.keys(session)
    version = crowd.chance.choice([None, booking.version])

    def do(own: Session) -> Any:
        return change_dates(
            own, booking_id=booking_id, session_keys=keys, seen_version=version, now=now
        )

    return Deed("change dates", do, own=True)


def swap(crowd: Crowd, session: Session) -> Deed | None:
    booking, now = crowd.live(session), crowd.now
    if booking is None:
        return None
    key, _ = crowd.two_keys(session, booking)
    booking_id, mode = booking.id, crowd.mode()

    def do(own: Session) -> Any:
        return swap_mode(own, booking_id=booking_id, session_key=key, mode=mode, now=now)

    return Deed("swap", do, own=True)


def wait_for_swap(crowd: Crowd, session: Session) -> Deed | None:
    """Join the line for the other way to take part, or leave it; mostly where that is full."""
    booking, now = crowd.live(session, PlaceState.CONFIRMED), crowd.now
    if booking is None:
        return None
    held = [place for place in booking.places if place.state is PlaceState.CONFIRMED]
    place = crowd.chance.choice(held)
    keys = {date.id: date.key for date in crowd.event(session).sessions}
    asked: dict[str, Any] = {
        "booking_id": booking.id,
        "session_key": keys[place.session_id],
        "now": now,
    }
    if crowd.chance.random() < 0.2:
        return Deed("stop waiting to swap", lambda s: stop_waiting(s, **asked), own=True)
    mode = next(mode for mode in Mode if mode is not place.mode)
    return Deed("wait to swap", lambda s: wait_to_swap(s, mode=mode, **asked), own=True)


def move(crowd: Crowd, session: Session) -> Deed | None:
    booking, now = crowd.live(session), crowd.now
    if booking is None:
        return None
    booking_id, (here, there) = booking.id, crowd.two_keys(session, booking)

    def do(own: Session) -> Any:
        return move_to_date(own, booking_id=booking_id, from_key=here, to_key=there, now=now)

    return Deed("move", do, own=True)


def answer_offer(crowd: Crowd, session: Session) -> Deed | None:
    booking, now = crowd.live(session, PlaceState.OFFERED, swaps=True), crowd.now
    if booking is None:
        return None
    booking_id = booking.id
    answer = crowd.chance.choice([take_offer, take_offer, refuse_offer])
    name = answer.__name__.replace("_", " ")
    return Deed(name, lambda s: answer(s, booking_id=booking_id, now=now), own=True)
