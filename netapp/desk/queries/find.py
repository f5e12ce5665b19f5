"""One box for everything: people, events, bookings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from netapp.events.models import Attendee, Booking, Event
from netapp.events.queries.manage import EventRow, event_list
from netapp.kernel.db import DbSession
from netapp.membership.queries.people_list import PersonLine, people_page
from netapp.organisations.queries.register import OrganisationLine, matching
from netapp.people.models import Person

MOST: Final = 10
_REFERENCE: Final = re.compile(r"[A-Z0-9]{2,4}(-?[A-Z0-9]{1,4}){0,2}\Z")


@dataclass(frozen=True, slots=True)
class FoundBooking:
    reference: str
    name: str
    event_key: str
    event_title: str
    live: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The first few of each; ``more_people`` and ``more_events`` are how many are not shown."""

    people: Sequence[PersonLine] = ()
    more_people: int = 0
    events: Sequence[EventRow] = ()
    more_events: int = 0
    bookings: Sequence[FoundBooking] = ()
    organisations: Sequence[OrganisationLine] = ()

    @property
    def total(self) -> int:
        return len(self.people) + len(self.events) + len(self.bookings) + len(self.organisations)


def find(session: DbSession, words: str, *, now: datetime) -> Found:
    """Whatever has all these words in it. Empty words find nothing."""
    if not words:
        return Found()
    people = people_page(session, words=words, who="everyone", number=1, at=now)
    events = event_list(session, shown="coming", words=words, number=1, now=now)
    return Found(
        people=people.items[:MOST],
        more_people=max(0, people.total - MOST),
        events=events.items[:MOST],
        more_events=max(0, events.total - MOST),
        bookings=_bookings(session, words),
        organisations=matching(session, words, most=MOST),
    )


def _bookings(session: DbSession, words: str) -> list[FoundBooking]:
    """By reference, with or without hyphens, or by the name given with the booking."""
    asked = words.upper().replace(" ", "")
    matches = Attendee.name.icontains(words, autoescape=True)
    if _REFERENCE.match(asked):
        letters = asked.replace("-", "")
        parts = [letters[:4], letters[4:8], letters[8:]]
        reference = "-".join(part for part in parts if part)
        matches |= Booking.reference.startswith(reference, autoescape=True)
    rows = session.execute(
        select(Booking.reference, Attendee.name, Event.key, Event.title, Booking.live)
        .join(Attendee, Attendee.booking_id == Booking.id)
        .join(Event, Event.id == Booking.event_id)
        .join(Person, Person.id == Booking.person_id)
        .where(matches)
        .order_by(Booking.booked_at.desc(), Booking.id.desc())
        .limit(MOST)
    )
    return [FoundBooking(*row) for row in rows]
