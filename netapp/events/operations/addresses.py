"""The bookings of somebody whose email address changes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from netapp.events.models import LIVE_STATES, Booking, Event
from netapp.events.operations import letters
from netapp.events.operations.guard import FRESH, lock_event
from netapp.events.operations.sending import with_places
from netapp.events.operations.story import note
from netapp.events.policies import is_coming
from netapp.kernel.db import DbSession
from netapp.people.models import Person


@dataclass(frozen=True, slots=True)
class Held:
    """One person's live bookings, with their events locked."""

    person_id: int | None
    bookings: tuple[tuple[Event, int], ...]


def hold_bookings(session: DbSession, person_key: str) -> Held:
    """Lock the events of this person's live bookings, in the order of their ids."""
    person_id = session.scalar(select(Person.id).where(Person.key == person_key))
    mine = select(Booking.event_id, Booking.id).where(Booking.person_id == person_id, Booking.live)
    rows = session.execute(mine.order_by(Booking.event_id, Booking.id)).all()
    return Held(person_id, tuple((lock_event(session, event), booking) for event, booking in rows))


def follow_person(session: DbSession, held: Held, now: datetime) -> None:
    """End every link that was sent about their bookings, and send those of what is to come to the
    address they have now."""
    session.scalars(
        update(Booking)
        .where(Booking.person_id == held.person_id)
        .values(link_version=Booking.link_version + 1)
        .returning(Booking),
        execution_options=FRESH,
    ).all()
    for event, booking_id in held.bookings:
        booking = with_places(session, booking_id)
        coming = {date.id for date in event.sessions if is_coming(date, now)}
        places = [p for p in booking.places if p.state in LIVE_STATES and p.session_id in coming]
        if places:
            note(session, booking, "The email address was changed.", now, by="desk")
            letters.new_address(session, event, booking, places=places, now=now)
