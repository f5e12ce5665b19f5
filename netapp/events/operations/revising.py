"""What every edit of an event begins and ends with: the lock, the version, the calendars."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from netapp.events.models import Event, EventSession
from netapp.events.operations.guard import FRESH, lock_event, show_in_calendars
from netapp.events.queries.calendar import calendar_item
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound, StaleEdit
from netapp.kernel.ical.items import CalendarItem, changes_calendar
from netapp.kernel.site import site_of

Before = dict[int, CalendarItem]
"""What calendars showed of each date, by its id."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an edit did to other people: how many were told, how many were offered a place."""

    told: int = 0
    offered: int = 0


def open_event(session: DbSession, event_id: int, seen_version: int) -> tuple[Event, Before]:
    """Lock an event for an edit; raises ``NotFound``, and ``StaleEdit`` where it has changed since
    the form was opened."""
    event = lock_event(session, event_id)
    if event.version != seen_version:
        raise StaleEdit
    return event, shown_before(session, event)


def dates_of(session: DbSession, event: Event) -> Sequence[EventSession]:
    """All dates of a locked event in order of time, with pools and segments."""
    return session.scalars(
        select(EventSession)
        .where(EventSession.event_id == event.id)
        .options(selectinload(EventSession.pools), selectinload(EventSession.segments))
        .order_by(EventSession.starts_at, EventSession.id),
        execution_options=FRESH,
    ).all()


def date_of(session: DbSession, event: Event, key: str) -> EventSession:
    """One date of a locked event by its key; raises ``NotFound``."""
    for date in dates_of(session, event):
        if date.key == key:
            return date
    raise NotFound


def shown_before(session: DbSession, event: Event) -> Before:
    """Taken under the lock, before anything is changed."""
    site = site_of(session)
    return {date.id: calendar_item(site, event, date) for date in dates_of(session, event)}


def close_edit(session: DbSession, event: Event, before: Before, now: datetime) -> None:
    """The end of an edit: versions rise, and calendars learn what is different.

    ``revised_at`` (LAST-MODIFIED) moves with anything a calendar shows. ``sequence`` rises once
    for a published change of start, end, title, place or status (RFC 5546 section 2.1.4), and
    never for a draft, which nobody has in a calendar.
    """
    session.flush()
    site = site_of(session)
    for date in dates_of(session, event):
        old, new = before.get(date.id), calendar_item(site, event, date)
        if old is None or new == old:
            continue
        if replace(new, sequence=old.sequence, revised_at=old.revised_at) != old:
            date.revised_at = now
        if event.published_at is not None and changes_calendar(old, new):
            date.sequence += 1
    event.version += 1
    if event.published_at is not None:
        show_in_calendars(session, now)
    session.flush()
