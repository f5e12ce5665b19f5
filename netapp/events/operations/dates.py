"""The dates of an event: added, moved, given more places, removed."""

from datetime import date as date_type
from datetime import datetime

from sqlalchemy import delete, exists, func, select

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
    Segment,
    SessionStatus,
)
from netapp.events.operations import letters
from netapp.events.operations.creating import new_date
from netapp.events.operations.editing import has_bookings
from netapp.events.operations.guard import lock_event, show_in_calendars, show_to_person
from netapp.events.operations.revising import (
    Outcome,
    close_edit,
    date_of,
    open_event,
    shown_before,
)
from netapp.events.operations.sending import live_places
from netapp.events.operations.waiting import settle
from netapp.events.plans import DatePlan, PlacesByPool, PlacesPlan, pool_key
from netapp.events.queries.changes import changes_of
from netapp.events.queries.dates import MODE_WORDS
from netapp.events.queries.twice import is_there, looks_same
from netapp.events.quiet_hours import offer_end
from netapp.kernel.db import DbSession
from netapp.kernel.errors import StaleEdit
from netapp.kernel.words import date_words, span_words
from netapp.kernel.zones import to_local


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
    changes = changes_of(event, date, plan)
    _refuse_change(event, date, plan, now, told=bool(changes))
    old_start, old_words = date.starts_at, span_words(date.starts_at, date.ends_at, event.zone)
    _apply(date, plan)
    date.version += 1
    close_edit(session, event, before, now)
    told = 0
    if changes and event.status is EventStatus.PUBLISHED:
        for place in live_places(session, date):
            _keep_in_step(session, event, place, old_start, date, now)
            if place.person_id is not None:
                show_to_person(session, place.person_id, now)
        words = [change.as_dict() for change in changes]
        told = letters.session_moved(session, event, date, changes=words, reason=message, now=now)
    what = ", ".join(change.what.lower() for change in changes) or "notes"
    audit.record(
        session,
        actor=actor,
        action="date.change",
        subject=f"event:{event.key}",
        summary=f"Changed {old_words} of {event.title}: {what}. {told} told.",
        reason=message,
        detail={"date": date.key, "changes": [change.as_dict() for change in changes]},
        now=now,
    )
    settle(session, event, now)
    return Outcome(told=told)


def set_places(
    session: DbSession,
    *,
    event_id: int,
    places: PlacesByPool,
    seen_version: int,
    seen_kept: int | None = None,
    actor: Actor,
    now: datetime,
) -> Outcome:
    """How many places these dates have; those who wait are offered what is free, in order.

    ``seen_kept``: how many places all dates kept back when the form was opened; giving one by hand
    makes them fewer. Raises ``StaleEdit``, and ``TooFewPlaces`` where more are taken.
    """
    event, before = open_event(session, event_id, seen_version)
    pools = [(date, pool) for date in event.sessions for pool in date.pools]
    if seen_kept is not None and seen_kept != sum(pool.kept_back for _, pool in pools):
        raise StaleEdit
    changed = [
        (date, pool)
        for date, pool in pools
        if (name := pool_key(date, pool)) in places and _set_pool(pool, places[name])
    ]
    if not changed:
        return Outcome()
    close_edit(session, event, before, now)
    for date, pool in changed:
        _record(session, event, actor, "date.places", _places_words(event, date, pool), now)
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
    session.execute(delete(Segment).where(Segment.session_id == date.id))
    session.execute(delete(Pool).where(Pool.session_id == date.id))
    session.execute(delete(EventSession).where(EventSession.id == date.id))
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


def _apply(date: EventSession, plan: DatePlan) -> None:
    date.starts_at, date.ends_at = plan.starts_at, plan.ends_at
    date.title, date.place = plan.title, plan.place
    date.join_link, date.note = plan.join_link, plan.note
    kept = [(part.title, part.starts_at, part.ends_at) for part in date.segments]
    wanted = [(part.title, part.starts_at, part.ends_at) for part in plan.segments]
    if kept != wanted:
        date.segments = [Segment(title=t, starts_at=s, ends_at=e) for t, s, e in wanted]


def _keep_in_step(
    session: DbSession,
    event: Event,
    place: Place,
    old_start: datetime,
    date: EventSession,
    now: datetime,
) -> None:
    """What else hangs on the start of a date: offers end by it, reminders go before it."""
    later_day = _day(event, date.starts_at) > _day(event, old_start)
    if place.state is PlaceState.CONFIRMED and later_day:
        place.reminded_at = None
    if place.state is PlaceState.OFFERED and place.offered_at:
        together = [place]
        if event.booked_as is BookedAs.WHOLE:
            together = [p for p in place.booking.places if p.state is PlaceState.OFFERED]
        starts = {date.id: date.starts_at for date in event.sessions}
        ends_at = offer_end(
            place.offered_at,
            hours=event.offer_hours,
            zone=event.zone,
            starts_at=min(starts[each.session_id] for each in together),
        )
        for each in together:
            each.offer_ends_at = ends_at
    session.flush()


def _day(event: Event, moment: datetime) -> date_type:
    return to_local(moment, event.zone).date()


def _set_pool(pool: Pool, plan: PlacesPlan) -> bool:
    new = (plan.capacity, plan.kept_back, plan.over_booking)
    if new == (pool.capacity, pool.kept_back, pool.over_booking):
        return False
    if plan.capacity is not None and pool.taken > plan.capacity + plan.over_booking:
        raise TooFewPlaces
    pool.capacity, pool.kept_back, pool.over_booking = new
    return True


def _places_words(event: Event, date: EventSession, pool: Pool) -> str:
    parts = [f"{pool.capacity} places" if pool.capacity is not None else "no limit"]
    parts += [f"{pool.kept_back} kept back"] if pool.kept_back else []
    parts += [f"{pool.over_booking} above that"] if pool.over_booking else []
    day = date_words(date.starts_at, event.zone)
    how = f" {MODE_WORDS[pool.mode].lower()}" if len(date.pools) > 1 else ""
    return f"Set the places{how} of {event.title} on {day}: {', '.join(parts)}."


def _live_offers(session: DbSession, event: Event) -> int:
    offered = select(func.count(func.distinct(Booking.id))).join(Place).where(
        Booking.event_id == event.id, Place.state == PlaceState.OFFERED
    )  # fmt: skip
    return session.scalar(offered) or 0


def _record(
    session: DbSession, event: Event, actor: Actor, action: str, summary: str, now: datetime
) -> None:
    audit.record(
        session, actor=actor, action=action, subject=f"event:{event.key}", summary=summary, now=now
    )
