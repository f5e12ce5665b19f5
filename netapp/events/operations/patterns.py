"""Patterns of dates: made, changed and stopped, each in one step that was shown before."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.errors import (
    CourseBooked,
    EventCancelled,
    LastDate,
    NoDates,
    ReasonMissing,
)
from netapp.events.models import (
    BookedAs,
    Event,
    EventPattern,
    EventStatus,
    PatternDate,
    SessionStatus,
)
from netapp.events.operations.cancelling import mark_cancelled
from netapp.events.operations.creating import new_date
from netapp.events.operations.date_news import tell
from netapp.events.operations.editing import has_bookings
from netapp.events.operations.ending import end_places
from netapp.events.operations.guard import lock_event, show_in_calendars
from netapp.events.operations.removing import remove
from netapp.events.operations.retiming import apply_plan
from netapp.events.operations.revising import close_edit, shown_before
from netapp.events.operations.waiting import settle
from netapp.events.pattern_plans import PatternPlan
from netapp.events.queries.pattern_acts import Acts
from netapp.events.queries.pattern_words import pattern_words
from netapp.events.queries.patterns import (
    acts_of_changed_pattern,
    acts_of_new_pattern,
    area_of,
    pattern_by_key,
    plan_of,
)
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound, StaleEdit
from netapp.kernel.tokens import new_key
from netapp.kernel.words import count_words, join_words


@dataclass(frozen=True, slots=True)
class PatternOutcome:
    """What was done to how many dates, and how many people were told."""

    added: int = 0
    moved: int = 0
    ended: int = 0
    told: int = 0


def add_pattern(
    session: DbSession, *, event_id: int, plan: PatternPlan, seen: str, actor: Actor, now: datetime
) -> PatternOutcome:
    """Make a pattern and all its dates.

    ``seen`` is the digest of what was shown. Raises ``StaleEdit`` where something else would be
    done now, ``EventCancelled``, ``NoDates``, ``CourseBooked``, ``TooManyDates``.
    """
    event = lock_event(session, event_id)
    if event.status is EventStatus.CANCELLED:
        raise EventCancelled
    acts = acts_of_new_pattern(session, event, plan, now=now)
    if acts.digest != seen:
        raise StaleEdit
    if not acts.does_something:
        raise NoDates
    _refuse_adding(session, event, acts)
    pattern = EventPattern(
        key=new_key(), event_id=event.id, created_at=now, removed_days=[], **_values(plan)
    )
    session.add(pattern)
    session.flush()
    _add_dates(session, event, pattern, acts, now)
    event.version += 1
    if event.published_at is not None:
        show_in_calendars(session, now)
    _record(session, event, pattern, "pattern.add", acts, "", actor, now)
    return PatternOutcome(added=len(acts.added))


def change_pattern(
    session: DbSession,
    *,
    event_id: int,
    pattern_key: str,
    plan: PatternPlan,
    along: Collection[str] = (),
    seen: str,
    seen_version: int,
    message: str = "",
    actor: Actor,
    now: datetime,
) -> PatternOutcome:
    """Make a pattern what the plan says, and its dates with it, all or nothing.

    Dates to come move, are cancelled or (in a draft) removed, and new ones are added; those
    changed by hand stay unless their keys are in ``along``. Everybody concerned is told, with
    ``message``, as if each date had been changed by itself. ``seen`` is the digest of what was
    shown. Raises ``StaleEdit``, ``NotFound``, ``EventCancelled``, ``ReasonMissing``,
    ``CourseBooked``, ``LastDate`` and ``TooManyDates``.
    """
    event = lock_event(session, event_id)
    before = shown_before(session, event)
    pattern = pattern_by_key(session, event, pattern_key)
    if pattern is None:
        raise NotFound
    if event.status is EventStatus.CANCELLED:
        raise EventCancelled
    acts = acts_of_changed_pattern(session, event, pattern, plan, along=along, now=now)
    if pattern.version != seen_version or acts.digest != seen:
        raise StaleEdit
    _refuse_ending(event, acts, message)
    _refuse_adding(session, event, acts)
    if not acts.does_something and plan == plan_of(pattern):
        return PatternOutcome()
    for name, value in _values(plan).items():
        setattr(pattern, name, value)
    pattern.version += 1
    retimed = [apply_plan(event, move.date, move.plan) for move in acts.moved]
    _remember(session, acts)
    for end in acts.cancelled:
        mark_cancelled(end.date, message, now)
    for end in acts.removed:
        remove(session, end.date)
    close_edit(session, event, before, now)
    _add_dates(session, event, pattern, acts, now)
    ended = end_places(session, [end.date for end in acts.cancelled], now)
    told = tell(session, event, retimed, ended=ended, reason=message, actor=actor, now=now)
    _record(session, event, pattern, "pattern.change", acts, message, actor, now)
    _drop_if_empty(session, pattern)
    settle(session, event, now)
    return PatternOutcome(len(acts.added), len(acts.moved), len(acts.ended), told)


def _refuse_adding(session: DbSession, event: Event, acts: Acts) -> None:
    published = event.status is EventStatus.PUBLISHED
    whole = event.booked_as is BookedAs.WHOLE
    if acts.added and published and whole and has_bookings(session, event.id):
        raise CourseBooked


def _refuse_ending(event: Event, acts: Acts, reason: str) -> None:
    if not acts.cancelled:
        return
    if not reason:
        raise ReasonMissing
    gone = {end.date.id for end in acts.cancelled}
    stays = [d for d in event.sessions if d.id not in gone and d.status is SessionStatus.SCHEDULED]
    if not stays and not acts.added:
        raise LastDate


def _add_dates(
    session: DbSession, event: Event, pattern: EventPattern, acts: Acts, now: datetime
) -> None:
    dates = [
        new_date(
            event,
            one.plan,
            capacity=pattern.capacity,
            online_capacity=pattern.online_capacity,
            now=now,
        )
        for one in acts.added
    ]
    session.add_all(dates)
    session.flush()
    for one, date in zip(acts.added, dates, strict=True):
        session.add(PatternDate(session_id=date.id, pattern_id=pattern.id, day=one.day))
    for join in acts.joined:
        session.add(
            PatternDate(
                session_id=join.date.id,
                pattern_id=pattern.id,
                day=join.day,
                by_hand=not join.same_link,
            )
        )
    session.flush()


def _remember(session: DbSession, acts: Acts) -> None:
    """Which day each date stands for now. What went along is the pattern's again."""
    days = {move.date.id: move.day for move in acts.moved}
    for row in session.scalars(select(PatternDate).where(PatternDate.session_id.in_(days))):
        row.day, row.by_hand = days[row.session_id], False


def _drop_if_empty(session: DbSession, pattern: EventPattern) -> None:
    """A pattern without any date says nothing."""
    mine = select(func.count()).where(PatternDate.pattern_id == pattern.id)
    if not session.scalar(mine):
        session.delete(pattern)
        session.flush()


def _values(plan: PatternPlan) -> dict[str, Any]:
    return {**asdict(plan), "weekdays": list(plan.weekdays)}


def _record(
    session: DbSession,
    event: Event,
    pattern: EventPattern,
    action: str,
    acts: Acts,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    plan = plan_of(pattern)
    did = [
        f"{count_words(number, 'date')} {what}"
        for number, what in (
            (len(acts.added), "added"),
            (len(acts.joined), "that were there"),
            (len(acts.moved), "changed"),
            (len(acts.cancelled), "cancelled"),
            (len(acts.removed), "removed"),
        )
        if number
    ]
    verb = "Repeats" if action == "pattern.add" else "Changed how often to repeat"
    words = f"{verb} {event.title}: {pattern_words(plan, area_of(session, plan))}. "
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"event:{event.key}",
        summary=f"{words}{join_words(did) or 'No date'}{' changed' if not did else ''}.",
        reason=reason,
        detail={"pattern": pattern.key},
        now=now,
    )
