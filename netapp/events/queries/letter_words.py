"""What the mails of a booking say: links, dates in words, places on waiting lists."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from netapp.events.links import event_url, item_url, manage_url, names_url, own_place_url
from netapp.events.models import (
    LIVE_STATES,
    Attendee,
    Booking,
    Event,
    EventSession,
    Mode,
    Place,
)
from netapp.events.policies import name_until, names_due, unnamed_places
from netapp.events.queries.calendar import location_words, segment_words, session_title
from netapp.events.queries.waiting_list import positions
from netapp.kernel.db import DbSession
from netapp.kernel.site import Site
from netapp.kernel.words import date_words, moment_words, span_words, time_words, zone_words
from netapp.people.models import Person


def dates_of(session: DbSession, event: Event) -> dict[int, EventSession]:
    """The dates of an event by id, in order of time, with their segments."""
    found = session.scalars(_DATES, {"event_id": event.id}).unique()
    return {date.id: date for date in found}


_DATES = (
    select(EventSession)
    .where(EventSession.event_id == bindparam("event_id"))
    .options(joinedload(EventSession.segments))
    .order_by(EventSession.starts_at, EventSession.id)
)


def letter_context(
    site: Site, event: Event, booking: Booking, person: Person, dates: dict[int, EventSession]
) -> dict[str, Any]:
    """What every letter to a booker may use, beside its dates."""
    manage = manage_url(site, booking)
    return {
        "name": first_name(booking.name),
        "event": event_words(site, event),
        "reference": booking.reference,
        "manage_url": manage,
        "joining_url": manage,
        "take_url": f"{manage}#offer",
        "leave_url": f"{manage}#change",
        "online": any(place.mode is Mode.ONLINE for place in booking.places),
        "is_guest": person.registered_at is None,
        "cancel_until": _cancel_until(event, booking, dates),
        "cost": event.cost,
        "contact": {
            "name": event.access_contact_name or site.name,
            "email": event.access_contact_email or site.contact_email,
        },
        "invitations_url": f"{manage}#invitations",
        "party": party_words(site, event, booking, dates) if booking.is_party else None,
    }


def attendee_context(site: Site, booking: Booking, attendee: Attendee) -> dict[str, Any]:
    """What is different in a letter to somebody for whom another person booked."""
    mine = own_place_url(site, booking, attendee)
    return {
        "name": first_name(attendee.name),
        "manage_url": mine,
        "joining_url": mine,
        "invitations_url": None,
        "cancel_until": "",
        "cost": "",
        "is_guest": False,
        "given_by": booking.name,
        "organisation": booking.organisation,
        "party": None,
    }


def party_words(
    site: Site, event: Event, booking: Booking, dates: dict[int, EventSession]
) -> dict[str, Any]:
    """What the booker of a party should know of it."""
    there = {place.attendee_id for place in booking.places if place.state in LIVE_STATES}
    people = [attendee for attendee in booking.attendees if attendee.id in there]
    unnamed = [attendee for attendee in people if not attendee.name]
    until = names_wanted_by(event, booking, dates)
    return {
        "places": most_in_a_date(booking),
        "organisation": booking.organisation,
        "order_number": booking.order_number,
        "unnamed": len(unnamed),
        "names_url": names_url(site, booking),
        "name_until": moment_words(until, event.zone) if until else "",
    }


def names_wanted_by(
    event: Event, booking: Booking, dates: Mapping[int, EventSession]
) -> datetime | None:
    """Until when people must be named; None: there is no end to it but the start."""
    unnamed = unnamed_places(booking, dates.keys())
    if unnamed:
        return names_due(event, booking, unnamed, [dates[place.session_id] for place in unnamed])
    live = [dates[p.session_id] for p in booking.places if p.state in LIVE_STATES]
    return name_until(event, live)


def most_in_a_date(booking: Booking) -> int:
    """For how many people a booking is: the most places it has or waits for in one date."""
    there = Counter(place.session_id for place in booking.places if place.state in LIVE_STATES)
    return max(there.values(), default=0)


def first_name(name: str) -> str:
    return name.split()[0] if name.split() else name


def event_words(site: Site, event: Event) -> dict[str, str]:
    return {"title": event.title, "url": event_url(site, event), "zone": event.zone}


def date_lines(
    session: DbSession,
    site: Site,
    event: Event,
    dates: Mapping[int, EventSession],
    places: Sequence[Place],
) -> list[dict[str, Any]]:
    """The dates of these places as a mail lists them, in order of time; ``dates`` of the event."""
    waiting = positions(session, [place.id for place in places])
    return lines_of(site, event, dates, places, waiting)


def lines_of(
    site: Site,
    event: Event,
    dates: Mapping[int, EventSession],
    places: Sequence[Place],
    waiting: Mapping[int, int],
) -> list[dict[str, Any]]:
    """The same where the numbers on the waiting list are known.
    What a party has alike in a date is one line, with the number of its ``places``."""
    alike = Counter((place.session_id, place.mode, place.state) for place in places)
    first = {(place.session_id, place.mode, place.state): place for place in reversed(places)}
    ordered = sorted(
        first.values(), key=lambda place: (dates[place.session_id].starts_at, place.for_swap)
    )
    return [
        {
            "words": span_words(date.starts_at, date.ends_at, event.zone),
            "place": location_words(event, date, place.mode),
            "online": place.mode is Mode.ONLINE,
            "title": session_title(event, date),
            "segments": segment_words(event, date),
            "state": place.state.value,
            "places": alike[place.session_id, place.mode, place.state],
            "position": waiting.get(place.id),
            "held_until": held_until(event, place.offer_ends_at),
            "calendar_url": item_url(site, event, date),
        }
        for place in ordered
        for date in [dates[place.session_id]]
    ]


def held_until(event: Event, ends_at: datetime | None) -> str:
    """Thursday 14 January 2027, 12:30pm GMT; empty where nothing is on offer."""
    if ends_at is None:
        return ""
    words = f"{date_words(ends_at, event.zone)}, {time_words(ends_at, event.zone)}"
    return f"{words} {zone_words(ends_at, event.zone)}"


def _cancel_until(event: Event, booking: Booking, dates: dict[int, EventSession]) -> str:
    """Until when the first of their dates can be changed, in words; "" if none can be."""
    live = [dates[p.session_id] for p in booking.places if p.state in LIVE_STATES]
    if not live:
        return ""
    first = min(date.starts_at for date in live)
    until = first - timedelta(hours=event.change_until_hours)
    words = f"{time_words(until, event.zone)} on {date_words(until, event.zone)}"
    return words if event.change_until_hours else "it starts"
