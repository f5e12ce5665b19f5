"""What a caterer needs to know: for each date how many eat what, and texts without names."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from netapp.events.models import (
    AccessNeed,
    Event,
    EventSession,
    Mode,
    Place,
    PlaceState,
    SessionStatus,
)
from netapp.events.queries.needs import is_read, told_of
from netapp.kernel.db import DbSession
from netapp.kernel.words import date_words
from netapp.people.access import FOODS, Told, profiles_of
from netapp.people.models import ProfileKind


@dataclass(frozen=True, slots=True)
class FoodCount:
    words: str  # Vegan
    number: int


@dataclass(frozen=True, slots=True)
class CateringDay:
    """One date. ``told``: how many of the ``people`` there said anything about food."""

    day_words: str
    people: int
    told: int
    counts: tuple[FoodCount, ...]
    texts: tuple[str, ...]  # In the order of the alphabet, so that it tells nobody's.


def catering(session: DbSession, event: Event, now: datetime) -> list[CateringDay]:
    """The dates that are not cancelled and not over; only who has a confirmed place in person is
    counted. ``sessions`` are loaded. Opens what people told, so the caller notes it."""
    needs = session.scalars(
        select(AccessNeed).where(
            AccessNeed.event_id == event.id, AccessNeed.kind == ProfileKind.FOOD
        )
    ).all()
    shares = {need.person_id for need in needs if need.shared_at} if is_read(event, now) else set()
    profiles = profiles_of(session, shares)
    eats: dict[int, list[Told]] = {}
    for need in needs:
        kept = profiles.get(need.person_id, {}).get(ProfileKind.FOOD) if need.shared_at else None
        parts = [told_of(session, need), *([kept.told] if kept else [])]
        eats.setdefault(need.person_id, []).extend(part for part in parts if part)
    dates = [
        date
        for date in event.sessions
        if date.status is SessionStatus.SCHEDULED and date.ends_at > now
    ]
    return [_day(event, date, _there(session, date), eats) for date in dates]


def _there(session: DbSession, date: EventSession) -> Sequence[int | None]:
    """Who comes in person; None for somebody of whom we know no address."""
    return session.scalars(
        select(Place.person_id).where(
            Place.session_id == date.id,
            Place.state == PlaceState.CONFIRMED,
            Place.mode == Mode.IN_PERSON,
        )
    ).all()


def _day(
    event: Event, date: EventSession, there: Sequence[int | None], eats: dict[int, list[Told]]
) -> CateringDay:
    told = [
        eats[person] for person in dict.fromkeys(there) if person is not None and eats.get(person)
    ]
    ticks = Counter(tick for parts in told for tick in {t for part in parts for t in part.ticks})
    texts = sorted({part.text for parts in told for part in parts if part.text}, key=str.casefold)
    return CateringDay(
        day_words=date_words(date.starts_at, event.zone),
        people=len(there),
        told=len(told),
        counts=tuple(FoodCount(words, ticks[slug]) for slug, words in FOODS if ticks[slug]),
        texts=tuple(texts),
    )


def catering_rows(days: Sequence[CateringDay]) -> list[tuple[str, str, object]]:
    """(date, what, how many) for a table to take away; a text stands once, without a number."""
    rows: list[tuple[str, str, object]] = []
    for day in days:
        rows.append((day.day_words, "In person", day.people))
        rows += [(day.day_words, count.words, count.number) for count in day.counts]
        rows += [(day.day_words, text, "") for text in day.texts]
    return rows
