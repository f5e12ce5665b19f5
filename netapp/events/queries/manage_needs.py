"""What would help people take part: counted without names, and opened for whoever may read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, literal, select
from sqlalchemy.orm import selectinload

from netapp.audit import queries as audit
from netapp.events.models import (
    LIVE_STATES,
    AccessNeed,
    AccessRequest,
    Booking,
    Event,
    NeedState,
    Place,
    RequestState,
)
from netapp.events.queries.asking import REQUEST_WORDS, last_day_words
from netapp.events.queries.manage_bookings import moment_words
from netapp.events.queries.needs import is_read, told_of
from netapp.events.queries.requests import asked_of
from netapp.kernel.db import DbSession
from netapp.kernel.words import short_date_words
from netapp.people.access import Kept, Told, labels, profiles_of
from netapp.people.addresses import shown
from netapp.people.models import Person, ProfileKind

MOST: Final = 20


@dataclass(frozen=True, slots=True)
class NeedCounts:
    new: int
    answered: int
    people: int
    new_requests: int
    requests: int

    @property
    def total(self) -> int:
        return self.new + self.answered


@dataclass(frozen=True, slots=True)
class Teller:
    """Whoever told something, with how to reply to them."""

    name: str
    email: str
    reference: str
    dates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenedNeed:
    """One answer: what they ticked, in their words, and what they share of their profile."""

    key: str
    mark: str  # Of what can be read: see ``mark_of``.
    who: Teller
    about_food: bool
    ticks: tuple[str, ...]
    texts: tuple[str, ...]
    is_shared: bool
    told_words: str
    answered_words: str


@dataclass(frozen=True, slots=True)
class OpenedRequest:
    """A request with all that is needed to answer it."""

    key: str
    version: int
    who: Teller
    words: str  # BSL interpreter
    state: RequestState
    by_words: str  # Until when it was to be asked for; empty where no date is left.
    asked_words: str
    answered_words: str
    answer: str


def mark_of(need: AccessNeed) -> str:
    """Tells what was read from what came after it, without opening either."""
    return str(need.version)


def need_counts(session: DbSession, event: Event) -> NeedCounts:
    rows = session.execute(
        select(AccessNeed.state, func.count())
        .where(AccessNeed.event_id == event.id)
        .group_by(AccessNeed.state)
    )
    counts = {state: int(number) for state, number in rows}
    asked = session.execute(
        select(AccessRequest.state, func.count())
        .where(AccessRequest.event_id == event.id)
        .group_by(AccessRequest.state)
    )
    requests = {state: int(number) for state, number in asked}
    people = session.scalar(
        select(func.count(AccessNeed.person_id.distinct())).where(AccessNeed.event_id == event.id)
    )
    return NeedCounts(
        new=counts.get(NeedState.NEW, 0),
        answered=counts.get(NeedState.ANSWERED, 0),
        people=people or 0,
        new_requests=requests.get(RequestState.NEW, 0),
        requests=sum(requests.values()),
    )


def in_vain_lines(session: DbSession, event: Event, now: datetime) -> list[str]:
    """When something that had been booked was asked for no more, the newest first: 22 November
    2026, 9pm; nothing once the event is over. ``sessions`` are loaded. One query."""
    if not is_read(event, now):
        return []
    this = select(literal(f"event:{event.key}"))
    lines = audit.lines_of_actions(session, subjects=this, actions=("request.in_vain",), most=MOST)
    return [moment_words(line.at, event.zone) for line in lines]


def opened_needs(
    session: DbSession, event: Event, read: Sequence[AccessNeed], now: datetime
) -> list[OpenedNeed]:
    """Those not answered first. ``read`` comes from the operation that notes the reading;
    ``sessions`` of the event must be loaded. Profiles are opened until the event is over."""
    shares = {need.person_id for need in read if need.shared_at} if is_read(event, now) else set()
    profiles = profiles_of(session, shares)
    who = _tellers(session, event, {(need.booking_id, need.person_id) for need in read})
    found = []
    for need in sorted(read, key=lambda one: (one.state is NeedState.ANSWERED, one.id)):
        own, profile = told_of(session, need), _shared(need, profiles)
        told = Told(tuple(dict.fromkeys((*profile.ticks, *own.ticks))))
        found.append(
            OpenedNeed(
                key=need.key,
                mark=mark_of(need),
                who=who[need.booking_id, need.person_id],
                about_food=need.kind is ProfileKind.FOOD,
                ticks=labels(need.kind, told),
                texts=tuple(text for text in (profile.text, own.text) if text),
                is_shared=need.shared_at is not None,
                told_words=moment_words(need.changed_at, event.zone),
                answered_words=(
                    moment_words(need.answered_at, event.zone) if need.answered_at else ""
                ),
            )
        )
    return found


def opened_requests(
    session: DbSession, event: Event, read: Sequence[AccessRequest], now: datetime
) -> list[OpenedRequest]:
    """Those that wait for an answer first. As ``opened_needs``."""
    who = _tellers(session, event, {(row.booking_id, row.person_id) for row in read})
    coming = [date for date in event.sessions if date.starts_at > now]
    by_words = last_day_words(event, coming[0]) if coming else ""
    return [
        OpenedRequest(
            key=asked.request.key,
            version=asked.request.version,
            who=who[asked.request.booking_id, asked.request.person_id],
            words=REQUEST_WORDS[asked.kind],
            state=asked.request.state,
            by_words=by_words,
            asked_words=moment_words(asked.request.asked_at, event.zone),
            answered_words=(
                moment_words(asked.request.answered_at, event.zone)
                if asked.request.answered_at
                else ""
            ),
            answer=asked.answer,
        )
        for asked in sorted(
            asked_of(session, read),
            key=lambda one: (one.request.state is not RequestState.NEW, one.request.id),
        )
    ]


def _shared(need: AccessNeed, profiles: Mapping[int, Mapping[ProfileKind, Kept]]) -> Told:
    kept = profiles.get(need.person_id, {}).get(need.kind) if need.shared_at else None
    return kept.told if kept else Told()


def _tellers(
    session: DbSession, event: Event, wanted: set[tuple[int, int]]
) -> dict[tuple[int, int], Teller]:
    """By booking and person; their dates are those in which they, or the booker, have a place."""
    bookings = session.scalars(
        select(Booking)
        .where(Booking.id.in_({booking_id for booking_id, _ in wanted}))
        .options(selectinload(Booking.places), selectinload(Booking.attendees))
    )
    by_id = {booking.id: booking for booking in bookings}
    emails = {
        row.id: row.email
        for row in session.execute(
            select(Person.id, Person.email).where(Person.id.in_({person for _, person in wanted}))
        )
    }
    days = {date.id: short_date_words(date.starts_at, event.zone) for date in event.sessions}
    found = {}
    for booking_id, person_id in wanted:
        booking = by_id[booking_id]
        names = [one.name for one in booking.attendees if one.person_id == person_id]
        there = {
            place.session_id for place in booking.places if _is_theirs(place, booking, person_id)
        }
        found[booking_id, person_id] = Teller(
            name=names[-1] if names else booking.name,
            email=shown(emails[person_id]),
            reference=booking.reference,
            dates=tuple(words for number, words in days.items() if number in there),
        )
    return found


def _is_theirs(place: Place, booking: Booking, person_id: int) -> bool:
    live = place.state in LIVE_STATES
    return live and (place.person_id == person_id or booking.person_id == person_id)
