"""All dates of one person: on offer, coming, waited for, cancelled, past."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased, joinedload

from netapp.events.models import (
    Booking,
    Event,
    EventSession,
    Place,
    PlaceState,
)
from netapp.events.policies import can_join
from netapp.events.queries.booking_dates import joining_address
from netapp.events.queries.calendar import location_words
from netapp.events.queries.endings import Ending, ending_of
from netapp.events.queries.swap_waits import kept_words
from netapp.events.queries.waiting_list import positions
from netapp.events.queries.wording import Span, session_hours_words
from netapp.kernel.db import DbSession
from netapp.kernel.pages import PER_PAGE, Page
from netapp.kernel.words import date_words, moment_words, zone_words

MOST_COMING: Final = 200
"""Nobody holds more places ahead than this; a page shows them all."""

MOST_WAITING_TOLD: Final = 3
"""On the page of one's own, which is for what comes next."""

WAITING = (PlaceState.WAITING, PlaceState.OFFERED)
ENDED = (PlaceState.CANCELLED, PlaceState.LAPSED)
State = Literal["confirmed", "offered", "waiting", "ended"]


@dataclass(frozen=True, slots=True)
class MyDate:
    """One date that a person holds, waits for or had."""

    reference: str
    person_key: str  # Theirs on a booking that somebody else made; else empty.
    given_by: str  # Who made it then.
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
    ending: Ending | None  # What became of it, once it ended.
    join_link: str
    is_sample: bool
    keeps: str = ""  # Online: what they have there already, and wait to swap.
    others: int = 0  # Further dates of this booking in the same state, where one stands for all.

    @property
    def path(self) -> str:
        """The page of the booking, or of their own place on a booking of somebody else."""
        own = f"/places/{self.person_key}" if self.person_key else ""
        return f"/bookings/{self.reference}{own}"


@dataclass(frozen=True, slots=True)
class MyBookings:
    offers: tuple[MyDate, ...]
    coming: tuple[MyDate, ...]
    waiting: tuple[MyDate, ...]
    cancelled: tuple[MyDate, ...]  # Of dates still to come: by whomever, or never got.
    past: Page[MyDate]  # The newest first.


@dataclass(frozen=True, slots=True)
class MyNext:
    """What the page of one's own begins with: one line for each booking."""

    offers: tuple[MyDate, ...]  # The one that ends first stands first.
    date: MyDate | None
    waiting: tuple[MyDate, ...]


def my_bookings(session: DbSession, person_id: int, *, number: int, now: datetime) -> MyBookings:
    confirmed = Place.state == PlaceState.CONFIRMED
    ended = Place.state.in_(ENDED)
    ahead = EventSession.ends_at > now
    waiting = _waiting(session, person_id, now)
    coming = _read(session, _mine(person_id).where(confirmed, ahead), MOST_COMING)
    gone = _read(session, _had(person_id).where(ended, ahead, _is_last()), MOST_COMING)
    return MyBookings(
        offers=tuple(date for date in waiting if date.state == "offered"),
        coming=tuple(_date(place, {}, now) for place in coming),
        waiting=tuple(date for date in waiting if date.state == "waiting"),
        cancelled=tuple(_date(place, {}, now) for place in gone),
        past=_past(session, person_id, number, now),
    )


def my_next(session: DbSession, person_id: int, now: datetime) -> MyNext:
    """What is on offer, the confirmed date that comes next or is on now, what they wait for."""
    waiting = _waiting(session, person_id, now)
    mine = _mine(person_id).where(Place.state == PlaceState.CONFIRMED, EventSession.ends_at > now)
    found = _read(session, mine, 1)
    return MyNext(
        offers=_one_for_each(date for date in waiting if date.state == "offered"),
        date=_date(found[0], {}, now) if found else None,
        waiting=_one_for_each(d for d in waiting if d.state == "waiting")[:MOST_WAITING_TOLD],
    )


def _waiting(session: DbSession, person_id: int, now: datetime) -> list[MyDate]:
    """Offers first, as they end; then what they wait for, by date."""
    mine = _mine(person_id).where(Place.state.in_(WAITING))
    places = _read(session, mine, MOST_COMING)
    numbers = positions(session, [place.id for place in places])
    offers = [place for place in places if place.state is PlaceState.OFFERED]
    offers.sort(key=lambda place: (place.offer_ends_at or now, place.id))
    waiting = [place for place in places if place.state is PlaceState.WAITING]
    return [_date(place, numbers, now) for place in [*offers, *waiting]]


def _one_for_each(dates: Iterable[MyDate]) -> tuple[MyDate, ...]:
    """The first date of each booking, with the number of its others."""
    found: dict[str, list[MyDate]] = {}
    for date in dates:
        found.setdefault(date.reference, []).append(date)
    return tuple(replace(each[0], others=len(each) - 1) for each in found.values())


def _is_last() -> ColumnElement[bool]:
    """Nothing came after it: who gave a place back and booked again has only the new one."""
    later = aliased(Place)
    return ~exists().where(
        later.person_id == Place.person_id,
        later.session_id == Place.session_id,
        later.for_swap.is_(False),
        later.id > Place.id,
    )


def _past(session: DbSession, person_id: int, number: int, now: datetime) -> Page[MyDate]:
    mine = _had(person_id).where(
        EventSession.ends_at <= now,
        Place.state.in_([PlaceState.CONFIRMED, *ENDED]),
        _is_last(),
    )
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
    joinedload(Place.attendee),
)


def _mine(person_id: int) -> Select[Any]:
    """With what they wait for to swap into, beside what they have."""
    return select(Place).join(Place.session).where(Place.person_id == person_id)


def _had(person_id: int) -> Select[Any]:
    return _mine(person_id).where(Place.for_swap.is_(False))


def _read(session: DbSession, mine: Select[Any], most: int) -> Sequence[Place]:
    ordered = mine.options(*_LOADED).order_by(EventSession.starts_at, Place.id).limit(most)
    return session.scalars(ordered).all()


def _date(place: Place, numbers: dict[int, int], now: datetime) -> MyDate:
    date = place.session
    event: Event = date.event
    booking: Booking = place.booking
    mine = place.person_id == booking.person_id
    states: dict[PlaceState, State] = {
        PlaceState.CONFIRMED: "confirmed",
        PlaceState.OFFERED: "offered" if mine else "waiting",  # Whoever booked answers.
        PlaceState.WAITING: "waiting",
    }
    return MyDate(
        reference=booking.reference,
        person_key="" if mine else place.attendee.key,
        given_by="" if mine else booking.name,
        slug=event.slug,
        session_key=date.key,
        title=f"{event.title}: {date.title}" if date.title else event.title,
        starts_at=date.starts_at,
        zone=event.zone,
        day_words=date_words(date.starts_at, event.zone),
        hours_words=session_hours_words(Span(date.starts_at, date.ends_at), event.zone),
        zone_words=zone_words(date.starts_at, event.zone),
        place=location_words(event, date, place.mode),
        state=states.get(place.state, "ended"),
        position=numbers.get(place.id, 0),
        offer_ends=moment_words(place.offer_ends_at, event.zone) if place.offer_ends_at else "",
        keeps=kept_words([place]),
        ending=ending_of(place, date.cancel_reason),
        join_link=joining_address(date) if can_join(event, date, place, now) else "",
        is_sample=event.is_sample,
    )
