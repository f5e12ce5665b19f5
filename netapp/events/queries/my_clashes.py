"""What else somebody has booked at the same time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from netapp.events.models import (
    HELD_STATES,
    Event,
    EventSession,
    EventStatus,
    Place,
    SessionStatus,
)
from netapp.events.queries.wording import Span
from netapp.kernel.db import DbSession
from netapp.kernel.words import span_words

MOST = 5


def clash_words(
    session: DbSession,
    person_id: int,
    spans: Sequence[Span],
    *,
    besides: int | None = None,
    now: datetime,
) -> list[str]:
    """["Networking lunch: Thursday 21 January 2027, 2pm to 5pm GMT"]: other dates to come in which
    this person holds a place and that run during one of these spans. ``besides``: the id of
    an event whose own dates do not count. One query."""
    if not spans:
        return []
    during = [
        (EventSession.starts_at < span.ends_at) & (EventSession.ends_at > span.starts_at)
        for span in spans
    ]
    found = session.scalars(
        select(EventSession)
        .join(EventSession.event)
        .join(Place, Place.session_id == EventSession.id)
        .where(
            Place.person_id == person_id,
            Place.state.in_(HELD_STATES),
            EventSession.status == SessionStatus.SCHEDULED,
            EventSession.ends_at > now,
            EventSession.event_id != (besides or 0),
            Event.status == EventStatus.PUBLISHED,
            or_(*during),
        )
        .options(contains_eager(EventSession.event))
        .order_by(EventSession.starts_at, EventSession.id)
        .limit(MOST)
    )
    return [
        f"{_title(date)}: {span_words(date.starts_at, date.ends_at, date.event.zone)}"
        for date in found
    ]


def _title(date: EventSession) -> str:
    return f"{date.event.title}: {date.title}" if date.title else date.event.title
