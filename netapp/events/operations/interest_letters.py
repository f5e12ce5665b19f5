"""The mails about interest: to confirm it, that we know of it, and that booking is open."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from netapp.events.links import confirm_interest_url, event_url, interest_url
from netapp.events.models import Event, EventSession, Interest
from netapp.events.policies import is_coming
from netapp.events.queries.calendar import location_words, segment_words, session_title
from netapp.events.queries.topics import Topic
from netapp.kernel.db import DbSession
from netapp.kernel.site import Site, site_of
from netapp.kernel.words import span_words
from netapp.mail import operations as mail
from netapp.mail.operations import Address
from netapp.people.models import Person


def asked(
    session: DbSession, *, topic: Topic, email: str, name: str, token: str, now: datetime
) -> None:
    """Is this address yours? Only then does it count."""
    site = site_of(session)
    mail.enqueue(
        session,
        to=Address(name, email),
        message="events/interest_asked",
        about=f"interest:{topic.key}",
        now=now,
        context={
            "name": _first(name),
            "topic": _topic_words(site, topic),
            "url": confirm_interest_url(site, token),
        },
    )


def known(session: DbSession, *, topic: Topic, found: Interest, email: str, now: datetime) -> None:
    """Somebody said so again: the truth, for the owner of the address only."""
    site = site_of(session)
    person = session.get_one(Person, found.person_id)
    send = mail.enqueue if person.disabled_at is None else mail.rehearse
    send(
        session,
        to=Address(person.name, email),
        message="events/interest_known",
        about=f"interest:{topic.key}",
        now=now,
        context={
            "name": person.first_name,
            "topic": _topic_words(site, topic),
            "manage_url": interest_url(site, found),
        },
    )


def booking_open(
    session: DbSession,
    event: Event,
    dates: Sequence[EventSession],
    found: Interest,
    *,
    full: bool,
    now: datetime,
) -> None:
    """Booking is open for them; ``full``: there is a waiting list to join. ``segments`` of the
    dates and the person are loaded."""
    site, person = site_of(session), found.person
    mail.enqueue(
        session,
        to=Address(person.name, person.email),
        message="events/booking_open",
        about=f"interest:event:{event.key}",
        now=now,
        context={
            "name": person.first_name,
            "event": {"title": event.title, "url": event_url(site, event), "zone": event.zone},
            "dates": [_date_words(event, date) for date in dates if is_coming(date, now)],
            "full": full,
            "manage_url": interest_url(site, found),
            "contact": {
                "name": event.access_contact_name or site.name,
                "email": event.access_contact_email or site.contact_email,
            },
        },
    )


def _date_words(event: Event, date: EventSession) -> dict[str, Any]:
    return {
        "words": span_words(date.starts_at, date.ends_at, event.zone),
        "place": location_words(event, date),
        "title": session_title(event, date),
        "segments": segment_words(event, date),
        "state": "",
    }


def _topic_words(site: Site, topic: Topic) -> dict[str, str]:
    return {"title": topic.title, "url": site.url(topic.path)}


def _first(name: str) -> str:
    return name.split()[0] if name.split() else ""
