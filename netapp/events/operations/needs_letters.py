"""The mails about what people need: to those who arrange it without a word of it, and the answer
to a request to the one who asked."""

from datetime import datetime

from netapp.events.links import manage_url, own_place_url
from netapp.events.models import Attendee, Booking, Event, RequestState
from netapp.events.queries.asking import IN_A_SENTENCE
from netapp.events.queries.letter_words import event_words, first_name
from netapp.events.queries.needs import name_on_booking
from netapp.events.queries.readers import whom_to_tell
from netapp.events.queries.requests import Asked
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.mail.operations import Address, enqueue
from netapp.people.models import Person


def needs_changed(
    session: DbSession, event: Event, *, withdrawn: bool, in_vain: bool = False, now: datetime
) -> None:
    """Somebody changed or withdrew what they share with this event; not who, and not what.
    ``in_vain``: what is booked for them is asked for no more."""
    site = site_of(session)
    for person in whom_to_tell(session, event):
        enqueue(
            session,
            to=Address(person.name, person.email),
            message="events/needs_changed",
            about=f"event:{event.key}",
            now=now,
            context={
                "name": person.first_name,
                "event": event_words(site, event),
                "withdrawn": withdrawn,
                "in_vain": in_vain,
                "url": site.url(f"/desk/events/{event.key}/needs"),
            },
        )


def request_answered(session: DbSession, event: Event, asked: Asked, *, now: datetime) -> None:
    """It is booked, or why it is not."""
    site = site_of(session)
    booking = session.get_one(Booking, asked.request.booking_id)
    person = session.get_one(Person, asked.request.person_id)
    attendee = name_on_booking(session, booking, person.id)
    name = attendee.name if attendee else booking.name
    enqueue(
        session,
        to=Address(name, person.email),
        message="events/request_answered",
        about=f"booking:{booking.reference}",
        now=now,
        context={
            "name": first_name(name),
            "event": event_words(site, event),
            "what": IN_A_SENTENCE[asked.kind],
            "booked": asked.request.state is RequestState.BOOKED,
            "answer": asked.answer,
            "url": _own_page(session, booking, person, attendee),
            "contact": {
                "name": event.access_contact_name or site.name,
                "email": event.access_contact_email or site.contact_email,
            },
        },
    )


def _own_page(
    session: DbSession, booking: Booking, person: Person, attendee: Attendee | None
) -> str:
    site = site_of(session)
    if person.id == booking.person_id or attendee is None:
        return manage_url(site, booking)
    return own_place_url(site, booking, attendee)
