"""Minimum numbers: what people are told, how many have booked, what is to be decided when.

One number and one decision day hold for the whole event: each date that is to come needs so many
people with a confirmed place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from netapp.events.models import (
    HELD_STATES,
    BookedAs,
    Booking,
    Event,
    EventStatus,
    Place,
    PlaceState,
    Pool,
)
from netapp.events.policies import is_coming
from netapp.events.queries.live_places import bookings_with_places
from netapp.events.queries.notices import notices_of_minimum
from netapp.events.queries.recipients import foretell
from netapp.kernel.db import DbSession
from netapp.kernel.words import count_words, date_words, short_date_words
from netapp.kernel.zones import TimeSkipped, to_utc


@dataclass(frozen=True, slots=True)
class DateNumber:
    """How many people have a confirmed place in one date to come; ``needed`` of the event."""

    key: str
    day_words: str
    short_words: str
    people: int
    needed: int

    @property
    def is_enough(self) -> bool:
        return self.people >= self.needed


@dataclass(frozen=True, slots=True)
class Decision:
    """An event that waits for a decision, whose day and hour have come."""

    event_key: str
    version: int
    title: str
    words: str  # 5 of 8 booked.
    date_key: str  # The date with the fewest people.
    told: int  # How many people a decision is told.


class Rule(Protocol):
    """A minimum number and what was decided about it: that of an event, or one to be."""

    @property
    def runs_from(self) -> int | None: ...
    @property
    def decide_on(self) -> date | None: ...
    @property
    def decision_asked_at(self) -> datetime | None: ...
    @property
    def runs_at(self) -> datetime | None: ...
    @property
    def is_uncertain(self) -> bool: ...
    @property
    def zone(self) -> str: ...
    @property
    def reminder_hour(self) -> int: ...


def decision_moment(event: Rule) -> datetime | None:
    """When the organiser is asked: the hour of reminders on the decision day, in the event's zone;
    where the clocks go forward over it, an hour later. None without a day."""
    if event.decide_on is None:
        return None
    local = datetime.combine(event.decide_on, time(event.reminder_hour))
    try:
        return to_utc(local, event.zone, second=True)
    except TimeSkipped:
        return to_utc(local + timedelta(hours=1), event.zone)


def minimum_words(event: Rule) -> tuple[str, ...]:
    """What the page of an event says, a sentence each; empty without a minimum number.

    Nothing of it changes by time alone: that the day has come is known once the organiser was
    asked.
    """
    if event.runs_from is None:
        return ()
    runs_from = f"Runs from {count_words(event.runs_from, 'person', 'people')}."
    if event.runs_at is not None:
        return ("This will run.",)
    if event.decision_asked_at is not None:
        return (runs_from, "We are deciding now whether it runs.")
    if day := decision_day(event):
        return (runs_from, f"We decide on {day}.")
    return (runs_from,)


def uncertain_words(event: Rule) -> str:
    """One sentence for whoever books while nothing is decided; else empty."""
    if not event.is_uncertain:
        return ""
    needs = count_words(event.runs_from or 0, "person", "people")
    day = decision_day(event)
    when = f"We decide on {day}" if day else "We decide soon"
    return f"It is not certain yet: this runs from {needs}. {when}, and write to you then."


def numbers_of(session: DbSession, event: Event, now: datetime) -> list[DateNumber]:
    """The dates to come, in order of time; ``sessions`` must be loaded. One query."""
    coming = [date for date in event.sessions if is_coming(date, now)]
    counted = _confirmed(session, [date.id for date in coming])
    return [
        DateNumber(
            key=date.key,
            day_words=date_words(date.starts_at, event.zone),
            short_words=short_date_words(date.starts_at, event.zone, year=False),
            people=counted.get(date.id, 0),
            needed=event.runs_from or 0,
        )
        for date in coming
    ]


def too_small_for(session: DbSession, event: Event, now: datetime) -> list[str]:
    """The dates to come with fewer places than the minimum number asks for: Thu 14 Jan: 2 places.
    In person and online count together. ``sessions`` must be loaded. One query."""
    if event.runs_from is None:
        return []
    coming = {date.id: date for date in event.sessions if is_coming(date, now)}
    limited = func.count(Pool.capacity) == func.count()  # None is no limit.
    taken_at_most = func.sum(Pool.capacity + Pool.over_booking)
    rows = session.execute(
        select(Pool.session_id, func.sum(Pool.capacity))
        .where(Pool.session_id.in_(coming))
        .group_by(Pool.session_id)
        .having(limited, taken_at_most < event.runs_from)
    )
    places = {each: int(number or 0) for each, number in rows}
    return [
        f"{short_date_words(date.starts_at, event.zone)}: {count_words(places[date.id], 'place')}"
        for date in coming.values()
        if date.id in places
    ]


def number_words(event: Event, numbers: Sequence[DateNumber]) -> str:
    """5 of 8 booked; for single dates each by its day."""
    if not numbers:
        return ""
    if event.booked_as is BookedAs.WHOLE or len(numbers) == 1:
        fewest = min(numbers, key=lambda each: each.people)
        return f"{fewest.people} of {fewest.needed} booked"
    return ", ".join(f"{each.short_words}: {each.people} of {each.needed}" for each in numbers)


def bookings_to_tell(session: DbSession, event: Event, now: datetime) -> Sequence[Booking]:
    """Bookings that hold a place in a date to come, with places and attendees."""
    coming = [date.id for date in event.sessions if is_coming(date, now)]
    holds = Place.session_id.in_(coming), Place.state.in_(HELD_STATES)
    ids = session.scalars(select(Place.booking_id).where(*holds).distinct()).all()
    return list(bookings_with_places(session, ids).values())


def count_to_tell(session: DbSession, event: Event, now: datetime) -> int:
    """How many people a decision is told."""
    bookings = bookings_to_tell(session, event, now)
    return foretell(session, notices_of_minimum(event, bookings, "events/runs", now=now)).people


def is_to_decide(event: Event, now: datetime) -> bool:
    """Published and uncertain, with a date to come; ``sessions`` must be loaded."""
    return (
        event.status is EventStatus.PUBLISHED
        and event.is_uncertain
        and any(is_coming(date, now) for date in event.sessions)
    )


def decisions_due(session: DbSession, now: datetime) -> list[Decision]:
    """What is to be decided now, the next event first: three queries and one for each of them."""
    events = session.scalars(
        select(Event)
        .where(*uncertain_ones(), Event.decide_on <= (now + timedelta(days=1)).date())
        .options(selectinload(Event.sessions))
        .order_by(Event.decide_on, Event.id)
    ).all()
    due = [
        event
        for event in events
        if is_to_decide(event, now) and (moment := decision_moment(event)) and moment <= now
    ]
    return [_decision(session, event, now) for event in due]


def uncertain_ones() -> tuple[ColumnElement[bool], ...]:
    """Published, and nobody has decided."""
    return (
        Event.status == EventStatus.PUBLISHED,
        Event.runs_from.is_not(None),
        Event.runs_at.is_(None),
    )


def _decision(session: DbSession, event: Event, now: datetime) -> Decision:
    numbers = numbers_of(session, event, now)
    return Decision(
        event_key=event.key,
        version=event.version,
        title=event.title,
        words=f"{number_words(event, numbers)}.",
        date_key=min(numbers, key=lambda each: each.people).key,
        told=count_to_tell(session, event, now),
    )


def _confirmed(session: DbSession, session_ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(Place.session_id, func.count())
        .where(Place.session_id.in_(session_ids), Place.state == PlaceState.CONFIRMED)
        .group_by(Place.session_id)
    )
    return {each: int(number) for each, number in rows}


def decision_day(event: Rule) -> str:
    """Monday 4 January 2027; empty without one, and once it has come."""
    moment = decision_moment(event) if event.decision_asked_at is None else None
    return date_words(moment, event.zone) if moment else ""
