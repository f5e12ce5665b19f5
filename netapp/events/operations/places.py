"""Give the people of a booking their places: confirmed, or on the waiting list.

Under the lock of ``guard.lock_event``.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from netapp.events.errors import AlreadyBooked, EventFull, PlacesGone, SomeDatesFull
from netapp.events.models import (
    LIVE_STATES,
    Attendee,
    BookedAs,
    Booking,
    BookingSource,
    Event,
    EventSession,
    Mode,
    Place,
    PlaceState,
)
from netapp.events.operations.line import may_go_first
from netapp.events.operations.pools import free_together, take_all
from netapp.events.operations.quicker import unknown_waiting
from netapp.events.policies import STRANGER, window_rank
from netapp.events.queries.windows import standing_of
from netapp.kernel.db import DbSession
from netapp.people.models import Person


def give_places(
    session: DbSession,
    event: Event,
    booking: Booking,
    dates: Sequence[EventSession],
    now: datetime,
    *,
    mode: Mode | None,
    people: Sequence[Attendee] | None = None,
    by_hand: bool = False,
    kept_first: bool = False,
    accepts_waiting: Collection[str] | None = None,
) -> None:
    """A place in each date for each of these people of a booking (None: all), confirmed or
    waiting; all of a party together. ``mode``: how they take part, where a date leaves a choice.

    Whoever waits already goes first: a newcomer never overtakes the waiting list, but for parties
    that do not fit (``line.may_go_first``). Raises ``EventFull`` or ``SomeDatesFull`` where there
    is no waiting list, and ``PlacesGone`` where they would wait and do not know it: see
    ``booking.Wish.accepts_waiting``. Raises ``AlreadyBooked`` where the booker would come along,
    but has a place by another booking.
    """
    gone: dict[str, int] = {}
    groups = together(event, dates)
    rank = rank_of(session, event, booking, now)
    people = booking.attendees if people is None else people
    number = len(people)
    elsewhere = held_elsewhere(session, booking, people, dates)
    for group in groups:
        pools = [date.pool_of(mode) for date in group]
        ids = [pool.id for pool in pools]
        in_turn = by_hand or may_go_first(session, event, ids, number, turn=(rank, now))
        held = in_turn and take_all(session, ids, number, by_hand=by_hand, kept_first=kept_first)
        if not held and not event.has_waiting_list:
            raise EventFull if len(groups) == 1 else SomeDatesFull
        if not held:
            gone |= unknown_waiting(
                session, group, pools, accepts_waiting=accepts_waiting, rank=rank
            )
        for date, pool in zip(group, pools, strict=True):
            booking.places += [
                Place(
                    attendee=attendee,
                    person_id=_free_person(attendee, date, elsewhere),
                    session_id=date.id,
                    pool_id=pool.id,
                    mode=pool.mode,
                    state=PlaceState.CONFIRMED if held else PlaceState.WAITING,
                    created_at=now,
                    confirmed_at=now if held else None,
                    waiting_since=None if held else now,
                    window_rank=rank,
                )
                for attendee in people
            ]
    if gone:
        raise PlacesGone(gone)
    session.flush()


def who_comes(booking: Booking) -> list[Attendee]:
    """The people of a booking who have not lost all their places."""
    there = {place.attendee_id for place in booking.places if place.state in LIVE_STATES}
    return [each for each in booking.attendees if each.id in there]


def held_elsewhere(
    session: DbSession,
    booking: Booking,
    people: Sequence[Attendee],
    dates: Sequence[EventSession],
) -> set[tuple[int, int]]:
    """(date, person) of those of these people who have a place in these dates by another booking.
    Raises ``AlreadyBooked`` if the booker, who would come along, is one of them."""
    persons = {each.person_id for each in people if each.person_id is not None}
    asked = {
        "dates": [date.id for date in dates],
        "persons": sorted(persons),
        "booking_id": booking.id,
    }
    found = session.execute(_ELSEWHERE, asked).all() if persons else []
    for _, person_id, reference in found:
        if person_id == booking.person_id:
            raise AlreadyBooked(reference)
    return {(session_id, person_id) for session_id, person_id, _ in found if person_id}


_ELSEWHERE = (
    select(Place.session_id, Place.person_id, Booking.reference)
    .join(Booking, Booking.id == Place.booking_id)
    .where(
        Place.session_id.in_(bindparam("dates", expanding=True)),
        Place.person_id.in_(bindparam("persons", expanding=True)),
        Place.state.in_(LIVE_STATES),
        Place.booking_id != bindparam("booking_id"),
    )
)


def _free_person(
    attendee: Attendee, date: EventSession, elsewhere: set[tuple[int, int]]
) -> int | None:
    """Whose place it is; nobody's whom another booking gives one already: one for each."""
    person_id = attendee.person_id
    return None if person_id and (date.id, person_id) in elsewhere else person_id


def places_for_newcomer(
    session: DbSession,
    event: Event,
    dates: Sequence[EventSession],
    *,
    mode: Mode | None,
    number: int = 1,
    accepts_waiting: Collection[str] | None = None,
    now: datetime,
) -> dict[int, PlaceState]:
    """What ``give_places`` would give somebody new, by the id of the date; changes nothing.

    Raises as it does.
    """
    found: dict[int, PlaceState] = {}
    rank = window_rank(event, STRANGER)
    gone: dict[str, int] = {}
    groups = together(event, dates)
    for group in groups:
        pools = [date.pool_of(mode) for date in group]
        ids = [pool.id for pool in pools]
        free = free_together(session, ids)
        held = (free is None or number <= free) and may_go_first(
            session, event, ids, number, turn=(rank, now), count=False
        )
        if not held and not event.has_waiting_list:
            raise EventFull if len(groups) == 1 else SomeDatesFull
        if not held:
            gone |= unknown_waiting(
                session, group, pools, accepts_waiting=accepts_waiting, rank=rank
            )
        state = PlaceState.CONFIRMED if held else PlaceState.WAITING
        found |= {date.id: state for date in group}
    if gone:
        raise PlacesGone(gone)
    return found


def together(event: Event, dates: Sequence[EventSession]) -> list[list[EventSession]]:
    """Dates of which a booking has all or none: those of a course, else each by itself."""
    if event.booked_as is BookedAs.WHOLE:
        return [list(dates)]
    return [[date] for date in dates]


def rank_of(session: DbSession, event: Event, booking: Booking, now: datetime) -> int:
    """Where the booker stands on the waiting list by the booking windows. A guest's address is not
    confirmed, so whose it is counts for nothing."""
    if not event.windows or booking.source is BookingSource.GUEST:
        return window_rank(event, STRANGER)
    person = session.get_one(Person, booking.person_id)
    return window_rank(event, standing_of(session, person, event, now=now))
