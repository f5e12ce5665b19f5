"""Patterns and holidays in tests: short ways to write them."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy.orm import Session

from netapp.events.bank_holidays import Nation
from netapp.events.models import (
    Event,
    EventPattern,
    EventSession,
    HolidayCalendar,
    Rhythm,
    SchoolHoliday,
)
from netapp.events.operations import patterns
from netapp.events.operations.patterns import PatternOutcome
from netapp.events.pattern_plans import PatternPlan
from netapp.events.queries import manage
from netapp.events.queries import patterns as queries
from netapp.kernel.tokens import new_key
from netapp.kernel.zones import to_local
from tests.events.manage.plans import ACTOR
from tests.factories import NOW

THURSDAYS = PatternPlan(
    rhythm=Rhythm.WEEKLY,
    every=1,
    weekdays=(3,),
    nth=None,
    starts=time(14),
    ends=time(16),
    second=None,
    first_day=date(2027, 1, 21),
    number=4,
    join_link="https://meet.example.org/abc",
    capacity=10,
)


def make_calendar(
    session: Session,
    *holidays: tuple[str, date, date],
    area: str = "Sampleshire",
    nation: Nation = Nation.ENGLAND_AND_WALES,
) -> HolidayCalendar:
    calendar = HolidayCalendar(key=new_key(), area=area, nation=nation)
    calendar.holidays = [
        SchoolHoliday(
            key=new_key(),
            name=name,
            first_day=first,
            last_day=last,
            source="Invented for a test",
            checked_on=NOW.date(),
        )
        for name, first, last in holidays
    ]
    session.add(calendar)
    session.commit()
    return calendar


def fresh(session: Session, event: Event) -> Event:
    found = manage.event_by_key(session, event.key)
    assert found is not None
    return found


def repeat(
    session: Session, event: Event, plan: PatternPlan = THURSDAYS, now: datetime = NOW,
    **changed: Any,
) -> EventPattern:  # fmt: skip
    """Add a pattern as the page would, and commit."""
    plan = replace(plan, **changed)
    seen = queries.acts_of_new_pattern(session, fresh(session, event), plan, now=now).digest
    patterns.add_pattern(session, event_id=event.id, plan=plan, seen=seen, actor=ACTOR, now=now)
    session.commit()
    return pattern_of(session, event)


def alter(
    session: Session, event: Event, pattern: EventPattern, *, along: tuple[str, ...] = (),
    message: str = "", now: datetime = NOW, seen: str | None = None, **changed: Any,
) -> PatternOutcome:  # fmt: skip
    """Change a pattern as the page would, and commit."""
    plan = replace(queries.plan_of(pattern), **changed)
    acts = queries.acts_of_changed_pattern(
        session, fresh(session, event), pattern, plan, along=along, now=now
    )
    done = patterns.change_pattern(
        session,
        event_id=event.id,
        pattern_key=pattern.key,
        plan=plan,
        along=along,
        seen=seen or acts.digest,
        seen_version=pattern.version,
        message=message,
        actor=ACTOR,
        now=now,
    )
    session.commit()
    return done


def pattern_of(session: Session, event: Event) -> EventPattern:
    """The newest."""
    line = queries.pattern_lines(session, event)[-1]
    found = queries.pattern_by_key(session, event, line.key)
    assert found is not None
    return found


def local_starts(session: Session, event: Event) -> list[str]:
    """Thu 21 Jan 14:00 of every date, and how it stands where it is not scheduled."""
    return [
        f"{to_local(d.starts_at, event.zone):%a} {to_local(d.starts_at, event.zone).day} "
        f"{to_local(d.starts_at, event.zone):%b %H:%M}"
        + ("" if d.status.value == "scheduled" else f" {d.status.value}")
        for d in fresh(session, event).sessions
    ]


def dates_of(session: Session, event: Event) -> list[EventSession]:
    return fresh(session, event).sessions
