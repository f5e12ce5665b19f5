"""What else somebody has booked at the same time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

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


@dataclass(frozen=True, slots=True)
class _Held:
    """A date in which somebody holds a place."""

    event: str
    title: str | None  # None: the event's.
    starts_at: datetime
    ends_at: datetime
    zone: str

    @property
    def words(self) -> str:
        title = f"{self.event}: {self.title}" if self.title else self.event
        return f"{title}: {span_words(self.starts_at, self.ends_at, self.zone)}"


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
            words.append(date.words)
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
        key: tuple(date.words for date in held if _runs_during(date, span))[:MOST]
        for key, span in spans.items()
    }
    return {key: words for key, words in found.items() if words}


def _held_during(
    session: DbSession, spans: Mapping[int, Sequence[Span]], besides: int | None, now: datetime
) -> Iterator[tuple[int, _Held]]:
    """Who holds a place in which date to come, between the first of all spans and the last."""
    all_spans = [span for each in spans.values() for span in each]
    if not all_spans:
        return
    first = min(span.starts_at for span in all_spans)
    last = max(span.ends_at for span in all_spans)
    for some in portions(sorted(person_id for person_id, theirs in spans.items() if theirs)):
        between = {"people": some, "first": max(first, now), "last": last, "besides": besides or 0}
        for person_id, event, title, starts_at, ends_at, zone in session.execute(_HELD, between):
            if person_id is not None:
                yield person_id, _Held(event, title, starts_at, ends_at, zone)


_HELD = (
    select(
        Place.person_id,
        Event.title,
        EventSession.title,
        EventSession.starts_at,
        EventSession.ends_at,
        Event.zone,
    )
    .join(EventSession, EventSession.id == Place.session_id)
    .join(EventSession.event)
    .where(
        Place.person_id.in_(bindparam("people", expanding=True)),
        Place.state.in_(HELD_STATES),
        EventSession.status == SessionStatus.SCHEDULED,
        EventSession.starts_at < bindparam("last"),
        EventSession.ends_at > bindparam("first"),
        EventSession.event_id != bindparam("besides"),
        Event.status == EventStatus.PUBLISHED,
    )
    .order_by(EventSession.starts_at, EventSession.id)
)


def _runs_during(date: _Held, span: Span) -> bool:
    return date.starts_at < span.ends_at and date.ends_at > span.starts_at
