"""Who helps with an event, and what that opens to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from netapp.events.models import (
    Audience,
    Event,
    EventHelper,
    EventSession,
    EventStatus,
    HelperRole,
)
from netapp.groups.policies import Looker
from netapp.groups.queries.standing import standing_in
from netapp.kernel.db import DbSession
from netapp.people.models import Person

EDIT, NEEDS, DOOR = "edit", "needs", "door"


@dataclass(frozen=True, slots=True)
class HelperLine:
    person_key: str
    name: str
    email: str
    role: HelperRole
    reads_needs: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class HelpedEvent:
    """One event of the page of whoever helps. ``dates`` are those that were not cancelled."""

    key: str
    title: str
    status: str
    zone: str
    role: HelperRole
    dates: Sequence[EventSession]


def parts_of(
    session: DbSession, person_id: int, event_key: str, *, now: datetime
) -> frozenset[str]:
    """What this person may do in this event: of ``EDIT``, ``NEEDS`` and ``DOOR``. One query; for
    who was not named for it, two or three. Whoever leads a group looks after its own events."""
    grant = session.execute(
        select(EventHelper.role, EventHelper.reads_needs)
        .join(Event, Event.id == EventHelper.event_id)
        .where(EventHelper.person_id == person_id, Event.key == event_key)
    ).one_or_none()
    if grant is None:
        return _parts_of_lead(session, person_id, event_key, now)
    if grant.role is HelperRole.DOOR:
        return frozenset({DOOR})
    return frozenset({EDIT, DOOR, NEEDS} if grant.reads_needs else {EDIT, DOOR})


def _parts_of_lead(
    session: DbSession, person_id: int, event_key: str, now: datetime
) -> frozenset[str]:
    its_own = Event.key == event_key, Event.audience == Audience.GROUP
    group_id = session.scalar(select(Event.group_id).where(*its_own))
    if group_id is None:
        return frozenset()
    leads = standing_in(session, group_id, Looker(person_id), at=now).leads
    return frozenset({EDIT, DOOR}) if leads else frozenset()


def team_of(session: DbSession, event_id: int) -> list[HelperLine]:
    """By name."""
    found = session.execute(
        select(Person, EventHelper.role, EventHelper.reads_needs)
        .join(EventHelper, EventHelper.person_id == Person.id)
        .where(EventHelper.event_id == event_id)
        .order_by(Person.name, Person.id)
    )
    return [
        HelperLine(p.key, p.name, p.email, role, reads, p.disabled_at is not None)
        for p, role, reads in found
    ]


def helped_events(session: DbSession, person_id: int) -> list[HelpedEvent]:
    """The events somebody helps with, those with the newest dates first."""
    newest = (
        select(func.max(EventSession.starts_at))
        .where(EventSession.event_id == Event.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Event.id, Event.key, Event.title, Event.status, Event.zone, EventHelper.role)
        .join(EventHelper, EventHelper.event_id == Event.id)
        .where(EventHelper.person_id == person_id, Event.status != EventStatus.CANCELLED)
        .order_by(newest.desc(), Event.id.desc())
        .limit(200)
    ).all()
    dates = session.scalars(
        select(EventSession)
        .where(EventSession.event_id.in_([row.id for row in rows]))
        .order_by(EventSession.starts_at, EventSession.id)
    ).all()
    return [
        HelpedEvent(
            row.key,
            row.title,
            row.status.value,
            row.zone,
            row.role,
            [date for date in dates if date.event_id == row.id],
        )
        for row in rows
    ]


def helps_somewhere(session: DbSession, person_id: int) -> bool:
    mine = EventHelper.person_id == person_id
    return session.scalar(select(EventHelper.event_id).where(mine).limit(1)) is not None
