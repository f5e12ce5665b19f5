"""The mails of meetings: one is called, its notes go out."""

from collections.abc import Sequence
from datetime import datetime

from netapp.events.models import Booking, Event, EventSession
from netapp.events.operations.sending import send
from netapp.events.queries.calendar import location_words
from netapp.events.queries.recipients import CalendarNews
from netapp.groups.models import Group
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import span_words
from netapp.mail.operations import Address, Letter, enqueue, enqueue_all
from netapp.people.models import Person


def called(
    session: DbSession,
    group: Group,
    event: Event,
    date: EventSession,
    person: Person,
    by: str,
    words: str,
    now: datetime,
) -> None:
    """To somebody of the group, who says on the page whether they come."""
    enqueue(
        session,
        to=Address(person.name, person.email),
        message="meetings/called",
        about=f"event:{event.key}",
        context={
            "name": person.name,
            "group": {"name": group.name},
            "title": event.title,
            "when_words": span_words(date.starts_at, date.ends_at, event.zone),
            "where": location_words(event, date),
            "by": by,
            "words": words,
            "url": site_of(session).url(f"/events/{event.slug}"),
        },
        now=now,
    )


def called_with_place(
    session: DbSession,
    group: Group,
    event: Event,
    booking: Booking,
    by: str,
    words: str,
    now: datetime,
) -> None:
    """The same to somebody who has a place by it, with the invitation for their calendar."""
    page = f"/groups/{group.slug}/meetings/{event.sessions[0].key}"
    extra = {
        "group": {"name": group.name},
        "by": by,
        "words": words,
        "url": site_of(session).url(page),
    }
    news = [CalendarNews(place, "REQUEST") for place in booking.places]
    message = "meetings/called_with_place"
    send(session, event, booking, message, about=booking.places, news=news, now=now, extra=extra)


def notes(
    session: DbSession,
    group: Group,
    date: EventSession,
    people: Sequence[Person],
    *,
    text: str,
    decisions: Sequence[str],
    now: datetime,
) -> None:
    """To everybody in the group."""
    event = date.event
    page = f"/groups/{group.slug}/meetings/{date.key}"
    context = {
        "group": {"name": group.name},
        "title": event.title,
        "when_words": span_words(date.starts_at, date.ends_at, event.zone),
        "notes": text,
        "decisions": list(decisions),
        "url": site_of(session).url(page),
    }
    sent = [
        Letter(
            to=Address(person.name, person.email),
            message="meetings/notes",
            about=f"group:{group.key}",
            context={**context, "name": person.name},
        )
        for person in people
    ]
    enqueue_all(session, sent, now=now)
