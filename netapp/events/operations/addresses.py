"""The bookings of somebody whose email address changes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from netapp.events.models import LIVE_STATES, Attendee, Booking, Event
from netapp.events.operations import letters
from netapp.events.operations.guard import FRESH, lock_event
from netapp.events.operations.sending import with_places
from netapp.events.operations.story import note
from netapp.events.policies import is_coming
from netapp.kernel.db import DbSession
from netapp.kernel.tokens import new_key
from netapp.people.models import Person


@dataclass(frozen=True, slots=True)
class Held:
    """One person's live bookings, and those on which somebody else named them, with their events
    locked."""

    person_id: int | None
    bookings: tuple[tuple[Event, int], ...]
    named_on: tuple[tuple[Event, int], ...] = ()


def hold_bookings(session: DbSession, person_key: str) -> Held:
    """Lock the events of this person's live bookings, in the order of their ids."""
    person_id = session.scalar(select(Person.id).where(Person.key == person_key))
    mine = select(Booking.event_id, Booking.id).where(Booking.person_id == person_id, Booking.live)
    named = (
        select(Booking.event_id, Booking.id)
        .join(Attendee, Attendee.booking_id == Booking.id)
        .where(Attendee.person_id == person_id, Booking.person_id != person_id, Booking.live)
        .distinct()
    )
    made = {tuple(row) for row in session.execute(mine)}
    found = {tuple(row) for row in session.execute(named)}
    events = {event: lock_event(session, event) for event in sorted({e for e, _ in made | found})}
    return Held(
        person_id,
        tuple((events[event], booking) for event, booking in sorted(made)),
        tuple((events[event], booking) for event, booking in sorted(found)),
    )


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
    for event, booking_id in held.named_on:
        _follow_named(session, event, booking_id, held.person_id, now)


def _follow_named(
    session: DbSession, event: Event, booking_id: int, person_id: int | None, now: datetime
) -> None:
    """The link to their place on a booking of somebody else: a new one, for them alone."""
    booking = with_places(session, booking_id)
    coming = {date.id for date in event.sessions if is_coming(date, now)}
    for attendee in booking.attendees:
        if attendee.person_id != person_id:
            continue
        attendee.key = new_key()
        session.flush()
        theirs = [p for p in booking.places if p.attendee_id == attendee.id and p.person_id]
        live = [p for p in theirs if p.state in LIVE_STATES and p.session_id in coming]
        if live:
            letters.new_address_of_named(session, event, booking, attendee, places=live, now=now)
