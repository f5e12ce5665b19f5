"""The bookings of two people who turn out to be one.

Somebody has one live booking of an event, and one place of theirs on a date: the database says so.
So two live bookings become one, which has the places of both. Where both have a place on one date
the second is spare: nobody comes twice, so it is not named yet, and kept for somebody else whom
the booker names, unless the coordinator gives it up.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Table, or_, select
from sqlalchemy.orm import joinedload, selectinload

from netapp.events.models import (
    LIVE_STATES,
    AccessNeed,
    AccessRequest,
    Attendee,
    Booking,
    EndReason,
    Event,
    EventSession,
    Place,
)
from netapp.events.operations.changing import give_up
from netapp.events.operations.guard import FRESH, lock_event, show_to_person
from netapp.events.operations.story import close_if_over, note
from netapp.events.operations.waiting import settle
from netapp.events.queries.requests import asked_of, request_mark
from netapp.kernel.changes import Journal
from netapp.kernel.db import DbSession
from netapp.kernel.one_person import When
from netapp.kernel.site import site_of

BOOKINGS = cast(Table, Booking.__table__)
ATTENDEES = cast(Table, Attendee.__table__)
PLACES = cast(Table, Place.__table__)
NEEDS = cast(Table, AccessNeed.__table__)
REQUESTS = cast(Table, AccessRequest.__table__)


@dataclass(frozen=True, slots=True)
class Twice:
    """A date on which both have, wait for, or are offered a place."""

    title: str
    zone: str
    starts_at: datetime


def hold_events(session: DbSession, people: Collection[int]) -> None:
    """Lock every event of which any of these people ever had a booking or a place, in the order
    of ids."""
    ids = tuple(people)
    booked = select(Booking.event_id).where(Booking.person_id.in_(ids))
    named = (
        select(Booking.event_id)
        .join(Attendee, Attendee.booking_id == Booking.id)
        .where(Attendee.person_id.in_(ids))
    )
    found = set(session.scalars(booked)) | set(session.scalars(named))
    for each in sorted(found):
        lock_event(session, each)


def is_booked(session: DbSession, person_id: int) -> bool:
    """Whether any booking, name on a booking or place is this person's."""
    return any(
        session.scalar(select(column.class_.id).where(column == person_id).limit(1)) is not None
        for column in (Booking.person_id, Attendee.person_id, Place.person_id)
    )


def twice(session: DbSession, *, gone_id: int, kept_id: int) -> list[Twice]:
    """The dates of which one place would be spare."""
    mine = select(Place.session_id).where(Place.person_id == kept_id, Place.state.in_(LIVE_STATES))
    rows = session.execute(
        select(Event.title, Event.zone, EventSession.starts_at)
        .join(EventSession, EventSession.event_id == Event.id)
        .join(Place, Place.session_id == EventSession.id)
        .where(
            Place.person_id == gone_id,
            Place.state.in_(LIVE_STATES),
            Place.session_id.in_(mine),
        )
        .order_by(EventSession.starts_at)
    )
    return [Twice(*row) for row in rows]


def follow_person(
    journal: Journal,
    *,
    gone_id: int,
    kept_id: int,
    gives_up: bool,
    when: When,
) -> None:
    """Bookings, places and names on bookings of others; call ``hold_events`` first. ``gives_up``:
    of two places on a date the second is given back, and goes to who waits."""
    session = journal.session
    session.flush()
    spare = _follow_places(journal, gone_id, kept_id)
    for one, other in _follow_bookings(journal, gone_id, kept_id, when):
        _fold(journal, one, other, spare, gone_id, kept_id)
    for attendee in session.scalars(select(Attendee.id).where(Attendee.person_id == gone_id)).all():
        journal.set(ATTENDEES, {"id": attendee}, "person_id", kept_id)
    _follow_requests(journal, gone_id, kept_id)
    session.flush()
    session.expire_all()
    if gives_up and spare:
        _give_up(session, spare, when.now)
    for person_id in (gone_id, kept_id):
        show_to_person(session, person_id, when.now)


def _follow_places(journal: Journal, gone_id: int, kept_id: int) -> set[int]:
    """Returns the places that are spare."""
    session = journal.session
    there = _held(session, Place.person_id == kept_id)
    theirs = select(Place.id, Place.session_id, Place.for_swap, Place.state)
    spare = set()
    for place, date, swap, state in session.execute(theirs.where(Place.person_id == gone_id)).all():
        if state in LIVE_STATES and (date, swap) in there:
            spare.add(place)
        journal.set(PLACES, {"id": place}, "person_id", None if place in spare else kept_id)
    return spare


def _held(session: DbSession, whose: ColumnElement[bool]) -> set[tuple[int, bool]]:
    """The dates of live places, and whether each waits for the other way to take part."""
    held = select(Place.session_id, Place.for_swap).where(whose, Place.state.in_(LIVE_STATES))
    return {(date, swap) for date, swap in session.execute(held)}


def _follow_bookings(
    journal: Journal, gone_id: int, kept_id: int, when: When
) -> list[tuple[int, int]]:
    """Returns the live bookings of who goes for which there is one of who stays, with that."""
    session = journal.session
    mine = select(Booking.event_id, Booking.id).where(Booking.person_id == kept_id, Booking.live)
    there = dict(session.execute(mine).all())
    theirs = select(Booking.id, Booking.event_id, Booking.live).where(Booking.person_id == gone_id)
    pairs = []
    for booking, event, live in session.execute(theirs).all():
        if live and event in there:
            pairs.append((booking, there[event]))
            journal.set(BOOKINGS, {"id": booking}, "live", False, ended_at=when.now)
            note(
                session,
                session.get_one(Booking, booking),
                "Goes on as one with another booking of the same person.",
                when.now,
                by="desk",
            )
        journal.set(BOOKINGS, {"id": booking}, "person_id", kept_id)
    return pairs


def _fold(
    journal: Journal, one: int, other: int, spare: Collection[int], gone_id: int, kept_id: int
) -> None:
    """Whoever still has places on the first booking has them on the other."""
    session = journal.session
    own = _attendees(session, other)
    me = next((each for each in own if each.person_id == kept_id), None)
    taken = _held(session, Place.attendee_id == (me.id if me else 0))
    for attendee in _attendees(session, one):
        live = session.execute(
            select(Place.id, Place.session_id, Place.for_swap).where(
                Place.attendee_id == attendee.id, Place.state.in_(LIVE_STATES)
            )
        ).all()
        apart = []
        for place, date, swap in live:
            journal.set(PLACES, {"id": place}, "booking_id", other)
            is_free = place not in spare and (date, swap) not in taken
            if attendee.person_id == gone_id and me and is_free:
                journal.set(PLACES, {"id": place}, "attendee_id", me.id)
            else:
                apart.append(place)
        if apart:
            journal.set(ATTENDEES, {"id": attendee.id}, "booking_id", other)
            journal.set(BOOKINGS, {"id": other}, "is_party", True)
            if attendee.person_id == gone_id and me:  # Its owner can name somebody for it.
                journal.set(ATTENDEES, {"id": attendee.id}, "person_id", None, name="")
    _follow_needs(journal, one, other, gone_id)


def _attendees(session: DbSession, booking: int) -> Sequence[Attendee]:
    return session.scalars(
        select(Attendee).where(Attendee.booking_id == booking).order_by(Attendee.id),
        execution_options=FRESH,
    ).all()


def _follow_needs(journal: Journal, one: int, other: int, gone_id: int) -> None:
    """What was told with the first booking is told with the other, where that says nothing."""
    session = journal.session
    there = set(session.scalars(select(AccessNeed.kind).where(AccessNeed.booking_id == other)))
    theirs = select(AccessNeed.id, AccessNeed.kind).where(
        AccessNeed.booking_id == one, AccessNeed.person_id == gone_id
    )
    for need, kind in session.execute(theirs).all():
        if kind not in there:
            journal.set(NEEDS, {"id": need}, "booking_id", other)
    asked = set(
        session.scalars(select(AccessRequest.booking_id).where(AccessRequest.booking_id == other))
    )
    requests = select(AccessRequest.id).where(
        AccessRequest.booking_id == one, AccessRequest.person_id == gone_id
    )
    for request in session.scalars(requests).all() if not asked else ():
        journal.set(REQUESTS, {"id": request}, "booking_id", other)


def _follow_requests(journal: Journal, gone_id: int, kept_id: int) -> None:
    """The mark says of whom a request is, under our secret: it is made anew."""
    session = journal.session
    rows = session.scalars(
        select(AccessRequest).where(AccessRequest.person_id == gone_id), execution_options=FRESH
    ).all()
    secret = site_of(session).secret
    for asked in asked_of(session, rows):
        row = asked.request
        mark = request_mark(secret, row.booking_id, kept_id, asked.kind)
        there = AccessRequest.booking_id == row.booking_id, AccessRequest.mark == mark
        if session.scalar(select(AccessRequest.id).where(*there)) is None:
            journal.set(REQUESTS, {"id": row.id}, "person_id", kept_id, mark=mark)


def _give_up(session: DbSession, spare: Collection[int], now: datetime) -> None:
    for booking in _bookings_of(session, spare):
        places = [each for each in booking.places if each.id in spare]
        give_up(session, places, EndReason.BY_COORDINATOR, now)
        close_if_over(session, booking, now)
        note(
            session, booking, "The second place of the same person was given back.", now, by="desk"
        )
        settle(session, lock_event(session, booking.event_id), now)


def _bookings_of(session: DbSession, places: Collection[int]) -> Sequence[Booking]:
    held = select(Place.booking_id).where(Place.id.in_(places))
    return session.scalars(
        select(Booking)
        .where(Booking.id.in_(held))
        .options(
            joinedload(Booking.event),
            selectinload(Booking.places),
            selectinload(Booking.attendees),
        )
        .order_by(Booking.id),
        execution_options=FRESH,
    ).all()


def put_in_order(session: DbSession, people: Iterable[int], now: datetime) -> None:
    """After a merge was undone: a booking whose places have all ended meanwhile is over."""
    ids = tuple(people)
    named = select(Attendee.booking_id).where(Attendee.person_id.in_(ids))
    bookings = session.scalars(
        select(Booking)
        .where(or_(Booking.person_id.in_(ids), Booking.id.in_(named)), Booking.live)
        .options(selectinload(Booking.places)),
        execution_options=FRESH,
    ).all()
    for booking in bookings:
        close_if_over(session, booking, now)
    for person_id in ids:
        show_to_person(session, person_id, now)
