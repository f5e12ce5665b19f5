"""What falls due without anybody asking: for the worker, a little at a time.

Which event comes first is left to chance: one that fails is met again and again, and must not stand
in the way of all others for ever.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select

from netapp.audit import operations as audit
from netapp.events.models import (
    HELD_STATES,
    Event,
    EventSession,
    Place,
    PlaceState,
    Pool,
    SessionStatus,
)
from netapp.events.operations import letters
from netapp.events.operations.guard import FRESH, lock_event
from netapp.events.operations.waiting import settle
from netapp.kernel.db import DbSession
from netapp.kernel.zones import TimeSkipped, to_local, to_utc

REMINDERS_LOOK_AHEAD = timedelta(days=2, hours=2)
AT_A_TIME = 50  # Reminders in one transaction: a large event must not hold its lock for long.


def settle_one_event(session: DbSession, now: datetime) -> int:
    """Settle the waiting list of one event whose offers ran out or whose start has come."""
    over = or_(
        (Place.state == PlaceState.OFFERED) & (Place.offer_ends_at <= now),
        (Place.state == PlaceState.WAITING) & (EventSession.starts_at <= now),
    )
    event_id = session.scalar(
        select(EventSession.event_id).join(Place, Place.session_id == EventSession.id)
        .where(over).order_by(func.random()).limit(1)
    )  # fmt: skip
    if event_id is None:
        return 0
    settle(session, lock_event(session, event_id), now)
    return 1


def remind_one_session(session: DbSession, now: datetime) -> int:
    """Queue the reminders of one date whose hour has come; each place is reminded once."""
    dates = session.execute(
        select(EventSession, Event)
        .join(Event, Event.id == EventSession.event_id)
        .where(
            EventSession.status == SessionStatus.SCHEDULED,
            EventSession.starts_at > now,
            EventSession.starts_at <= now + REMINDERS_LOOK_AHEAD,
            exists().where(Place.session_id == EventSession.id, _not_reminded()),
        )
        .order_by(func.random())
    ).all()
    for date, event in dates:
        if reminder_time(event, date) <= now:
            return _remind(session, event.id, date.id, now)
    return 0


def reminder_time(event: Event, date: EventSession) -> datetime:
    """The event's hour on the day before, in the event's zone; where the clocks go forward over
    it, an hour later."""
    local = to_local(date.starts_at, event.zone)
    day_before = local.replace(
        tzinfo=None, hour=event.reminder_hour, minute=0, second=0, microsecond=0
    ) - timedelta(days=1)
    try:
        return to_utc(day_before, event.zone, second=True)
    except TimeSkipped:
        return to_utc(day_before + timedelta(hours=1), event.zone)


def _remind(session: DbSession, event_id: int, session_id: int, now: datetime) -> int:
    event = lock_event(session, event_id)
    places = session.scalars(
        select(Place)
        .where(Place.session_id == session_id, _not_reminded())
        .order_by(Place.id)
        .limit(AT_A_TIME),
        execution_options=FRESH,
    ).all()
    date = session.get_one(EventSession, session_id)
    due_at = reminder_time(event, date)
    if not due_at <= now < date.starts_at:  # Moved since it was looked for.
        return 0
    for place in places:
        place.reminded_at = now
    due = [p for p in places if p.confirmed_at and p.confirmed_at < due_at]
    letters.reminders(session, event, due, now=now)  # Later ones have just had a mail.
    return len(places)


def _not_reminded() -> ColumnElement[bool]:
    return (Place.state == PlaceState.CONFIRMED) & Place.reminded_at.is_(None)


def check_pools(session: DbSession, now: datetime) -> int:
    """Prove that each pool counts what its places hold; write down every difference.

    Finds nothing unless the program or somebody's hand was wrong.
    """
    wrong = pools_that_differ(session)
    for pool, held in wrong:
        audit.record(
            session,
            actor=audit.WORKER,
            action="pool.differs",
            subject=f"pool:{pool.id}",
            summary=f"A pool counts {pool.taken} places taken, but {held} are held.",
            now=now,
        )
    return 0


def pools_that_differ(session: DbSession) -> list[tuple[Pool, int]]:
    """Pools whose ``taken`` is not the number of confirmed places and live offers."""
    held = (
        select(Place.pool_id, func.count().label("held"))
        .where(Place.state.in_(HELD_STATES))
        .group_by(Place.pool_id)
        .subquery()
    )
    counted = func.coalesce(held.c.held, 0)
    rows = session.execute(
        select(Pool, counted)
        .outerjoin(held, held.c.pool_id == Pool.id)
        .where(Pool.taken != counted)
        .order_by(Pool.id)
    )
    return [(pool, int(count)) for pool, count in rows]
