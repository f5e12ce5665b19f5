"""What would help people take part: counted without names, and opened for whoever may read."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from netapp.events.models import (
    LIVE_STATES,
    AccessNeed,
    Attendee,
    Booking,
    Event,
    NeedState,
)
from netapp.events.queries.manage_bookings import moment_words
from netapp.kernel.db import DbSession
from netapp.kernel.words import short_date_words
from netapp.people.addresses import shown
from netapp.people.models import Person


@dataclass(frozen=True, slots=True)
class NeedCounts:
    new: int
    answered: int

    @property
    def total(self) -> int:
        return self.new + self.answered


@dataclass(frozen=True, slots=True)
class OpenedNeed:
    """One answer in its words, with whom to reply to."""

    key: str
    mark: str  # Of this text: see ``mark_of``.
    name: str
    email: str
    reference: str
    dates: tuple[str, ...]
    text: str
    told_words: str
    answered_words: str


def mark_of(need: AccessNeed) -> str:
    """Tells one text from the next without opening it: each is sealed anew."""
    return hashlib.sha256(need.sealed).hexdigest()[:16]


def need_counts(session: DbSession, event: Event) -> NeedCounts:
    rows = session.execute(
        select(AccessNeed.state, func.count())
        .where(AccessNeed.event_id == event.id)
        .group_by(AccessNeed.state)
    )
    counts = {state: int(number) for state, number in rows}
    return NeedCounts(counts.get(NeedState.NEW, 0), counts.get(NeedState.ANSWERED, 0))


def opened_needs(
    session: DbSession, event: Event, read: Sequence[tuple[AccessNeed, str]]
) -> list[OpenedNeed]:
    """Those not answered first. ``read`` comes from the operation that notes the reading;
    ``sessions`` of the event must be loaded."""
    rows = session.execute(
        select(Booking, Attendee.name, Person.email)
        .join(Attendee, Attendee.booking_id == Booking.id)
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.id.in_([need.booking_id for need, _ in read]))
        .options(selectinload(Booking.places))
    )
    booked = {booking.id: (booking, name, email) for booking, name, email in rows}
    days = {date.id: short_date_words(date.starts_at, event.zone) for date in event.sessions}
    found = []
    for need, text in sorted(read, key=lambda one: (one[0].state is NeedState.ANSWERED, one[0].id)):
        booking, name, email = booked[need.booking_id]
        live = {place.session_id for place in booking.places if place.state in LIVE_STATES}
        found.append(
            OpenedNeed(
                key=need.key,
                mark=mark_of(need),
                name=name,
                email=shown(email),
                reference=booking.reference,
                dates=tuple(words for number, words in days.items() if number in live),
                text=text,
                told_words=moment_words(need.changed_at, event.zone),
                answered_words=(
                    moment_words(need.answered_at, event.zone) if need.answered_at else ""
                ),
            )
        )
    return found
