"""All dates of one person: what is coming, what they wait for, what has been."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from netapp.events.models import (
    Booking,
    Event,
    EventSession,
    Mode,
    Place,
    PlaceState,
)
from netapp.events.policies import can_join
from netapp.events.queries.booking_dates import joining_address, moment_words
from netapp.events.queries.calendar import location_words
from netapp.events.queries.waiting_list import positions
from netapp.events.queries.wording import Span, session_hours_words
from netapp.kernel.db import DbSession
from netapp.kernel.pages import PER_PAGE, Page
from netapp.kernel.words import date_words, zone_words

MOST_COMING: Final = 200
"""Nobody holds more places ahead than this; a page shows them all."""

WAITING = (PlaceState.WAITING, PlaceState.OFFERED)
State = Literal["confirmed", "offered", "waiting", "ended"]


@dataclass(frozen=True, slots=True)
class MyDate:
    """One date that a person holds, waits for or had."""

    reference: str
    slug: str
    session_key: str
    title: str
    starts_at: datetime
    zone: str
    day_words: str
    hours_words: str
    zone_words: str
    place: str
    state: State
    position: int
    offer_ends: str
    join_link: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class MyBookings:
    coming: tuple[MyDate, ...]
    waiting: tuple[MyDate, ...]  # Offers first.
    past: Page[MyDate]  # Over, cancelled or lapsed; the newest first.


def my_bookings(session: DbSession, person_id: int, *, number: int, now: datetime) -> MyBookings:
    confirmed = Place.state == PlaceState.CONFIRMED
    ahead = EventSession.ends_at > now
    waiting = _read(session, _mine(person_id).where(Place.state.in_(WAITING)), MOST_COMING)
    numbers = positions(session, [place.id for place in waiting])
    coming = _read(session, _mine(person_id).where(confirmed, ahead), MOST_COMING)
    shown = [_date(place, numbers, now) for place in waiting]
    offers_first = sorted(shown, key=lambda date: date.state != "offered")
    return MyBookings(
        coming=tuple(_date(place, {}, now) for place in coming),
        waiting=tuple(offers_first),
        past=_past(session, person_id, number, now),
    )


def next_date(session: DbSession, person_id: int, now: datetime) -> MyDate | None:
    """The confirmed date that comes next, or is on now."""
    mine = _mine(person_id).where(Place.state == PlaceState.CONFIRMED, EventSession.ends_at > now)
    found = _read(session, mine, 1)
    return _date(found[0], {}, now) if found else None


def _past(session: DbSession, person_id: int, number: int, now: datetime) -> Page[MyDate]:
    over = (Place.state == PlaceState.CONFIRMED) & (EventSession.ends_at <= now)
    ended = Place.state.in_([PlaceState.CANCELLED, PlaceState.LAPSED])
    mine = select(Place).join(Place.session).where(Place.person_id == person_id, or_(over, ended))
    total = session.scalar(mine.with_only_columns(func.count())) or 0
    number = min(number, max(1, -(-total // PER_PAGE)))
    rows = session.scalars(
        mine.options(*_LOADED)
        .order_by(EventSession.starts_at.desc(), Place.id.desc())
        .offset((number - 1) * PER_PAGE)
        .limit(PER_PAGE)
    ).all()
    return Page([_date(place, {}, now) for place in rows], number, total)


_LOADED = (
    joinedload(Place.session).joinedload(EventSession.event),
    joinedload(Place.booking),
)


def _mine(person_id: int) -> Select[Any]:
    return select(Place).join(Place.session).where(Place.person_id == person_id)


def _read(session: DbSession, mine: Select[Any], most: int) -> Sequence[Place]:
    ordered = mine.options(*_LOADED).order_by(EventSession.starts_at, Place.id).limit(most)
    return session.scalars(ordered).all()


def _date(place: Place, numbers: dict[int, int], now: datetime) -> MyDate:
    date = place.session
    event: Event = date.event
    booking: Booking = place.booking
    online = event.mode is Mode.ONLINE
    states: dict[PlaceState, State] = {
        PlaceState.CONFIRMED: "confirmed",
        PlaceState.OFFERED: "offered",
        PlaceState.WAITING: "waiting",
    }
    return MyDate(
        reference=booking.reference,
        slug=event.slug,
        session_key=date.key,
        title=f"{event.title}: {date.title}" if date.title else event.title,
        starts_at=date.starts_at,
        zone=event.zone,
        day_words=date_words(date.starts_at, event.zone),
        hours_words=session_hours_words(Span(date.starts_at, date.ends_at), event.zone),
        zone_words=zone_words(date.starts_at, event.zone),
        place=location_words(event, date),
        state=states.get(place.state, "ended"),
        position=numbers.get(place.id, 0),
        offer_ends=moment_words(place.offer_ends_at, event.zone),
        join_link=joining_address(date) if online and can_join(date, place, now) else "",
        is_sample=event.is_sample,
    )
