"""What else happens at a time: for whoever moves a date."""

from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from netapp.events.models import (
    Event,
    EventMode,
    EventSession,
    EventStatus,
    Place,
    PlaceState,
    SessionStatus,
)
from netapp.events.plans import DatePlan
from netapp.kernel.db import DbSession
from netapp.kernel.words import count_words, join_words, span_words

MOST = 10


@dataclass(frozen=True, slots=True)
class Clash:
    """One sentence about something else at the same time. ``is_place``: in the same room, or with
    the same link to join."""

    words: str
    is_place: bool = False


class Somewhere(Protocol):
    """A date, or what is needed of it."""

    @property
    def place(self) -> str | None: ...
    @property
    def join_link(self) -> str | None: ...


def clashes_with(
    session: DbSession, event: Event, date: EventSession | None, plan: DatePlan
) -> tuple[Clash, ...]:
    """Other dates that run at the planned time, and how many people would be double-booked."""
    at_the_time = (
        EventSession.status == SessionStatus.SCHEDULED,
        EventSession.starts_at < plan.ends_at,
        EventSession.ends_at > plan.starts_at,
        EventSession.id != (date.id if date else -1),
    )
    rows = session.execute(
        select(EventSession, Event)
        .join(Event, Event.id == EventSession.event_id)
        .where(*at_the_time, Event.status != EventStatus.CANCELLED)
        .order_by(EventSession.starts_at, EventSession.id)
        .limit(MOST)
    ).all()
    found = [_clash(event, plan, other, whose) for other, whose in rows]
    if date and (people := _double_booked(session, date, plan)):
        have = "has a place" if people == 1 else "have a place"
        words = f"{count_words(people, 'person', 'people')} {have} in something else at that time."
        found.append(Clash(words))
    return tuple(found)


def in_common(
    mode: EventMode | None, plan: DatePlan, other_mode: EventMode | None, other: Somewhere
) -> str:
    """ "in the same place", "with the same link to join", or both; empty where they do not meet.
    Only what each really has counts: people go to no place of an event that is online."""
    found = []
    if EventMode.ONLINE not in (mode, other_mode) and _same(plan.place, other.place):
        found.append("in the same place")
    if EventMode.IN_PERSON not in (mode, other_mode) and _same(plan.join_link, other.join_link):
        found.append("with the same link to join")
    return join_words(found)


def _same(one: str | None, other: str | None) -> bool:
    """However often somebody pressed the space bar or the shift key."""
    return bool(one and other) and _plain(one) == _plain(other)


def _plain(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()


def _clash(event: Event, plan: DatePlan, other: EventSession, whose: Event) -> Clash:
    when = span_words(other.starts_at, other.ends_at, whose.zone)
    shared = in_common(event.mode, plan, whose.mode, other)
    if whose.id == event.id:
        words = f"Another date of this event runs at that time: {when}."
    else:
        draft = ", a draft," if whose.status is EventStatus.DRAFT else ""
        words = f"{whose.title}{draft} runs at that time: {when}."
    return Clash(f"{words} It is {shared}." if shared else words, is_place=bool(shared))


def _double_booked(session: DbSession, date: EventSession, plan: DatePlan) -> int:
    """People with a place in this date and in another one that runs at the planned time."""
    theirs = aliased(Place)
    return (
        session.scalar(
            select(func.count(func.distinct(Place.person_id)))
            .join(theirs, theirs.person_id == Place.person_id)
            .join(EventSession, EventSession.id == theirs.session_id)
            .where(
                Place.session_id == date.id,
                Place.state == PlaceState.CONFIRMED,
                theirs.session_id != date.id,
                theirs.state == PlaceState.CONFIRMED,
                EventSession.status == SessionStatus.SCHEDULED,
                EventSession.starts_at < plan.ends_at,
                EventSession.ends_at > plan.starts_at,
            )
        )
        or 0
    )
