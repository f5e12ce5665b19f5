"""What coordinators do with the dates of an event while people book."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netapp.events.models import EventPattern, EventSession, Rhythm
from netapp.events.operations import patterns
from netapp.events.operations.cancelling import cancel_date
from netapp.events.operations.dates import add_date, change_date, remove_date
from netapp.events.pattern_plans import PatternPlan
from netapp.events.plans import DatePlan
from netapp.events.queries import patterns as queries
from tests.events.holds.crowd import REASON, Crowd, Deed
from tests.events.manage.plans import plan_of

MOST_DATES = 7
PLACES = ("Room 1, Example House, London", "Hall, Sample Street, Leeds")
LINKS = ("https://meet.example.org/abc", "https://meet.example.org/xyz")


def add(crowd: Crowd, session: Session) -> Deed | None:
    event, chance, now = crowd.event(session), crowd.chance, crowd.now
    if len(event.sessions) >= MOST_DATES:
        return None
    starts_at = _hour(now) + timedelta(days=chance.randint(0, 20), hours=chance.randint(-2, 8))
    plan = DatePlan(starts_at, starts_at + timedelta(hours=2), place=PLACES[0], join_link=LINKS[0])
    capacity, online = chance.randint(0, 5), chance.randint(0, 5)

    def do(own: Session) -> Any:
        return add_date(
            own,
            event_id=crowd.event_id,
            plan=plan,
            capacity=capacity,
            online_capacity=online,
            actor=crowd.desk.actor,
            now=now,
        )

    return Deed("add a date", do)


def change(crowd: Crowd, session: Session) -> Deed:
    """Another time, place or link; or nothing but a note, of which nobody is told."""
    chosen, chance, now = _date(crowd, session), crowd.chance, crowd.now
    plan = plan_of(chosen)
    what = chance.choice(["time", "time", "place", "link", "note"])
    if what == "time":
        by = timedelta(hours=chance.choice([-30, -3, -1, 1, 5, 26, 50]))
        plan = replace(plan, starts_at=plan.starts_at + by, ends_at=plan.ends_at + by)
    elif what == "note":
        plan = replace(plan, note=f"Bring number {chance.randrange(100)}.")
    elif what == "place":
        plan = replace(plan, place=chance.choice(PLACES))
    else:
        plan = replace(plan, join_link=chance.choice(LINKS))
    key, version = chosen.key, chosen.version

    def do(own: Session) -> Any:
        return change_date(
            own,
            event_id=crowd.event_id,
            session_key=key,
            plan=plan,
            seen_version=version,
            message=REASON,
            actor=crowd.desk.actor,
            now=now,
        )

    return Deed("change a date", do)


def cancel(crowd: Crowd, session: Session) -> Deed:
    chosen, now = _date(crowd, session), crowd.now
    key, version = chosen.key, chosen.version

    def do(own: Session) -> Any:
        return cancel_date(
            own,
            event_id=crowd.event_id,
            session_key=key,
            reason=REASON,
            seen_version=version,
            actor=crowd.desk.actor,
            now=now,
        )

    return Deed("cancel a date", do)


def remove(crowd: Crowd, session: Session) -> Deed:
    """Only ever out of a draft."""
    key, now = _date(crowd, session).key, crowd.now

    def do(own: Session) -> Any:
        remove_date(own, event_id=crowd.event_id, session_key=key, actor=crowd.desk.actor, now=now)

    return Deed("remove a date", do)


def repeat(crowd: Crowd, session: Session) -> Deed | None:
    """A pattern adds dates of its own."""
    event, chance, now = crowd.event(session), crowd.chance, crowd.now
    if len(event.sessions) >= MOST_DATES - 1:
        return None
    plan = PatternPlan(
        rhythm=Rhythm.WEEKLY,
        every=1,
        weekdays=(chance.randint(0, 6),),
        nth=None,
        starts=time(chance.randint(9, 15)),
        ends=time(17),
        second=None,
        first_day=_day(now, chance.randint(1, 10)),
        number=2,
        place=PLACES[1],
        join_link=LINKS[1],
        capacity=chance.randint(1, 4),
        online_capacity=chance.randint(1, 4),
    )
    seen = queries.acts_of_new_pattern(session, event, plan, now=now).digest

    def do(own: Session) -> Any:
        return patterns.add_pattern(
            own, event_id=crowd.event_id, plan=plan, seen=seen, actor=crowd.desk.actor, now=now
        )

    return Deed("repeat", do)


def change_pattern(crowd: Crowd, session: Session) -> Deed | None:
    """Other hours, another day or fewer times: its dates move, end and are told of together."""
    found = session.scalars(
        select(EventPattern)
        .where(EventPattern.event_id == crowd.event_id)
        .order_by(EventPattern.id)
        .execution_options(populate_existing=True)
    ).all()
    if not found:
        return None
    event, chance, now = crowd.event(session), crowd.chance, crowd.now
    pattern = chance.choice(found)
    plan = queries.plan_of(pattern)
    plan = chance.choice(
        [
            replace(plan, starts=time(chance.randint(9, 15))),
            replace(plan, weekdays=(chance.randint(0, 6),)),
            replace(plan, number=chance.randint(1, 3)),
        ]
    )
    acts = queries.acts_of_changed_pattern(session, event, pattern, plan, along=(), now=now)
    key, seen, version = pattern.key, acts.digest, pattern.version

    def do(own: Session) -> Any:
        return patterns.change_pattern(
            own,
            event_id=crowd.event_id,
            pattern_key=key,
            plan=plan,
            seen=seen,
            seen_version=version,
            message=REASON,
            actor=crowd.desk.actor,
            now=now,
        )

    return Deed("change the pattern", do)


def _date(crowd: Crowd, session: Session) -> EventSession:
    return crowd.chance.choice(crowd.coming(session))


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _day(moment: datetime, days: int) -> date:
    return moment.date() + timedelta(days=days)
