"""What is done with the people of a party."""

from typing import Any

from sqlalchemy.orm import Session

from netapp.events.operations.naming import Naming, give_up_place, hand_back, name_attendees
from tests.events.holds.crowd import Crowd, Deed

NAMED = 60  # So few that some are named twice, or have booked.


def name(crowd: Crowd, session: Session) -> Deed | None:
    booking, now, chance = crowd.live(session), crowd.now, crowd.chance
    if booking is None:
        return None
    booking_id, attendee = booking.id, chance.choice(booking.attendees).key
    number = chance.randrange(NAMED)
    address = chance.choice([f"named{number}@example.org", f"guest{number}@example.org"])
    named = Naming(attendee, f"Named {number}", chance.choice(["", address, address]))

    def do(own: Session) -> Any:
        return name_attendees(own, booking_id=booking_id, names=[named], now=now)

    return Deed("name", do)


def hand_place_back(crowd: Crowd, session: Session) -> Deed | None:
    """By somebody whom the booker named: the booker has another page."""
    booking, now = crowd.live(session), crowd.now
    named = [
        each
        for each in (booking.attendees if booking else [])
        if each.person_id not in (None, booking.person_id)
    ]
    if booking is None or not named:
        return None
    booking_id, key = booking.id, crowd.chance.choice(named).key

    def do(own: Session) -> Any:
        return hand_back(own, booking_id=booking_id, attendee_key=key, now=now)

    return Deed("hand back", do)


def give_one_up(crowd: Crowd, session: Session) -> Deed | None:
    booking, now = crowd.live(session), crowd.now
    if booking is None:
        return None
    booking_id, key = booking.id, crowd.chance.choice(booking.attendees).key

    def do(own: Session) -> Any:
        return give_up_place(own, booking_id=booking_id, attendee_key=key, now=now)

    return Deed("give up a place", do, own=True)
