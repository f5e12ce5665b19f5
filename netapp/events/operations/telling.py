"""Tell those who are interested that booking is open for them: each once for an event."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import joinedload

from netapp.events.models import Event, EventStatus, Interest
from netapp.events.operations import interest_letters as letters
from netapp.events.operations.guard import FRESH, lock_event
from netapp.events.operations.revising import dates_of
from netapp.events.policies import STRANGER
from netapp.events.queries.dates import BookingState, booking_state, date_lines, load_rooms
from netapp.events.queries.interest import has_live_booking
from netapp.events.queries.topics import BOOKABLE, books_from, event_to_weigh, is_bookable
from netapp.events.queries.windows import standing_of
from netapp.kernel.db import DbSession

AT_A_TIME: Final = 50  # Mails in one transaction: a large event must not hold its lock for long.


def tell_interested(session: DbSession, now: datetime) -> int:
    """Queue the mails of one event for which booking is open, for those whom it is open for.

    Which event comes first is left to chance, so that one that fails stands in nobody's way.
    """
    waiting = exists().where(Interest.event_id == Event.id, *_untold())
    event_ids = session.scalars(
        select(Event.id)
        .where(Event.status == EventStatus.PUBLISHED, Event.is_record.is_(False), waiting)
        .order_by(func.random())
    ).all()
    for event_id in event_ids:
        if told := _tell(session, event_id, now):
            return told
    return 0


def _tell(session: DbSession, event_id: int, now: datetime) -> int:
    """Whom it is open for is found before the event is locked, and looked at again under the
    lock: whoever has booked or taken it back meanwhile is left out."""
    event = event_to_weigh(session, event_id)
    if event is None or not is_bookable(session, event, now):
        return 0
    ids = [each.id for each in _for_whom(session, event, now)]
    if not ids:
        return 0
    event = lock_event(session, event_id)
    dates = dates_of(session, event)
    state = _state(session, event, now)
    if state not in BOOKABLE:
        return 0
    found = session.scalars(_of(event).where(Interest.id.in_(ids)), execution_options=FRESH).all()
    for each in found:
        each.told_at = now
        if each.person.disabled_at is None and not has_live_booking(
            session, event_id=event.id, person_id=each.person_id
        ):
            letters.booking_open(session, event, dates, each, full=state == "waiting", now=now)
    session.flush()
    return len(found)


def _for_whom(session: DbSession, event: Event, now: datetime) -> Sequence[Interest]:
    """The first who are not told yet and may book now. Without windows all are alike."""
    waiting = session.scalars(_of(event)).all()
    alike = not event.windows
    opens_for_all = books_from(event, STRANGER)
    if alike and opens_for_all is not None:
        return waiting[:AT_A_TIME] if opens_for_all <= now else []
    chosen: list[Interest] = []
    for each in waiting:
        opens_at = books_from(event, standing_of(session, each.person, event, now=now))
        if opens_at is not None and opens_at <= now:
            chosen.append(each)
        if len(chosen) == AT_A_TIME:
            break
    return chosen


def _state(session: DbSession, event: Event, now: datetime) -> BookingState:
    lines = date_lines(event, load_rooms(session, [event.id]), now)
    return booking_state(event, lines, now, opened=True)


def _of(event: Event) -> Select[Interest]:
    return (
        select(Interest)
        .where(Interest.event_id == event.id, *_untold())
        .options(joinedload(Interest.person))
        .order_by(Interest.given_at, Interest.id)
    )


def _untold() -> tuple[ColumnElement[bool], ...]:
    return Interest.told_at.is_(None), Interest.booked_at.is_(None)
