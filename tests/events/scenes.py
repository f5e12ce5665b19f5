"""Short words for what booking tests do again and again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from netapp.events.models import Booking, Event, Place, Pool
from netapp.events.operations import booking as booking_operations
from netapp.events.operations.booking import Wish
from netapp.events.queries.waiting_list import positions as waiting_positions
from netapp.mail.models import OutboxMessage
from netapp.people.models import Person
from tests.factories import NOW, make_person


def wish(event: Event, *numbers: int, **more: object) -> Wish:
    """The dates with these numbers, from 0; without numbers the whole course."""
    keys = [event.sessions[n].key for n in numbers] if numbers else None
    return Wish(session_keys=keys, name=str(more.pop("name", "A Person")), **more)  # type: ignore[arg-type]


def book(
    session: Session, event: Event, *numbers: int, person: Person | None = None,
    now: datetime = NOW,
) -> Booking:  # fmt: skip
    """Book and commit."""
    person = person or make_person(session)
    made = booking_operations.book(
        session,
        event_id=event.id,
        person=person,
        wish=wish(event, *numbers, name=person.name),
        now=now,
    )
    session.commit()
    return made


def fill(session: Session, event: Event, *numbers: int, people: int) -> list[Booking]:
    return [book(session, event, *numbers) for _ in range(people)]


def states(session: Session, booking: Booking) -> list[str]:
    """The states of a booking's places in the order they were given, without waits to swap."""
    mine = Place.booking_id == booking.id, Place.for_swap.is_(False)
    found = select(Place.state).where(*mine).order_by(Place.id)
    return [state.value for state in session.scalars(found)]


def positions(session: Session, booking: Booking) -> list[int | None]:
    """Their numbers on the waiting lists, place by place."""
    found = select(Place.id).where(Place.booking_id == booking.id).order_by(Place.id)
    ids = session.scalars(found).all()
    numbers = waiting_positions(session, ids)
    return [numbers.get(place_id) for place_id in ids]


def taken(session: Session, event: Event) -> list[int]:
    """Places taken in each date, as the pools count them."""
    ids = [date.id for date in event.sessions]
    found = select(Pool.taken).where(Pool.session_id.in_(ids)).order_by(Pool.session_id)
    return list(session.scalars(found))


def mails(session: Session, *, to: Person | None = None) -> list[str]:
    """Which messages wait in the outbox, in order."""
    found = select(OutboxMessage.message).order_by(OutboxMessage.id)
    if to is not None:
        found = found.where(OutboxMessage.to_email == to.email)
    return list(session.scalars(found))


def forget_mails(session: Session) -> None:
    for message in session.scalars(select(OutboxMessage)):
        session.delete(message)
    session.commit()


def people(session: Session, number: int) -> Sequence[Person]:
    return [make_person(session) for _ in range(number)]
