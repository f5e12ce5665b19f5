"""Which dates a calendar shows, to whom and how long."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from netapp.events.links import booking_url, place_url
from netapp.events.models import (
    Audience,
    EndReason,
    Event,
    EventKind,
    EventSession,
    EventStatus,
    EventTerm,
    FormerSlug,
    Mode,
    Place,
    PlaceState,
    SessionStatus,
)
from netapp.events.queries.audience import may_see
from netapp.events.queries.calendar import calendar_item
from netapp.kernel.db import DbSession
from netapp.kernel.ical.documents import MOST_EVENTS
from netapp.kernel.ical.items import CalendarItem
from netapp.kernel.site import Site, site_of
from netapp.people.models import Person

Row = TypeVar("Row")

PUBLIC_WINDOW = timedelta(days=90)
"""How long a date stays in the network's feeds after its end."""

PERSONAL_WINDOW = timedelta(days=365)
CANCELLED_STAYS = timedelta(days=7)
"""How long a cancelled date stays in any feed after what would have been its end."""

_KEY = re.compile(r"[A-Za-z0-9_-]{1,100}\Z")  # Of slugs and keys: no other reaches the database.
_SEEN = Event.published_at.is_not(None)  # Once seen, it can only be cancelled, not unseen.
_PUBLIC = and_(_SEEN, Event.audience != Audience.GROUP)
_CANCELLED = or_(EventSession.status == SessionStatus.CANCELLED, Event.status == EventStatus.DRAFT)


@dataclass(frozen=True, slots=True)
class Dates:
    """What a feed shows at a moment, and when that changes without anybody's doing.

    ``changes_at``: the next date leaves then; ``left_at``: the last one left then. Both are UTC.
    """

    items: tuple[CalendarItem, ...]
    changes_at: datetime | None
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class OneEvent:
    """An event as its own feed needs it."""

    id: int
    slug: str
    title: str


def public_dates(session: DbSession, *, now: datetime, kind: EventKind | None = None) -> Dates:
    """Every published event, or those of one kind."""
    return _public(session, now, [] if kind is None else [Event.kind == kind])


def dates_of_term(session: DbSession, term_id: int, *, now: datetime) -> Dates:
    """The published events tagged with a term."""
    tagged = select(EventTerm.event_id).where(EventTerm.term_id == term_id)
    return _public(session, now, [Event.id.in_(tagged)])


def dates_of_event(session: DbSession, event_id: int, *, now: datetime) -> Dates:
    """All dates of one event, however long ago; cancelled ones leave as everywhere."""
    return _public(session, now, [Event.id == event_id], window=None)


def dates_of_group(session: DbSession, group_id: int, *, now: datetime) -> Dates:
    """The published events of a group, whoever they are for: for its people only."""
    shown = select(EventSession).join(EventSession.event)
    return _listed(session, now, shown.where(_SEEN, Event.group_id == group_id), PERSONAL_WINDOW)


def dates_of_person(session: DbSession, person_id: int, *, now: datetime) -> Dates:
    """The dates on which this person has a place, and those that the network cancelled on them.

    What they cancelled themselves is gone at once.
    """
    cancelled_on_them = and_(
        Place.end_reason == EndReason.SESSION_CANCELLED, Place.confirmed_at.is_not(None)
    )
    mine = (
        select(Place)
        .join(Place.session)
        .join(EventSession.event)
        .where(
            Place.person_id == person_id,
            or_(Place.state == PlaceState.CONFIRMED, cancelled_on_them),
        )
    )
    loaded = mine.join(Place.booking).options(
        contains_eager(Place.session).options(
            contains_eager(EventSession.event), selectinload(EventSession.segments)
        ),
        contains_eager(Place.booking),
        selectinload(Place.attendee),
    )
    places = _nearest(session, loaded, now, PERSONAL_WINDOW)
    places.sort(key=lambda place: (place.state is PlaceState.CONFIRMED, place.id))
    by_date = {place.session_id: place for place in places}  # They may have booked it twice.
    site = site_of(session)
    items = tuple(_item_of(site, place) for place in by_date.values())
    return _dates(session, mine, items, now, PERSONAL_WINDOW)


def find_event(session: DbSession, slug: str) -> OneEvent | None:
    """The published event with this address."""
    if not _KEY.match(slug):
        return None
    found = session.execute(
        select(Event.id, Event.slug, Event.title).where(Event.slug == slug, _PUBLIC)
    ).one_or_none()
    return OneEvent(found.id, found.slug, found.title) if found else None


def present_slug(session: DbSession, former: str) -> str | None:
    """The address that an event has now, by one that it had before."""
    if not _KEY.match(former):
        return None
    return session.scalar(
        select(Event.slug)
        .join(FormerSlug, FormerSlug.event_id == Event.id)
        .where(FormerSlug.slug == former, _PUBLIC)
    )


def find_group_item(
    session: DbSession, slug: str, session_key: str, viewer: Person | None
) -> CalendarItem | None:
    """One date of a group's event, for somebody who may see it."""
    if viewer is None or not _KEY.match(slug) or not _KEY.match(session_key):
        return None
    found = session.scalar(
        select(EventSession)
        .join(EventSession.event)
        .where(
            Event.slug == slug,
            Event.audience == Audience.GROUP,
            EventSession.key == session_key,
            _SEEN,
        )
        .options(contains_eager(EventSession.event), selectinload(EventSession.segments))
    )
    if found is None or not may_see(session, found.event_id, viewer):
        return None
    return calendar_item(site_of(session), found.event, found)


def find_item(session: DbSession, event_id: int, session_key: str) -> CalendarItem | None:
    """One date of a published event."""
    if not _KEY.match(session_key):
        return None
    found = session.scalar(
        select(EventSession)
        .join(EventSession.event)
        .where(EventSession.event_id == event_id, EventSession.key == session_key, _PUBLIC)
        .options(contains_eager(EventSession.event), selectinload(EventSession.segments))
    )
    return calendar_item(site_of(session), found.event, found) if found else None


def _item_of(site: Site, place: Place) -> CalendarItem:
    """As the holder of a place sees it: an online date leads to its joining page."""
    event, date = place.session.event, place.session
    booking = place.booking
    mine = place.person_id == booking.person_id
    page = booking_url(site, booking) if mine else place_url(site, booking, place.attendee)
    join_url = page if place.mode is Mode.ONLINE else None
    return calendar_item(site, event, date, join_url=join_url, mode=place.mode)


def _public(
    session: DbSession,
    now: datetime,
    which: list[ColumnElement[bool]],
    *,
    window: timedelta | None = PUBLIC_WINDOW,
) -> Dates:
    shown = select(EventSession).join(EventSession.event).where(_PUBLIC, *which)
    return _listed(session, now, shown, window)


def _listed(
    session: DbSession,
    now: datetime,
    shown: Select[EventSession],
    window: timedelta | None,
) -> Dates:
    loaded = shown.options(contains_eager(EventSession.event), selectinload(EventSession.segments))
    site = site_of(session)
    items = tuple(
        calendar_item(site, date.event, date) for date in _nearest(session, loaded, now, window)
    )
    return _dates(session, shown, items, now, window)


def _nearest(
    session: DbSession, rows: Select[Row], now: datetime, window: timedelta | None
) -> list[Row]:
    """What is within its time; of very much, as much as a feed may hold on each side of now."""
    gone = EventSession.ends_at <= now - CANCELLED_STAYS
    inside = or_(~_CANCELLED, ~gone)
    if window is not None:
        inside = and_(inside, EventSession.ends_at > now - window)
    ahead = rows.where(EventSession.ends_at > now).order_by(EventSession.starts_at)
    behind = rows.where(EventSession.ends_at <= now, inside).order_by(EventSession.ends_at.desc())
    return [
        row for side in (ahead, behind) for row in session.scalars(side.limit(MOST_EVENTS)).all()
    ]


def _dates(
    session: DbSession,
    rows: Select[Any],
    items: tuple[CalendarItem, ...],
    now: datetime,
    window: timedelta | None,
) -> Dates:
    leaving = [leaves for item in items if (leaves := _leaves_at(item, window)) is not None]
    return Dates(items, min(leaving, default=None), _left_at(session, rows, now, window))


def _leaves_at(item: CalendarItem, window: timedelta | None) -> datetime | None:
    """When an item goes by itself; None: never."""
    if item.cancelled:
        return item.ends_at + CANCELLED_STAYS
    return item.ends_at + window if window is not None else None


def _left_at(
    session: DbSession, rows: Select[Any], now: datetime, window: timedelta | None
) -> datetime | None:
    """When the last one went: for HTTP, which must call that a change too."""
    kept = {CANCELLED_STAYS: _CANCELLED}
    if window is not None:
        kept[window] = ~_CANCELLED
    left = []
    for stays, which in kept.items():
        last = session.scalar(
            rows.with_only_columns(func.max(EventSession.ends_at)).where(
                which, EventSession.ends_at <= now - stays
            )
        )
        if last is not None:
            left.append(last + stays)
    return max(left, default=None)
