"""What the booking windows of an event ask of a person, and their words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from netapp.events.models import (
    BookingWindow,
    Event,
    EventSession,
    Place,
    PlaceState,
    WindowFor,
)
from netapp.events.policies import Opening, Standing
from netapp.kernel.db import DbSession
from netapp.kernel.words import moment_words
from netapp.membership.queries.belonging import Right, has_right
from netapp.people.models import Person
from netapp.vocabulary.queries import find_terms


def standing_of(session: DbSession, person: Person, opening: Opening, *, now: datetime) -> Standing:
    """What this person is at a moment: one query, and one more where a window asks whether they
    are new."""
    asks_newcomers = any(each.who is WindowFor.FIRST_TIMERS for each in opening.windows)
    return Standing(
        is_member=has_right(session, person.id, Right.BOOKS_AS_MEMBER, at=now),
        is_first_timer=asks_newcomers and not _has_been_here(session, person.id, now),
        area=person.area,
    )


@dataclass(frozen=True, slots=True)
class WindowLine:
    """Who, and from when: Members; Monday 4 January 2027, 9am GMT."""

    who: str
    from_words: str
    is_open: bool


def areas_of(session: DbSession, event: Event) -> dict[str, str]:
    """The labels of the areas that its windows name, by slug. One query where there are any."""
    slugs = [each.area for each in event.windows if each.area]
    return {term.slug: term.label for term in find_terms(session, slugs)} if slugs else {}


def window_lines(event: Event, areas: Mapping[str, str], now: datetime) -> tuple[WindowLine, ...]:
    """The windows of an event in order of time, everyone last; empty without windows. ``areas``
    by ``areas_of``."""
    if not event.windows or event.booking_opens_at is None:
        return ()
    opens = [(_who_words(each, areas), each.opens_at) for each in event.windows]
    opens.append(("Everyone", event.booking_opens_at))
    return tuple(
        WindowLine(who, moment_words(at, event.zone), is_open=at <= now) for who, at in opens
    )


def _who_words(window: BookingWindow, areas: Mapping[str, str]) -> str:
    if window.who is WindowFor.MEMBERS:
        return "Members"
    if window.who is WindowFor.FIRST_TIMERS:
        return "People new to our events"
    return f"People who work in {areas.get(window.area or '', 'one area')}"


def _has_been_here(session: DbSession, person_id: int, now: datetime) -> bool:
    """Whether they held a place in anything that is over."""
    was_there = (
        exists()
        .where(Place.person_id == person_id, Place.state == PlaceState.CONFIRMED)
        .where(Place.session_id == EventSession.id, EventSession.ends_at <= now)
        .where(EventSession.cancelled_at.is_(None))
    )
    return bool(session.scalar(select(was_there)))
