"""What else happens at a time: for whoever moves a date."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from netapp.events.models import (
    Event,
    EventSession,
    EventStatus,
    Place,
    PlaceState,
    SessionStatus,
)
from netapp.events.plans import DatePlan
from netapp.kernel.db import DbSession
from netapp.kernel.words import count_words, span_words

MOST = 10


@dataclass(frozen=True, slots=True)
class Clash:
    """One sentence about something else at the same time. ``is_place``: in the same room."""

    words: str
    is_place: bool = False


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


def _clash(event: Event, plan: DatePlan, other: EventSession, whose: Event) -> Clash:
    when = span_words(other.starts_at, other.ends_at, whose.zone)
    here = bool(plan.place) and plan.place == other.place
    if whose.id == event.id:
        words = f"Another date of this event runs at that time: {when}."
    else:
        draft = ", a draft," if whose.status is EventStatus.DRAFT else ""
        words = f"{whose.title}{draft} runs at that time: {when}."
    return Clash(f"{words} It is in the same place." if here else words, is_place=here)


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
