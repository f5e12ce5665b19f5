"""The meetings of a group: the list, and the page of one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from netapp.events.models import (
    Event,
    EventSession,
    EventStatus,
    Place,
    PlaceState,
    SessionStatus,
)
from netapp.events.queries.calendar import location_words, session_title
from netapp.groups.queries.people import people_rows
from netapp.kernel.db import DbSession
from netapp.kernel.pages import PER_PAGE, Page
from netapp.kernel.words import moment_words, span_words
from netapp.meetings.models import Meeting, MeetingPresence, Presence
from netapp.meetings.queries.decisions import DecisionRow, decisions_of_meeting
from netapp.meetings.queries.standing import standing_titles
from netapp.people.models import Person


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting of a list."""

    key: str
    title: str
    starts_at: datetime
    zone: str
    when_words: str
    where: str
    is_cancelled: bool
    has_notes: bool
    event_slug: str


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """Somebody of the group, or with a place; ``presence`` empty: not noted."""

    person_id: int
    person_key: str
    name: str
    has_place: bool
    presence: str


@dataclass(frozen=True, slots=True)
class MeetingPage:
    key: str
    version: int
    title: str
    summary: str
    starts_at: datetime
    zone: str
    when_words: str
    where: str
    is_cancelled: bool
    has_begun: bool
    event_slug: str
    event_key: str
    agenda: tuple[str, ...]
    notes: str
    notes_words: str  # When they were written, and by whom.
    circulated_words: str
    decisions: tuple[DecisionRow, ...]
    register: tuple[RegisterRow, ...]
    register_noted: bool
    coming: int  # People with a place.

    def noted(self, presence: str) -> list[str]:
        return [row.name for row in self.register if row.presence == presence]


def coming_meetings(session: DbSession, group_id: int, *, now: datetime) -> list[MeetingLine]:
    """Those that are not over, the next first: one query."""
    dates = _dates(group_id).where(EventSession.ends_at > now)
    return _lines(session, dates.order_by(EventSession.starts_at, EventSession.id).limit(PER_PAGE))


def past_meetings(
    session: DbSession, group_id: int, *, number: int, now: datetime, per_page: int = PER_PAGE
) -> Page[MeetingLine]:
    """Those that are over, the last first: two queries."""
    dates = _dates(group_id).where(EventSession.ends_at <= now)
    total = session.scalar(dates.with_only_columns(func.count(EventSession.id))) or 0
    number = min(number, max(1, -(-total // per_page)))
    last_first = dates.order_by(EventSession.starts_at.desc(), EventSession.id.desc())
    rows = _lines(session, last_first.limit(per_page).offset((number - 1) * per_page))
    return Page(rows, number, total, per_page)


def meeting_page(
    session: DbSession, group_id: int, key: str, *, now: datetime
) -> MeetingPage | None:
    """Of a meeting of this group; as the database has it now. Seven queries at most."""
    date = session.scalar(
        _published(group_id, EventSession.key == key).options(joinedload(EventSession.event))
    )
    if date is None:
        return None
    meeting = session.scalar(
        select(Meeting).where(Meeting.session_id == date.id).options(selectinload(Meeting.agenda)),
        execution_options={"populate_existing": True},
    )
    event = date.event
    agenda = (
        [item.title for item in meeting.agenda] if meeting else standing_titles(session, group_id)
    )
    decisions = decisions_of_meeting(session, meeting.id, now=now) if meeting else []
    register = _register(session, group_id, date.id, meeting, now)
    zone = event.zone
    return MeetingPage(
        key=date.key,
        version=meeting.version if meeting else 1,
        title=session_title(event, date),
        summary=event.summary or "",
        starts_at=date.starts_at,
        zone=zone,
        when_words=span_words(date.starts_at, date.ends_at, zone),
        where=location_words(event, date),
        is_cancelled=_is_cancelled(event, date),
        has_begun=date.starts_at <= now,
        event_slug=event.slug,
        event_key=event.key,
        agenda=tuple(agenda),
        notes=meeting.notes if meeting else "",
        notes_words=_written(session, meeting, zone),
        circulated_words=moment_words(meeting.circulated_at, zone)
        if meeting and meeting.circulated_at
        else "",
        decisions=tuple(decisions),
        register=tuple(register),
        register_noted=any(row.presence for row in register),
        coming=sum(row.has_place for row in register),
    )


def _written(session: DbSession, meeting: Meeting | None, zone: str) -> str:
    if meeting is None or meeting.notes_at is None:
        return ""
    by = meeting.notes_by_id and session.scalar(
        select(Person.name).where(Person.id == meeting.notes_by_id)
    )
    return moment_words(meeting.notes_at, zone) + (f", by {by}" if by else "")


def _register(
    session: DbSession, group_id: int, session_id: int, meeting: Meeting | None, now: datetime
) -> list[RegisterRow]:
    """The people of the group, whoever else has a place, and whoever was noted."""
    noted: dict[int, Presence] = {}
    if meeting is not None:
        rows = session.scalars(
            select(MeetingPresence).where(MeetingPresence.meeting_id == meeting.id)
        )
        noted = {row.person_id: row.presence for row in rows}
    placed = set(
        session.scalars(
            select(Place.person_id).where(
                Place.session_id == session_id, Place.state == PlaceState.CONFIRMED
            )
        )
    )
    inside = {
        row.person_id: (row.person_key, row.name) for row in people_rows(session, group_id, at=now)
    }
    others = (set(noted) | placed) - set(inside) - {None}
    if others:
        found = session.execute(
            select(Person.id, Person.key, Person.name)
            .where(Person.id.in_(others))
            .order_by(Person.name, Person.id)
        )
        inside |= {row.id: (row.key, row.name) for row in found}
    return [
        RegisterRow(
            person_id=person_id,
            person_key=key,
            name=name,
            has_place=person_id in placed,
            presence=noted[person_id].value if person_id in noted else "",
        )
        for person_id, (key, name) in inside.items()
    ]


def _published(group_id: int, *which: ColumnElement[bool]) -> Select[EventSession]:
    """Drafts are nobody's yet; what was cancelled stays, and says so."""
    return (
        select(EventSession)
        .join(EventSession.event)
        .where(Event.group_id == group_id, Event.status != EventStatus.DRAFT, *which)
        .execution_options(populate_existing=True)
    )


def _dates(group_id: int) -> Select[EventSession, str]:
    return (
        select(EventSession, Meeting.notes)
        .join(EventSession.event)
        .outerjoin(Meeting, Meeting.session_id == EventSession.id)
        .where(Event.group_id == group_id, Event.status != EventStatus.DRAFT)
        .options(joinedload(EventSession.event))
    )


def _lines(session: DbSession, dates: Select[EventSession, str]) -> list[MeetingLine]:
    return [
        MeetingLine(
            key=date.key,
            title=session_title(date.event, date),
            starts_at=date.starts_at,
            zone=date.event.zone,
            when_words=span_words(date.starts_at, date.ends_at, date.event.zone),
            where=location_words(date.event, date),
            is_cancelled=_is_cancelled(date.event, date),
            has_notes=bool(notes),
            event_slug=date.event.slug,
        )
        for date, notes in session.execute(dates)
    ]


def _is_cancelled(event: Event, date: EventSession) -> bool:
    return event.status is EventStatus.CANCELLED or date.status is SessionStatus.CANCELLED
