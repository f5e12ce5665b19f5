"""Events as coordinators see them: the list, and the frame around the editor."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import ColumnElement, and_, exists, func, not_, select, union
from sqlalchemy.orm import selectinload

from netapp.events.models import (
    AccessNeed,
    AccessRequest,
    Audience,
    Booking,
    Event,
    EventSession,
    EventStatus,
    EventTerm,
    Place,
    PlaceState,
    SessionStatus,
)
from netapp.events.queries.dates import shown_dates, spans_of
from netapp.events.queries.place_counts import ModePlaces, Queues, by_mode, read_queues
from netapp.events.queries.readiness import Missing, missing_for
from netapp.events.queries.wording import when_words
from netapp.kernel.db import DbSession
from netapp.kernel.pages import Page
from netapp.kernel.words import short_date_words, time_words

PER_PAGE: Final = 20
NEAR: Final = timedelta(days=200)
"""Within this time of now a date needs no year."""

Shown = Literal["coming", "drafts", "past", "cancelled"]
SHOWN: Final[tuple[Shown, ...]] = ("coming", "drafts", "past", "cancelled")


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event of the list. ``places`` are those of its next date, else of its last: a line for
    each way to take part."""

    key: str
    slug: str
    title: str
    status: str
    for_group: bool  # A meeting: only its group sees it.
    is_sample: bool
    is_record: bool
    zone: str
    starts_at: datetime | None
    when_words: str
    next_words: str
    dates: int
    places: tuple[ModePlaces, ...]


@dataclass(frozen=True, slots=True)
class Editor:
    """What every tab of one event shows around its own part."""

    key: str
    slug: str
    title: str
    status: str
    version: int
    for_group: bool
    is_sample: bool
    is_record: bool
    zone: str
    when_words: str
    cancel_reason: str
    bookings: int  # Live ones.
    waiting: int
    needs: int  # People who told something that would help them, or asked for it.
    ever_booked: bool
    ever_published: bool
    can_cancel: bool  # Published, with a date that is not over.
    missing: tuple[Missing, ...]

    @property
    def missing_tabs(self) -> frozenset[str]:
        return frozenset(one.tab for one in self.missing)


def event_by_key(session: DbSession, key: str) -> Event | None:
    """With its dates in order of time, their pools and segments, and its windows. As the database
    has it now."""
    with_dates = selectinload(Event.sessions)
    return session.scalar(
        select(Event)
        .where(Event.key == key)
        .options(
            with_dates.selectinload(EventSession.pools),
            with_dates.selectinload(EventSession.segments),
            selectinload(Event.windows),
        ),
        execution_options={"populate_existing": True},
    )


def term_ids_of(session: DbSession, event: Event) -> frozenset[int]:
    return frozenset(
        session.scalars(select(EventTerm.term_id).where(EventTerm.event_id == event.id))
    )


def editor_of(session: DbSession, event: Event, now: datetime) -> Editor:
    """``sessions`` of the event must be loaded. One query for all counts."""
    mine, is_live = Booking.event_id == event.id, Booking.live.is_(True)
    waits = exists().where(Place.booking_id == Booking.id, Place.state == PlaceState.WAITING)
    tellers = union(
        select(AccessNeed.person_id).where(AccessNeed.event_id == event.id),
        select(AccessRequest.person_id).where(AccessRequest.event_id == event.id),
    ).subquery()

    def count(table: type, *conditions: ColumnElement[bool]) -> ColumnElement[int]:
        return select(func.count()).select_from(table).where(*conditions).scalar_subquery()

    counts = session.execute(
        select(
            count(Booking, mine, is_live),
            count(Booking, mine, is_live, waits),
            count(Booking, mine),
            select(func.count()).select_from(tellers).scalar_subquery(),
        )
    ).one()
    missing = missing_for(event, event.sessions, now)
    return Editor(
        key=event.key,
        slug=event.slug,
        title=event.title,
        status=event.status.value,
        version=event.version,
        for_group=event.audience is Audience.GROUP,
        is_sample=event.is_sample,
        is_record=event.is_record,
        zone=event.zone,
        when_words=when_words(spans_of(shown_dates(event)), event.zone),
        cancel_reason=event.cancel_reason,
        bookings=counts[0],
        waiting=counts[1],
        ever_booked=bool(counts[2]),
        needs=counts[3],
        ever_published=event.published_at is not None,
        can_cancel=event.status is EventStatus.PUBLISHED
        and any(d.status is SessionStatus.SCHEDULED and d.ends_at > now for d in event.sessions),
        missing=tuple(missing) if event.status is EventStatus.DRAFT else (),
    )


def event_list(
    session: DbSession, *, shown: Shown, words: str, number: int, now: datetime
) -> Page[EventRow]:
    """The events of one kind of list, or of all where words are searched: each word must be in
    the title. The same number of queries however many there are."""
    conditions = [Event.title.icontains(word, autoescape=True) for word in words.split()[:8]]
    if not conditions:
        conditions = [_in_list(shown, now)]
    total = session.scalar(select(func.count()).select_from(Event).where(*conditions)) or 0
    coming = _next_start(now)
    last = _last_start()
    order = [coming.asc(), Event.id] if shown == "coming" and not words else [last.desc(), Event.id]
    found = session.scalars(
        select(Event)
        .where(*conditions)
        .options(selectinload(Event.sessions).selectinload(EventSession.pools))
        .order_by(*order)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    ).all()
    queues = read_queues(session, [event.id for event in found])
    rows = [_row(event, queues, now) for event in found]
    return Page(rows, number, total, PER_PAGE)


def list_counts(session: DbSession, now: datetime) -> dict[Shown, int]:
    """How many events each list holds: one query."""
    counts = [
        select(func.count()).select_from(Event).where(_in_list(shown, now)).scalar_subquery()
        for shown in SHOWN
    ]
    found = session.execute(select(*counts)).one()
    return dict(zip(SHOWN, found, strict=True))


def coming_rows(session: DbSession, *, most: int, now: datetime) -> list[EventRow]:
    """The next published events."""
    page = event_list(session, shown="coming", words="", number=1, now=now)
    return list(page.items[:most])


def is_date_used(session: DbSession, event: Event) -> frozenset[str]:
    """Keys of the dates that somebody ever booked: these can be cancelled, but not removed."""
    used = select(EventSession.key).where(
        EventSession.event_id == event.id, exists().where(Place.session_id == EventSession.id)
    )
    return frozenset(session.scalars(used))


def _in_list(shown: Shown, now: datetime) -> ColumnElement[bool]:
    ahead = exists().where(EventSession.event_id == Event.id, EventSession.ends_at > now)
    if shown == "drafts":
        return Event.status == EventStatus.DRAFT
    if shown == "cancelled":
        return Event.status == EventStatus.CANCELLED
    published = Event.status == EventStatus.PUBLISHED
    return and_(published, ahead if shown == "coming" else not_(ahead))


def _next_start(now: datetime) -> ColumnElement[datetime]:
    return (
        select(func.min(EventSession.starts_at))
        .where(EventSession.event_id == Event.id, EventSession.ends_at > now)
        .scalar_subquery()
    )


def _last_start() -> ColumnElement[datetime]:
    return (
        select(func.max(EventSession.starts_at))
        .where(EventSession.event_id == Event.id)
        .scalar_subquery()
    )


def _row(event: Event, queues: Queues, now: datetime) -> EventRow:
    dates = shown_dates(event)
    coming = [d for d in dates if d.ends_at > now and d.status is SessionStatus.SCHEDULED]
    date = coming[0] if coming else (dates[-1] if dates else None)
    next_words = ""
    if date:
        clock = time_words(date.starts_at, event.zone)
        near = abs(date.starts_at - now) < NEAR
        next_words = f"{short_date_words(date.starts_at, event.zone, year=not near)}, {clock}"
    return EventRow(
        key=event.key,
        slug=event.slug,
        title=event.title,
        status=event.status.value,
        for_group=event.audience is Audience.GROUP,
        is_sample=event.is_sample,
        is_record=event.is_record,
        zone=event.zone,
        starts_at=date.starts_at if date else None,
        when_words=when_words(spans_of(dates), event.zone),
        next_words=next_words,
        dates=len(dates),
        places=by_mode(date, queues) if date else (),
    )
