"""New events: made from a few fields, or copied from another one."""

from collections.abc import Callable
from datetime import date as day
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import selectinload

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.models import (
    BookingWindow,
    Event,
    EventKind,
    EventMode,
    EventSession,
    EventTerm,
    FormerSlug,
    Mode,
    Pool,
    Segment,
    SessionStatus,
)
from netapp.events.operations.event_questions import copy_questions
from netapp.events.plans import DatePlan, NewEvent
from netapp.kernel.db import DbSession, insert_for
from netapp.kernel.errors import NotFound
from netapp.kernel.site import site_of
from netapp.kernel.slugs import slugify
from netapp.kernel.tokens import new_key
from netapp.kernel.zones import to_local, to_utc

RESERVED_SLUGS = frozenset({"past"})
"""Pages that stand where an event's page would: see events/views.py."""

Shift = Callable[[datetime], datetime]

COPIED = (
    "summary", "description", "kind", "audience", "group_id", "mode", "theme", "art", "zone",
    "hosts", "partners", "who_for", "cost", "access_facts", "access_contact_name",
    "access_contact_email", "booked_as", "change_until_hours", "has_waiting_list",
    "offer_hours", "join_hours", "party_most", "name_until_days", "pass_limit", "reminder_hour",
    "runs_from", "ask_days",
)  # fmt: skip


def create_event(session: DbSession, *, plan: NewEvent, actor: Actor, now: datetime) -> Event:
    """A draft with one date, in the network's zone."""
    event = _insert(
        session,
        title=plan.title,
        kind=plan.kind,
        mode=plan.mode,
        zone=site_of(session).zone,
        organiser_id=actor.id,
        created_at=now,
    )
    session.add(
        new_date(
            event,
            plan.first,
            capacity=plan.capacity,
            online_capacity=plan.online_capacity,
            now=now,
        )
    )
    _record(session, event, actor, "event.create", f"Added the event {event.title}.", now)
    session.flush()
    return event


def draft_without_date(
    session: DbSession,
    *,
    title: str,
    summary: str,
    kind: EventKind,
    mode: EventMode,
    actor: Actor,
    now: datetime,
) -> Event:
    """A draft that has words and no date yet, in the network's zone."""
    event = _insert(
        session,
        title=title,
        summary=summary,
        kind=kind,
        mode=mode,
        zone=site_of(session).zone,
        organiser_id=actor.id,
        created_at=now,
    )
    _record(session, event, actor, "event.create", f"Added the event {title}.", now)
    session.flush()
    return event


def copy_event(
    session: DbSession,
    *,
    event_id: int,
    title: str,
    first_day: day,
    second: bool | None = None,
    actor: Actor,
    now: datetime,
) -> Event:
    """A draft like another event, with its dates moved so that the first falls on ``first_day``.

    Local times stay as they are over a change of the clocks. Bookings and access needs are not
    copied, nor are dates that were cancelled, unless all were. Raises ``NotFound``,
    ``TimeSkipped`` and, while ``second`` does not say which, ``TimeAmbiguous``.
    """
    source = session.scalar(
        select(Event)
        .where(Event.id == event_id)
        .options(
            selectinload(Event.sessions).selectinload(EventSession.pools),
            selectinload(Event.sessions).selectinload(EventSession.segments),
            selectinload(Event.windows),
        )
    )
    if source is None:
        raise NotFound
    dates = [d for d in source.sessions if d.status is SessionStatus.SCHEDULED] or source.sessions
    shift = _shift(source, dates, first_day, second)
    opens, closes = source.booking_opens_at, source.booking_closes_at
    event = _insert(
        session,
        title=title,
        **{name: getattr(source, name) for name in COPIED},
        booking_opens_at=shift(opens) if opens else None,
        booking_closes_at=shift(closes) if closes else None,
        decide_on=_shifted_day(source, dates, first_day),
        organiser_id=actor.id,
        created_at=now,
    )
    session.add_all(
        [
            BookingWindow(
                event_id=event.id, who=each.who, area=each.area, opens_at=shift(each.opens_at)
            )
            for each in source.windows
        ]
    )
    session.add_all([_copied_date(event, date, shift, now) for date in dates])
    terms = session.scalars(select(EventTerm.term_id).where(EventTerm.event_id == source.id))
    session.add_all([EventTerm(event_id=event.id, term_id=term) for term in terms.all()])
    copy_questions(session, from_event_id=source.id, to_event_id=event.id, now=now)
    words = f"Copied {source.title} as {event.title}."
    _record(session, event, actor, "event.copy", words, now)
    session.flush()
    return event


def new_date(
    event: Event,
    plan: DatePlan,
    *,
    capacity: int | None,
    online_capacity: int | None = None,
    now: datetime,
) -> EventSession:
    """``capacity`` None: without limit. ``online_capacity``: of the second pool of a hybrid
    event, whose first is in person."""
    modes = event.mode.modes if event.mode else (Mode.IN_PERSON,)
    return EventSession(
        key=new_key(),
        event_id=event.id,
        created_at=now,
        revised_at=now,
        pools=[
            Pool(mode=mode, capacity=capacity if number == 0 else online_capacity)
            for number, mode in enumerate(modes)
        ],
        title=plan.title,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        place=plan.place,
        join_link=plan.join_link,
        note=plan.note,
        segments=[
            Segment(title=part.title, starts_at=part.starts_at, ends_at=part.ends_at)
            for part in plan.segments
        ],
    )


def free_slug(session: DbSession, wanted: str, *, own_id: int | None = None) -> str:
    """The wanted word, or with the first number after it that no event has or had."""
    base, number, slug = wanted[:90].rstrip("-"), 1, wanted
    while is_slug_taken(session, slug, own_id=own_id):
        number += 1
        slug = f"{base}-{number}"
    return slug


def is_slug_taken(session: DbSession, slug: str, *, own_id: int | None = None) -> bool:
    """Whether another event has this address, or had it once, or a page of its own has it."""
    if slug in RESERVED_SLUGS:
        return True
    has = exists().where(Event.slug == slug, Event.id != (own_id or 0))
    had = exists().where(FormerSlug.slug == slug, FormerSlug.event_id != (own_id or 0))
    return bool(session.scalar(select(has | had)))


def _insert(session: DbSession, *, title: str, **values: object) -> Event:
    """The row of a new draft. Two at once with one title get two addresses."""
    while True:
        row = insert_for(session, Event).values(
            key=new_key(), slug=free_slug(session, slugify(title)), title=title, **values
        )
        made = session.scalar(
            row.on_conflict_do_nothing(index_elements=[Event.slug]).returning(Event)
        )
        if made is not None:
            assert isinstance(made, Event)
            return made


def _shift(event: Event, dates: list[EventSession], first_day: day, second: bool | None) -> Shift:
    """How a moment moves: by whole days in local time."""
    if not dates:
        return lambda moment: moment
    first = min(date.starts_at for date in dates)
    by: timedelta = first_day - to_local(first, event.zone).date()

    def shifted(moment: datetime) -> datetime:
        local = to_local(moment, event.zone).replace(tzinfo=None, fold=0) + by
        return to_utc(local, event.zone, second=second)

    return shifted


def _shifted_day(event: Event, dates: list[EventSession], first_day: day) -> day | None:
    """The decision day, as far before the first date as it was."""
    if event.decide_on is None or not dates:
        return None
    first = min(date.starts_at for date in dates)
    return event.decide_on + (first_day - to_local(first, event.zone).date())


def _copied_date(event: Event, date: EventSession, shift: Shift, now: datetime) -> EventSession:
    copied = EventSession(
        key=new_key(),
        event_id=event.id,
        title=date.title,
        starts_at=shift(date.starts_at),
        ends_at=shift(date.ends_at),
        place=date.place,
        join_link=date.join_link,
        note=date.note,
        created_at=now,
        revised_at=now,
        segments=[
            Segment(
                title=part.title,
                starts_at=shift(part.starts_at),
                ends_at=shift(part.ends_at) if part.ends_at else None,
            )
            for part in date.segments
        ],
    )
    copied.pools = [
        Pool(
            mode=pool.mode,
            capacity=pool.capacity,
            kept_back=pool.kept_back + pool.kept_given,  # As many as there were at first.
            over_booking=pool.over_booking,
        )
        for pool in date.pools
    ]
    return copied


def _record(
    session: DbSession, event: Event, actor: Actor, action: str, summary: str, now: datetime
) -> None:
    audit.record(
        session, actor=actor, action=action, subject=f"event:{event.key}", summary=summary, now=now
    )
