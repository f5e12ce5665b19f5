"""What one person booked for several people: they need not be one of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload, selectinload

from netapp.events.models import LIVE_STATES, Booking, Event, EventSession, Place
from netapp.events.queries.letter_words import most_in_a_date
from netapp.events.queries.party import party_of
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import date_words, hours_words, zone_words

MOST: Final = 50


@dataclass(frozen=True, slots=True)
class MyParty:
    """A booking for several people, with the first of its dates that is not over."""

    reference: str
    title: str
    organisation: str
    places: int
    unnamed: int
    wanted_by: str
    starts_at: datetime
    zone: str
    when_words: str
    is_sample: bool


def my_parties(session: DbSession, person_id: int, now: datetime) -> tuple[MyParty, ...]:
    """In order of time; three queries."""
    ahead = (
        exists()
        .where(Place.booking_id == Booking.id, Place.state.in_(LIVE_STATES))
        .where(EventSession.id == Place.session_id, EventSession.ends_at > now)
    )
    bookings = session.scalars(
        select(Booking)
        .where(Booking.person_id == person_id, Booking.live, Booking.is_party, ahead)
        .options(
            joinedload(Booking.event).selectinload(Event.sessions),
            selectinload(Booking.places),
            selectinload(Booking.attendees),
        )
        .order_by(Booking.id)
        .limit(MOST)
    )
    found = [_party(session, booking, now) for booking in bookings]
    return tuple(sorted(found, key=lambda party: party.starts_at))


def _party(session: DbSession, booking: Booking, now: datetime) -> MyParty:
    event = booking.event
    there = {place.session_id for place in booking.places if place.state in LIVE_STATES}
    first = next(d for d in event.sessions if d.id in there and d.ends_at > now)
    party = party_of(site_of(session), event, booking, now)
    hours = hours_words(first.starts_at, first.ends_at, event.zone)
    return MyParty(
        reference=booking.reference,
        title=event.title,
        organisation=booking.organisation,
        places=most_in_a_date(booking),
        unnamed=party.unnamed,
        wanted_by=party.wanted_by,
        starts_at=first.starts_at,
        zone=event.zone,
        when_words=f"{date_words(first.starts_at, event.zone)}, {hours} "
        f"{zone_words(first.starts_at, event.zone)}",
        is_sample=event.is_sample,
    )
