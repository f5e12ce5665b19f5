"""The mails about minimum numbers: another number, decide, it runs, it is open again."""

from collections.abc import Sequence
from datetime import datetime

from netapp.events.models import Booking, Event
from netapp.events.operations.sending import send_all
from netapp.events.queries.changes import Change
from netapp.events.queries.letter_words import event_words
from netapp.events.queries.minimum import DateNumber, uncertain_words
from netapp.events.queries.minimum_effects import MESSAGE
from netapp.events.queries.notices import notices_of_minimum
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
    session: DbSession, event: Event, bookings: Sequence[Booking], message: str, *, now: datetime
) -> int:
    """``message``: events/runs or events/undecided, to each who holds a place in a date to come;
    returns how many people were told. Carries no calendar part: time and place are as they were.
    ``places`` and ``attendees`` of the bookings are loaded."""
    notices = notices_of_minimum(event, bookings, message, now=now)
    return len(send_all(session, event, notices, now=now))


def changed(
    session: DbSession,
    event: Event,
    bookings: Sequence[Booking],
    changes: Sequence[Change],
    *,
    reason: str,
    now: datetime,
) -> int:
    """Another number or day, or none any more; otherwise like ``decided``."""
    extra = {
        "changes": [change.as_dict() for change in changes],
        "reason": reason,
        "uncertain": uncertain_words(event),
    }
    notices = notices_of_minimum(event, bookings, MESSAGE, extra=extra, now=now)
    return len(send_all(session, event, notices, now=now))


def _whom_to_ask(session: DbSession, event: Event) -> list[Person]:
    """The organiser, while they have an account; else all coordinators."""
    if event.organiser_id is not None:
        organiser = session.get_one(Person, event.organiser_id)
        if organiser.disabled_at is None:
            return [organiser]
    return [person for person in coordinators(session) if person.disabled_at is None]
