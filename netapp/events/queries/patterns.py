"""The patterns of an event, and what is needed to work out what one would do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date as date_type
from datetime import datetime

from sqlalchemy import func, select

from netapp.events.models import (
    Event,
    EventPattern,
    EventSession,
    HolidayCalendar,
    PatternDate,
    SessionStatus,
)
from netapp.events.pattern_plans import PatternPlan
from netapp.events.queries.days_off import days_off
from netapp.events.queries.manage import is_date_used
from netapp.events.queries.pattern_acts import Acts, acts_of_change, acts_of_new
from netapp.events.queries.pattern_days import slots_of
from netapp.events.queries.pattern_words import pattern_words
from netapp.kernel.db import DbSession
from netapp.kernel.words import span_words

FRESH = {"populate_existing": True}


@dataclass(frozen=True, slots=True)
class PatternLine:
    """For the list of dates. ``dates``: how many stand for it."""

    key: str
    words: str
    dates: int


@dataclass(frozen=True, slots=True)
class ByHand:
    """A date that was changed by hand and is still to come."""

    key: str
    words: str


def pattern_by_key(session: DbSession, event: Event, key: str) -> EventPattern | None:
    mine = EventPattern.event_id == event.id, EventPattern.key == key
    return session.scalar(select(EventPattern).where(*mine), execution_options=FRESH)


def pattern_lines(session: DbSession, event: Event) -> list[PatternLine]:
    """In the order in which they were made: one query."""
    rows = session.execute(
        select(EventPattern, HolidayCalendar.area, func.count(PatternDate.session_id))
        .outerjoin(HolidayCalendar, HolidayCalendar.id == EventPattern.calendar_id)
        .outerjoin(PatternDate, PatternDate.pattern_id == EventPattern.id)
        .where(EventPattern.event_id == event.id)
        .group_by(EventPattern.id, HolidayCalendar.area)
        .order_by(EventPattern.id)
    )
    return [
        PatternLine(pattern.key, pattern_words(plan_of(pattern), area or ""), dates)
        for pattern, area, dates in rows
    ]


def changed_by_hand(session: DbSession, event: Event) -> frozenset[int]:
    """Ids of the dates that a pattern made and somebody changed."""
    return frozenset(row.session_id for row in _links(session, event) if row.by_hand)


def dates_by_hand(
    session: DbSession, event: Event, pattern: EventPattern, now: datetime
) -> list[ByHand]:
    """``sessions`` must be loaded."""
    rows = {r.session_id for r in _links(session, event) if r.by_hand and _is_of(r, pattern)}
    return [
        ByHand(date.key, span_words(date.starts_at, date.ends_at, event.zone))
        for date in event.sessions
        if date.id in rows and date.status is SessionStatus.SCHEDULED and date.starts_at > now
    ]


def calendars(session: DbSession) -> Sequence[HolidayCalendar]:
    return session.scalars(select(HolidayCalendar).order_by(HolidayCalendar.area)).all()


def area_of(session: DbSession, plan: PatternPlan) -> str:
    """That of its calendar of holidays; empty without one."""
    wanted = select(HolidayCalendar.area).where(HolidayCalendar.id == plan.calendar_id)
    return session.scalar(wanted) or "" if plan.calendar_id is not None else ""


def plan_of(pattern: EventPattern) -> PatternPlan:
    values = {name: getattr(pattern, name) for name in PatternPlan.__dataclass_fields__}
    return PatternPlan(**{**values, "weekdays": tuple(pattern.weekdays)})


def acts_of_new_pattern(
    session: DbSession, event: Event, plan: PatternPlan, *, now: datetime
) -> Acts:
    """``sessions`` must be loaded. Raises ``TooManyDates`` and ``TimeAmbiguous``."""
    slots = slots_of(plan, event.zone, days_off(session, plan))
    linked = {row.session_id for row in _links(session, event)}
    return acts_of_new(event, plan, slots, linked=linked, now=now)


def acts_of_changed_pattern(
    session: DbSession,
    event: Event,
    pattern: EventPattern,
    plan: PatternPlan,
    *,
    along: Collection[str],
    now: datetime,
) -> Acts:
    """``sessions`` with ``segments`` must be loaded. Raises ``TooManyDates``, ``TimeAmbiguous``."""
    links = _links(session, event)
    return acts_of_change(
        event,
        plan,
        slots_of(plan, event.zone, days_off(session, plan)),
        rows=[row for row in links if _is_of(row, pattern)],
        removed_days=[date_type.fromisoformat(day) for day in pattern.removed_days],
        along=along,
        used=is_date_used(session, event),
        linked={row.session_id for row in links},
        now=now,
    )


def _is_of(row: PatternDate, pattern: EventPattern) -> bool:
    return row.pattern_id == pattern.id


def _links(session: DbSession, event: Event) -> Sequence[PatternDate]:
    return session.scalars(
        select(PatternDate)
        .join(EventSession, EventSession.id == PatternDate.session_id)
        .where(EventSession.event_id == event.id),
        execution_options=FRESH,
    ).all()
