"""Cancel one date, or the whole event: done once, with everybody told."""

from datetime import datetime

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.errors import (
    DateCancelled,
    DateOver,
    EventCancelled,
    EventOver,
    LastDate,
    OnlyPublished,
    ReasonMissing,
)
from netapp.events.models import Event, EventSession, EventStatus, SessionStatus
from netapp.events.operations import letters
from netapp.events.operations.date_news import tell
from netapp.events.operations.ending import end_places
from netapp.events.operations.guard import lock_event
from netapp.events.operations.revising import (
    Outcome,
    close_edit,
    date_of,
    open_event,
    shown_before,
)
from netapp.events.operations.waiting import settle
from netapp.kernel.db import DbSession
from netapp.kernel.errors import StaleEdit


def cancel_date(
    session: DbSession,
    *,
    event_id: int,
    session_key: str,
    reason: str,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> Outcome:
    """Cancel one date of a published event, and tell each whose place in it ends.

    ``seen_version`` is the date's. The waiting list of the other dates moves in the same step.
    Raises ``ReasonMissing``, ``StaleEdit``, ``OnlyPublished``, ``EventCancelled``,
    ``DateCancelled``, ``DateOver`` and ``LastDate``.
    """
    if not reason:
        raise ReasonMissing
    event = lock_event(session, event_id)
    before = shown_before(session, event)
    date = date_of(session, event, session_key)
    if date.status is SessionStatus.CANCELLED:
        raise DateCancelled
    _refuse_unpublished(event)
    if date.version != seen_version:
        raise StaleEdit
    if date.ends_at <= now:
        raise DateOver
    if all(d.status is SessionStatus.CANCELLED for d in event.sessions if d.id != date.id):
        raise LastDate
    mark_cancelled(date, reason, now)
    close_edit(session, event, before, now)
    ended = end_places(session, [date], now)
    told = tell(session, event, ended=ended, reason=reason, actor=actor, now=now)
    settle(session, event, now)
    return Outcome(told=told)


def cancel_event(
    session: DbSession,
    *,
    event_id: int,
    reason: str,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> Outcome:
    """Cancel a published event: every date that is not over, every booking of them, one mail each.

    Dates that are over keep their places, as a record of who was there. Raises
    ``ReasonMissing``, ``StaleEdit``, ``OnlyPublished``, ``EventCancelled`` and ``EventOver``.
    """
    if not reason:
        raise ReasonMissing
    _refuse_unpublished(lock_event(session, event_id))
    event, before = open_event(session, event_id, seen_version)
    dates = [date for date in event.sessions if is_still_on(date, now)]
    if not dates:
        raise EventOver
    event.status, event.cancelled_at, event.cancel_reason = EventStatus.CANCELLED, now, reason
    for date in dates:
        mark_cancelled(date, reason, now)
    close_edit(session, event, before, now)
    ended = end_places(session, dates, now, story="The event was cancelled.", by=actor.name)
    told = letters.event_cancelled(
        session, event, ended=ended.places, lost=ended.lost, reason=reason, now=now
    )
    audit.record(
        session,
        actor=actor,
        action="event.cancel",
        subject=f"event:{event.key}",
        summary=f"Cancelled {event.title}. {told} told.",
        reason=reason,
        now=now,
    )
    return Outcome(told=told)


def can_cancel_event(event: Event, now: datetime) -> bool:
    """Published, with a date that is not over; ``sessions`` must be loaded."""
    is_out = event.status is EventStatus.PUBLISHED
    return is_out and any(is_still_on(date, now) for date in event.sessions)


def can_cancel_date(event: Event, date: EventSession, now: datetime) -> bool:
    return event.status is EventStatus.PUBLISHED and is_still_on(date, now)


def is_still_on(date: EventSession, now: datetime) -> bool:
    """Scheduled and not over: what cancelling the event would cancel."""
    return date.status is SessionStatus.SCHEDULED and date.ends_at > now


def mark_cancelled(date: EventSession, reason: str, now: datetime) -> None:
    """Follow it with ``revising.close_edit``, then with ``ending.end_places``."""
    date.status, date.cancelled_at, date.cancel_reason = SessionStatus.CANCELLED, now, reason
    date.version += 1


def _refuse_unpublished(event: Event) -> None:
    if event.status is EventStatus.CANCELLED:
        raise EventCancelled
    if event.status is EventStatus.DRAFT:
        raise OnlyPublished
