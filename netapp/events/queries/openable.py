"""The bookings that somebody may open by the links we mail them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from netapp.events.links import manage_url, own_place_url
from netapp.events.models import LIVE_STATES, Attendee, Booking, Event, EventSession, Place
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import moment_words
from netapp.people.models import Person

MOST_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Openable:
    """A booking with something to come; ``url`` carries its key."""

    reference: str
    title: str
    when_words: str  # Its next date.
    url: str


def bookings_to_open(
    session: DbSession, email: str, now: datetime
) -> tuple[str, tuple[Openable, ...]]:
    """The name behind this canonical address, and its bookings in order of their next date."""
    site = site_of(session)
    name = session.scalar(
        select(Person.name).where(Person.email == email, Person.disabled_at.is_(None))
    )
    starts_at = func.min(EventSession.starts_at)
    rows = session.execute(
        select(Booking, Event.title, Event.zone, starts_at)
        .join(Event, Event.id == Booking.event_id)
        .join(Place, Place.booking_id == Booking.id)
        .join(EventSession, EventSession.id == Place.session_id)
        .join(Person, Person.id == Booking.person_id)
        .where(
            Person.email == email,
            Person.disabled_at.is_(None),
            Place.state.in_(LIVE_STATES),
            EventSession.ends_at > now,
        )
        .group_by(Booking.id, Event.id)
        .order_by(starts_at, Booking.id)
        .limit(MOST_NAMED)
    ).all()
    found = [
        (
            starts,
            Openable(
                booking.reference, title, moment_words(starts, zone), manage_url(site, booking)
            ),
        )
        for booking, title, zone, starts in rows
    ]
    found += _places_to_open(session, email, now)
    in_order = sorted(found, key=lambda one: one[0])[:MOST_NAMED]
    return name or "", tuple(each for _, each in in_order)


def _places_to_open(
    session: DbSession, email: str, now: datetime
) -> list[tuple[datetime, Openable]]:
    """The places that other people booked for whoever has this address."""
    site = site_of(session)
    starts_at = func.min(EventSession.starts_at)
    rows = session.execute(
        select(Attendee, Booking, Event.title, Event.zone, starts_at)
        .join(Booking, Booking.id == Attendee.booking_id)
        .join(Event, Event.id == Booking.event_id)
        .join(Place, Place.attendee_id == Attendee.id)
        .join(EventSession, EventSession.id == Place.session_id)
        .join(Person, Person.id == Attendee.person_id)
        .where(
            Person.email == email,
            Person.disabled_at.is_(None),
            Booking.person_id != Person.id,
            Place.state.in_(LIVE_STATES),
            EventSession.ends_at > now,
        )
        .group_by(Attendee.id, Booking.id, Event.id)
        .order_by(starts_at, Attendee.id)
        .limit(MOST_NAMED)
    )
    return [
        (starts, _openable(booking, title, zone, starts, own_place_url(site, booking, attendee)))
        for attendee, booking, title, zone, starts in rows
    ]


def _openable(booking: Booking, title: str, zone: str, starts: datetime, url: str) -> Openable:
    return Openable(booking.reference, title, moment_words(starts, zone), url)
