"""What coordinators do for people, by hand and with a reason."""

from typing import Any

from sqlalchemy.orm import Session

from netapp.events.models import PlaceState
from netapp.events.operations.by_hand import add_by_hand, give_place, move_by_hand
from netapp.events.operations.changing import cancel_for_person
from netapp.events.operations.dates import set_places
from netapp.events.plans import PlacesPlan, pool_key
from tests.events.holds.crowd import REASON, Crowd, Deed


def add(crowd: Crowd, session: Session) -> Deed:
    number, now = crowd.chance.randrange(10_000), crowd.now
    wish = crowd.wish(session, f"Added {number}")

    def do(own: Session) -> Any:
        return add_by_hand(
            own,
            event_id=crowd.event_id,
            email=f"added{number}@example.org",
            wish=wish,
            reason=REASON,
            actor=crowd.desk.actor,
            now=now,
        )

    return Deed("add by hand", do, by_hand=True)


def give(crowd: Crowd, session: Session) -> Deed | None:
    booking, now = crowd.live(session, PlaceState.WAITING), crowd.now
    if booking is None:
        return None
    booking_id, (key, _) = booking.id, crowd.two_keys(session, booking)

    def do(own: Session) -> Any:
        return give_place(
            own,
            booking_id=booking_id,
            session_key=key,
            reason=REASON,
            actor=crowd.desk.actor,
            now=now,
        )

    return Deed("give a place", do, by_hand=True)


def move_somebody(crowd: Crowd, session: Session) -> Deed | None:
    booking, now = crowd.live(session), crowd.now
    if booking is None:
        return None
    booking_id, (here, there) = booking.id, crowd.two_keys(session, booking)

    def do(own: Session) -> Any:
        return move_by_hand(
            own,
            booking_id=booking_id,
            from_key=here,
            to_key=there,
            reason=REASON,
            actor=crowd.desk.actor,
            now=now,
        )

    return Deed("move by hand", do, by_hand=True)


def cancel_somebody(crowd: Crowd, session: Session) -> Deed | None:
    booking, now = crowd.live(session), crowd.now
    if booking is None:
        return None
    booking_id = booking.id

    def do(own: Session) -> Any:
        return cancel_for_person(
            own, booking_id=booking_id, reason=REASON, actor=crowd.desk.actor, now=now
        )

    return Deed("cancel by hand", do, by_hand=True)


def change_places(crowd: Crowd, session: Session) -> Deed:
    """More or fewer places, some kept back, some above the capacity; now and then nobody says why,
    and it is refused."""
    event, chance, now = crowd.event(session), crowd.chance, crowd.now
    date = chance.choice(event.sessions)
    pool = chance.choice(date.pools)
    capacity = chance.randint(0, 9)
    plan = PlacesPlan(capacity, chance.randint(0, capacity // 3), chance.randint(0, 2))
    places, version = {pool_key(date, pool): plan}, event.version
    reason = chance.choice([REASON, REASON, REASON, ""])

    def do(own: Session) -> Any:
        return set_places(
            own,
            event_id=crowd.event_id,
            places=places,
            seen_version=version,
            reason=reason,
            actor=crowd.desk.actor,
            now=now,
        )

    return Deed("set places", do)
