"""The dates of an event: added, moved, given more places, removed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.errors import (
    CourseBooked,
    DateBooked,
    DateCancelled,
    DateInThePast,
    DateOver,
    DatePublic,
    DateTwice,
    EventCancelled,
    MarginsNeedReason,
    TooFewPlaces,
)
from netapp.events.models import (
    BookedAs,
    Booking,
    Event,
    EventSession,
    EventStatus,
    Place,
    PlaceState,
    Pool,
    SessionStatus,
)
from netapp.events.operations.by_pattern import forget_date, note_change_by_hand
from netapp.events.operations.creating import new_date
from netapp.events.operations.date_news import tell
from netapp.events.operations.editing import has_bookings
from netapp.events.operations.guard import lock_event, show_in_calendars
from netapp.events.operations.removing import remove
from netapp.events.operations.retiming import apply_plan
from netapp.events.operations.revising import (
    Outcome,
    close_edit,
    date_of,
    open_event,
    shown_before,
)
from netapp.events.operations.waiting import settle
from netapp.events.plans import DatePlan, PlacesByPool, PlacesPlan, pool_key
from netapp.events.queries.changes import changes_of
from netapp.events.queries.dates import MODE_WORDS
from netapp.events.queries.twice import is_there, looks_same
from netapp.kernel.db import DbSession
from netapp.kernel.errors import StaleEdit
from netapp.kernel.words import date_words


def add_date(
    session: DbSession,
    *,
    event_id: int,
    plan: DatePlan,
    capacity: int | None,
    online_capacity: int | None = None,
    actor: Actor,
    now: datetime,
) -> EventSession:
    """Another date; see ``new_date`` for the capacities. Raises ``EventCancelled``,
    ``DateInThePast``, ``CourseBooked`` and ``DateTwice``."""
    event = lock_event(session, event_id)
    if event.status is EventStatus.CANCELLED:
        raise EventCancelled
    if event.status is EventStatus.PUBLISHED:
        if plan.starts_at <= now and not event.is_record:
            raise DateInThePast
        if event.booked_as is BookedAs.WHOLE and has_bookings(session, event.id):
            raise CourseBooked
    if is_there(event, plan):
        raise DateTwice
    date = new_date(event, plan, capacity=capacity, online_capacity=online_capacity, now=now)
    event.sessions.append(date)
    event.version += 1
    if event.published_at is not None:
        show_in_calendars(session, now)
    session.flush()
    words = f"Added {date_words(date.starts_at, event.zone)} to {event.title}."
    _record(session, event, actor, "date.add", words, now)
    return date


def change_date(
    session: DbSession,
    *,
    event_id: int,
    session_key: str,
    plan: DatePlan,
    seen_version: int,
    message: str = "",
    actor: Actor,
    now: datetime,
) -> Outcome:
    """Make a date what the plan says, and tell everybody who holds or waits for a place in it
    what is different; ``message`` goes with it.

    ``seen_version`` is the date's. Raises ``StaleEdit``, ``EventCancelled``, ``DateCancelled``,
    ``DateOver``, ``DateInThePast`` and ``DateTwice``.
    """
    event = lock_event(session, event_id)
    before = shown_before(session, event)
    date = date_of(session, event, session_key)
    if date.version != seen_version:
        raise StaleEdit
    _refuse_change(event, date, plan, now, told=bool(changes_of(event, date, plan)))
    note_change_by_hand(session, date, plan)
    retimed = apply_plan(event, date, plan)
    close_edit(session, event, before, now)
    told = tell(session, event, [retimed], reason=message, actor=actor, now=now)
    settle(session, event, now)
    return Outcome(told=told)


def set_places(
    session: DbSession,
    *,
    event_id: int,
    places: PlacesByPool,
    seen_version: int,
    seen_kept: int | None = None,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> Outcome:
    """How many places these dates have; those who wait are offered what is free, in order.

    ``seen_kept``: how many places all dates kept back when the form was opened; giving one by hand
    makes them fewer. Raises ``StaleEdit``, ``TooFewPlaces`` where more are taken, and
    ``MarginsNeedReason`` where a published event is to keep more places back, or to take more
    above its capacity, and nobody says why.
    """
    event, before = open_event(session, event_id, seen_version)
    pools = [(date, pool) for date in event.sessions for pool in date.pools]
    if seen_kept is not None and seen_kept != sum(pool.kept_back for _, pool in pools):
        raise StaleEdit
    before_margins = _margins(pools)
    changed = [
        (date, pool)
        for date, pool in pools
        if (name := pool_key(date, pool)) in places and _set_pool(pool, places[name])
    ]
    if not changed:
        return Outcome()
    more = any(new > old for new, old in zip(_margins(pools), before_margins, strict=True))
    if event.published_at is not None and more and not reason:
        raise MarginsNeedReason
    close_edit(session, event, before, now)
    for date, pool in changed:
        words = _places_words(event, date, pool)
        _record(session, event, actor, "date.places", words, now, reason=reason)
    offers_before = _live_offers(session, event)
    settle(session, event, now)
    return Outcome(offered=_live_offers(session, event) - offers_before)


def remove_date(
    session: DbSession, *, event_id: int, session_key: str, actor: Actor, now: datetime
) -> None:
    """Take a date out of a draft.

    What was ever published stays and is cancelled instead, so that calendars can say so. Raises
    ``DatePublic`` and ``DateBooked``.
    """
    event = lock_event(session, event_id)
    date = date_of(session, event, session_key)
    if session.scalar(select(exists().where(Place.session_id == date.id))):
        raise DateBooked
    if event.published_at is not None:
        raise DatePublic
    words = f"Removed {date_words(date.starts_at, event.zone)} from {event.title}."
    forget_date(session, date)
    remove(session, date)
    event.version += 1
    _record(session, event, actor, "date.remove", words, now)


def _refuse_change(
    event: Event, date: EventSession, plan: DatePlan, now: datetime, *, told: bool
) -> None:
    if event.status is EventStatus.CANCELLED:
        raise EventCancelled
    if date.status is SessionStatus.CANCELLED:
        raise DateCancelled
    if not looks_same(date, plan) and is_there(event, plan, besides=date):
        raise DateTwice
    if event.status is EventStatus.DRAFT or event.is_record:
        return
    if told and date.starts_at <= now:
        raise DateOver
    if plan.starts_at != date.starts_at and plan.starts_at <= now:
        raise DateInThePast


def _margins(pools: Sequence[tuple[EventSession, Pool]]) -> list[int]:
    """What each pool keeps back, and what it takes above its capacity."""
    return [margin for _, pool in pools for margin in (pool.kept_back, pool.over_booking)]


def _set_pool(pool: Pool, plan: PlacesPlan) -> bool:
    new = (plan.capacity, plan.kept_back, plan.over_booking)
    if new == (pool.capacity, pool.kept_back, pool.over_booking):
        return False
    if plan.capacity is not None and pool.taken > plan.capacity + plan.over_booking:
        raise TooFewPlaces
    if plan.kept_back != pool.kept_back:
        pool.kept_given = 0  # From now on this is the number that there was at first.
    pool.capacity, pool.kept_back, pool.over_booking = new
    return True


def _places_words(event: Event, date: EventSession, pool: Pool) -> str:
    parts = [f"{pool.capacity} places" if pool.capacity is not None else "no limit"]
    parts += [f"{pool.kept_back} kept back"] if pool.kept_back else []
    parts += [f"over-booked by {pool.over_booking}"] if pool.over_booking else []
    day = date_words(date.starts_at, event.zone)
    how = f" {MODE_WORDS[pool.mode].lower()}" if len(date.pools) > 1 else ""
    return f"Set the places{how} of {event.title} on {day}: {', '.join(parts)}."


def _live_offers(session: DbSession, event: Event) -> int:
    offered = select(func.count(func.distinct(Booking.id))).join(Place).where(
        Booking.event_id == event.id, Place.state == PlaceState.OFFERED
    )  # fmt: skip
    return session.scalar(offered) or 0


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
