"""A booking as a row of the desk's list, with the people of a party."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, select

from netapp.events.models import (
    LIVE_STATES,
    Booking,
    BookingSource,
    Event,
    EventSession,
    Mode,
    Place,
    PlaceState,
)
from netapp.kernel.db import DbSession
from netapp.kernel.words import short_date_words
from netapp.people.addresses import shown
from netapp.people.models import Person


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One place, or what a party has alike in a date."""

    date: str  # Thu 21 Jan 2027
    date_key: str
    state: PlaceState
    reason: str
    mode: Mode
    number: int = 1


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody of a party; without a name nobody is named, without an address we have none."""

    name: str
    email: str
    states: dict[str, PlaceState]  # By the key of the date, the newest.
    is_live: bool


@dataclass(frozen=True, slots=True)
class BookingRow:
    id: int
    reference: str
    name: str
    email: str
    organisation: str
    person_key: str
    source: BookingSource
    booked_at: datetime
    live: bool
    places: tuple[PlaceLine, ...]
    order_number: str
    people: tuple[PersonRow, ...]  # Of a party only.

    @property
    def here(self) -> tuple[PersonRow, ...]:
        """Those of a party who still hold or wait for something."""
        return tuple(person for person in self.people if person.is_live)

    @property
    def unnamed(self) -> int:
        """How many of them nobody has named yet."""
        return sum(not person.name for person in self.here)

    def state_on(self, date_key: str) -> PlaceState | None:
        """The newest place in a date; None where there never was one."""
        found = [place.state for place in self.places if place.date_key == date_key]
        return found[-1] if found else None


def read_rows(session: DbSession, event: Event, rows: Select[Booking, Person]) -> list[BookingRow]:
    dates = {date.id: date for date in event.sessions}
    order = {date.id: number for number, date in enumerate(event.sessions)}
    found = []
    pairs = session.execute(rows).all()
    addresses = _addresses(session, [booking for booking, _ in pairs])
    for booking, person in pairs:
        places = sorted(
            (place for place in booking.places if place.session_id in dates),
            key=lambda place: (order[place.session_id], place.id),
        )
        found.append(
            BookingRow(
                id=booking.id,
                reference=booking.reference,
                name=booking.name,
                email=shown(person.email),
                organisation=booking.organisation or person.organisation,
                person_key=person.key,
                source=booking.source,
                booked_at=booking.booked_at,
                live=booking.live,
                places=_place_lines(booking, places, dates, event.zone),
                order_number=booking.order_number,
                people=_people(booking, places, dates, addresses) if booking.is_party else (),
            )
        )
    return found


def _place_lines(
    booking: Booking, places: Sequence[Place], dates: Mapping[int, EventSession], zone: str
) -> tuple[PlaceLine, ...]:
    """A line for each place, one after the other; a party has one for what is alike."""
    lines = [
        PlaceLine(
            short_date_words(dates[place.session_id].starts_at, zone),
            dates[place.session_id].key,
            place.state,
            place.end_reason.value if place.end_reason else "",
            place.mode,
        )
        for place in places
    ]
    if not booking.is_party:
        return tuple(lines)
    return tuple(replace(line, number=number) for line, number in Counter(lines).items())


def _people(
    booking: Booking,
    places: Sequence[Place],
    dates: Mapping[int, EventSession],
    addresses: Mapping[int, str],
) -> tuple[PersonRow, ...]:
    found = []
    for attendee in booking.attendees:
        theirs = [place for place in places if place.attendee_id == attendee.id]
        found.append(
            PersonRow(
                name=attendee.name,
                email=addresses.get(attendee.person_id or 0, ""),
                states={dates[place.session_id].key: place.state for place in theirs},
                is_live=any(place.state in LIVE_STATES for place in theirs),
            )
        )
    return tuple(found)


def _addresses(session: DbSession, bookings: Sequence[Booking]) -> dict[int, str]:
    """Of the people of parties, by the id of the person; no query where there is none."""
    people = {
        attendee.person_id
        for booking in bookings
        if booking.is_party
        for attendee in booking.attendees
        if attendee.person_id is not None
    }
    if not people:
        return {}
    rows = session.execute(select(Person.id, Person.email).where(Person.id.in_(people)))
    return {person_id: shown(email) for person_id, email in rows}
