"""What else somebody has booked at the same time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
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
from netapp.kernel.db import DbSession, portions
from netapp.kernel.words import span_words

MOST = 5


def clashes_of(
    session: DbSession,
    spans: Mapping[int, Sequence[Span]],
    *,
    besides: int | None = None,
    now: datetime,
) -> dict[int, list[str]]:
    """{3: ["Networking lunch: Thursday 21 January 2027, 2pm to 5pm GMT"]}: for several people, by
    their ids, other dates to come in which they hold a place and that run during one of their
    spans; who has none is left out. ``besides``: the id of an event whose own dates do not count.
    One query for a thousand of them."""
    found: dict[int, list[str]] = {}
    for person_id, date in _held_during(session, spans, besides, now):
        words = found.setdefault(person_id, [])
        if len(words) < MOST and any(_runs_during(date, span) for span in spans[person_id]):
            words.append(_words(date))
    return {person_id: words for person_id, words in found.items() if words}


def clashes_by_date(
    session: DbSession,
    person_id: int,
    spans: Mapping[str, Span],
    *,
    besides: int | None = None,
    now: datetime,
) -> dict[str, tuple[str, ...]]:
    """For one person, date by date: what runs during each span of ``spans``, by its key; a span
    with nothing else is left out. One query."""
    held = [date for _, date in _held_during(session, {person_id: [*spans.values()]}, besides, now)]
    found = {
        key: tuple(_words(date) for date in held if _runs_during(date, span))[:MOST]
        for key, span in spans.items()
    }
    return {key: words for key, words in found.items() if words}


def _held_during(
    session: DbSession, spans: Mapping[int, Sequence[Span]], besides: int | None, now: datetime
) -> Iterator[tuple[int, EventSession]]:
    """Who holds a place in which date to come, between the first of all spans and the last."""
    all_spans = [span for each in spans.values() for span in each]
    if not all_spans:
        return
    first = min(span.starts_at for span in all_spans)
    last = max(span.ends_at for span in all_spans)
    for some in portions(sorted(person_id for person_id, theirs in spans.items() if theirs)):
        rows = session.execute(
            select(Place.person_id, EventSession)
            .join(EventSession, EventSession.id == Place.session_id)
            .join(EventSession.event)
            .where(
                Place.person_id.in_(some),
                Place.state.in_(HELD_STATES),
                EventSession.status == SessionStatus.SCHEDULED,
                EventSession.starts_at < last,
                EventSession.ends_at > max(first, now),
                EventSession.event_id != (besides or 0),
                Event.status == EventStatus.PUBLISHED,
            )
            .options(contains_eager(EventSession.event))
            .order_by(EventSession.starts_at, EventSession.id)
        )
        yield from ((person_id, date) for person_id, date in rows if person_id is not None)


def _runs_during(date: EventSession, span: Span) -> bool:
    return date.starts_at < span.ends_at and date.ends_at > span.starts_at


def _words(date: EventSession) -> str:
    return f"{_title(date)}: {span_words(date.starts_at, date.ends_at, date.event.zone)}"


def _title(date: EventSession) -> str:
    return f"{date.event.title}: {date.title}" if date.title else date.event.title
