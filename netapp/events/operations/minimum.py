"""Minimum numbers: set, asked about on the decision day, decided, decided again."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.errors import AlreadyDecided, NotDecided, NothingToDecide
from netapp.events.models import Booking, Event
from netapp.events.operations import minimum_letters as letters
from netapp.events.operations.guard import lock_event
from netapp.events.operations.revising import Outcome, close_edit, open_event
from netapp.events.operations.story import note_all
from netapp.events.queries.minimum import (
    bookings_to_tell,
    decision_moment,
    is_to_decide,
    number_words,
    numbers_of,
    uncertain_ones,
)
from netapp.events.queries.minimum_effects import changes_of_minimum, rule_with
from netapp.kernel.db import DbSession
from netapp.kernel.words import count_words, day_words


def set_minimum(
    session: DbSession,
    *,
    event_id: int,
    runs_from: int | None,
    decide_on: date | None,
    seen_version: int,
    message: str = "",
    actor: Actor,
    now: datetime,
) -> Outcome:
    """From how many people an event runs, and when that is decided; see ``rule_with``.

    Where that is new to those who hold a place in a date to come, they are told by one mail;
    ``message`` goes with it. Raises ``StaleEdit``.
    """
    event, before = open_event(session, event_id, seen_version)
    if (runs_from, decide_on) == (event.runs_from, event.decide_on):
        return Outcome()
    rule = rule_with(event, runs_from, decide_on)
    changes = changes_of_minimum(event, rule)
    event.runs_from, event.decide_on = rule.runs_from, rule.decide_on
    event.decision_asked_at, event.runs_at = rule.decision_asked_at, rule.runs_at
    close_edit(session, event, before, now)
    told = 0
    if changes:
        bookings = bookings_to_tell(session, event, now)
        _note(session, bookings, "It was said from how many people this runs.", actor, now)
        told = letters.changed(session, event, bookings, changes, reason=message, now=now)
    if runs_from is None:
        words = f"{event.title} runs with however few people."
    else:
        day = f", to be decided on {day_words(decide_on)}" if decide_on else ""
        words = f"{event.title} runs from {count_words(runs_from, 'person', 'people')}{day}."
    words += f" {told} told." if told else ""
    _record(session, event, actor, "event.minimum", words, now, reason=message)
    return Outcome(told=told)


def decide_runs(
    session: DbSession, *, event_id: int, seen_version: int, actor: Actor, now: datetime
) -> Outcome:
    """It runs: everybody who holds a place in a date to come is told by one mail.

    Raises ``StaleEdit``, ``NothingToDecide`` and ``AlreadyDecided``.
    """
    event, before = open_event(session, event_id, seen_version)
    if event.runs_at is not None:
        raise AlreadyDecided
    if not is_to_decide(event, now):
        raise NothingToDecide
    event.runs_at = now
    close_edit(session, event, before, now)
    told = _tell(session, event, "events/runs", "It was decided that this runs.", actor, now)
    words = f"Decided that {event.title} runs. {told} told."
    _record(session, event, actor, "event.runs", words, now)
    return Outcome(told=told)


def decide_again(
    session: DbSession, *, event_id: int, seen_version: int, actor: Actor, now: datetime
) -> Outcome:
    """It is open again whether it runs: whoever holds a place is told, for they relied on it.

    Raises ``StaleEdit``, ``NothingToDecide`` and ``NotDecided``.
    """
    event, before = open_event(session, event_id, seen_version)
    if event.runs_at is None:
        raise NotDecided
    event.runs_at = None
    if not is_to_decide(event, now):
        raise NothingToDecide
    close_edit(session, event, before, now)
    told = _tell(session, event, "events/undecided", "It is open again if this runs.", actor, now)
    words = f"Opened again whether {event.title} runs. {told} told."
    _record(session, event, actor, "event.undecided", words, now)
    return Outcome(told=told)


def ask_to_decide(session: DbSession, now: datetime) -> int:
    """Ask about one event whose decision day and hour have come: the organiser, or where there is
    none all coordinators. For the worker; each day is asked about once."""
    events = session.scalars(
        select(Event)
        .where(
            *uncertain_ones(),
            Event.decision_asked_at.is_(None),
            Event.decide_on <= (now + timedelta(days=1)).date(),
        )
        .order_by(func.random())
    ).all()
    for event in events:
        moment = decision_moment(event)
        if moment is not None and moment <= now and _ask(session, event.id, now):
            return 1
    return 0


def _ask(session: DbSession, event_id: int, now: datetime) -> bool:
    event = lock_event(session, event_id)
    moment = decision_moment(event)
    due = moment is not None and moment <= now and event.decision_asked_at is None
    if not due or not event.is_uncertain:
        return False
    event.decision_asked_at = now
    if is_to_decide(event, now):  # What is over is not asked about.
        numbers = numbers_of(session, event, now)
        letters.decide(session, event, number_words(event, numbers), numbers, now=now)
    session.flush()
    return True


def _tell(
    session: DbSession, event: Event, message: str, story: str, actor: Actor, now: datetime
) -> int:
    bookings = bookings_to_tell(session, event, now)
    _note(session, bookings, story, actor, now)
    return letters.decided(session, event, bookings, message, now=now)


def _note(
    session: DbSession, bookings: Sequence[Booking], story: str, actor: Actor, now: datetime
) -> None:
    note_all(session, [booking.id for booking in bookings], story, now, by=actor.name)


def _record(
    session: DbSession,
    event: Event,
    actor: Actor,
    action: str,
    summary: str,
    now: datetime,
    reason: str = "",
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"event:{event.key}",
        summary=summary,
        reason=reason,
        now=now,
    )
