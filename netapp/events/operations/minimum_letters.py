"""The mails about minimum numbers: decide, it runs, it is open again."""

from collections.abc import Sequence
from datetime import datetime

from netapp.events.models import HELD_STATES, Booking, Event
from netapp.events.queries.letter_words import date_lines, dates_of, event_words, letter_context
from netapp.events.queries.minimum import DateNumber
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.mail import operations as mail
from netapp.mail.operations import Address
from netapp.people.models import Person
from netapp.people.queries import coordinators


def decide(
    session: DbSession,
    event: Event,
    summary: str,
    numbers: Sequence[DateNumber],
    *,
    now: datetime,
) -> None:
    """The decision day has come. ``summary``: 5 of 8 booked."""
    site = site_of(session)
    for person in _whom_to_ask(session, event):
        mail.enqueue(
            session,
            to=Address(person.name, person.email),
            message="events/decide",
            about=f"event:{event.key}",
            now=now,
            context={
                "name": person.first_name,
                "event": event_words(site, event),
                "summary": summary,
                "numbers": [
                    {"day": each.day_words, "people": each.people, "needed": each.needed}
                    for each in numbers
                ],
                "url": site.url(f"/desk/events/{event.key}/minimum#decide"),
            },
        )


def decided(
    session: DbSession, event: Event, booking: Booking, message: str, *, now: datetime
) -> None:
    """``message``: events/runs or events/undecided. Carries no calendar part: time and place are
    as they were. ``places`` and ``attendees`` of the booking are loaded."""
    site = site_of(session)
    person = session.get_one(Person, booking.person_id)
    dates = dates_of(session, event)
    held = [
        place
        for place in booking.places
        if place.state in HELD_STATES and dates[place.session_id].starts_at > now
    ]
    context = letter_context(site, event, booking, person, dates)
    mail.enqueue(
        session,
        to=Address(booking.name, person.email),
        message=message,
        about=f"booking:{booking.reference}",
        now=now,
        context=context | {"dates": date_lines(session, site, event, dates, held)},
    )


def _whom_to_ask(session: DbSession, event: Event) -> list[Person]:
    """The organiser, while they have an account; else all coordinators."""
    if event.organiser_id is not None:
        organiser = session.get_one(Person, event.organiser_id)
        if organiser.disabled_at is None:
            return [organiser]
    return [person for person in coordinators(session) if person.disabled_at is None]
