"""Book an event: places where there are some, the waiting list where there are none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.errors import (
    AlreadyBooked,
    BookingClosed,
    DateNotBookable,
    EventChanged,
    EventFull,
    MembersOnly,
    ModeNotChosen,
    NotBookable,
    NothingChosen,
    SomeDatesFull,
)
from netapp.events.models import (
    Attendee,
    Audience,
    BookedAs,
    Booking,
    BookingSource,
    Event,
    EventSession,
    EventStatus,
    Mode,
    Place,
    PlaceState,
)
from netapp.events.operations import letters
from netapp.events.operations.guard import lock_event, show_to_person, take_all
from netapp.events.operations.interest import mark_booked
from netapp.events.operations.needs import keep_need
from netapp.events.operations.story import note
from netapp.events.operations.waiting import settle
from netapp.events.policies import STRANGER, Standing, is_coming, why_not_bookable, window_rank
from netapp.events.queries.windows import standing_of
from netapp.kernel.db import DbSession
from netapp.kernel.tokens import new_reference
from netapp.people.models import Person
from netapp.people.operations.guests import find_or_add_guest


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for. ``session_keys`` None: the whole course.

    ``seen_version`` is the version of the event that their page showed; None skips the check.
    """

    session_keys: Sequence[str] | None
    name: str
    mode: Mode | None = None  # How they take part, where there is a choice.
    needs: str = ""  # Given with consent to consent.ACCESS_NEEDS; never kept on the booking.
    seen_version: int | None = None
    kept_first: bool = False  # By hand: a place kept back, even while others are free.


@dataclass(frozen=True, slots=True)
class GuestAnswer:
    """What a guest is told on the page: alike whether or not we know the address."""

    confirmed: tuple[str, ...]  # Keys of sessions.
    waiting: tuple[str, ...]


def book(
    session: DbSession, *, event_id: int, person: Person, wish: Wish, now: datetime
) -> Booking:
    """Book for a signed-in person; raises the ``BookingRefused`` that says why not."""
    event = lock_event(session, event_id)
    settle(session, event, now)
    standing = standing_of(session, person, event, now=now)
    dates = _open_dates(session, event, wish, now, standing)
    if event.audience is Audience.MEMBERS and not standing.is_member:
        raise MembersOnly
    booking = _book(session, event, dates, person, wish, BookingSource.MEMBER, now)
    letters.booked(session, event, booking, fresh=booking.places, now=now)
    return booking


def book_as_guest(
    session: DbSession, *, event_id: int, email: str, wish: Wish, now: datetime
) -> GuestAnswer:
    """Book with a name and a canonical address only; confirmed at once.

    Whoever asks learns nothing about the address: if it has a booking already, the answer is what
    a newcomer would get, and only the mail to that address tells the truth.
    """
    person = find_or_add_guest(session, email=email, name=wish.name, now=now)
    event = lock_event(session, event_id)
    settle(session, event, now)
    dates = _open_dates(session, event, wish, now)
    if event.audience is Audience.MEMBERS:
        raise MembersOnly
    earlier = find_live_booking(session, event_id=event.id, person_id=person.id)
    if earlier:
        letters.already_booked(session, event, earlier, now=now)
        return _as_a_newcomer(session, event, dates, wish.mode)
    booking = _book(session, event, dates, person, wish, BookingSource.GUEST, now)
    letters.booked(session, event, booking, fresh=booking.places, now=now)
    return _answer(dates, {place.session_id: place.state for place in booking.places})


def add_by_hand(
    session: DbSession,
    *,
    event_id: int,
    email: str,
    wish: Wish,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Booking:
    """A coordinator adds somebody: members or not, booking open or not.

    Where no place is free for everybody, one kept back is given and there is one less of them;
    full dates put them on the waiting list, as everybody. Raises ``BookingRefused``; nobody can
    be added to a draft, whose page and calendar entries nobody may see.
    """
    person = find_or_add_guest(session, email=email, name=wish.name, now=now)
    event = lock_event(session, event_id)
    if event.status is EventStatus.DRAFT or event.is_record:
        raise NotBookable
    settle(session, event, now)
    dates = _chosen(event, [d for d in event.sessions if is_coming(d, now)], wish)
    kept_before = _kept_back(dates, wish.mode)
    booking = _book(session, event, dates, person, wish, BookingSource.COORDINATOR, now, actor)
    given = kept_before - _kept_back(dates, wish.mode)
    kept_words = ", with a place kept back" if given else ""
    audit.record(
        session,
        actor=actor,
        action="booking.add",
        subject=f"booking:{booking.reference}",
        summary=f"Booked {event.title} for {wish.name}{kept_words}.",
        reason=reason,
        detail={"kept_back_given": given} if given else None,
        now=now,
    )
    letters.booked(session, event, booking, fresh=booking.places, now=now)
    return booking


def _kept_back(dates: Sequence[EventSession], mode: Mode | None) -> int:
    return sum(date.pool_of(mode).kept_back for date in dates)


def find_live_booking(session: DbSession, *, event_id: int, person_id: int) -> Booking | None:
    mine = Booking.event_id == event_id, Booking.person_id == person_id
    return session.scalar(select(Booking).where(*mine, Booking.live))


def _open_dates(
    session: DbSession, event: Event, wish: Wish, now: datetime, standing: Standing = STRANGER
) -> Sequence[EventSession]:
    """The dates asked for, if all of them may be booked now."""
    if refusal := why_not_bookable(event, now, standing):
        raise refusal
    if wish.seen_version is not None and wish.seen_version != event.version:
        raise EventChanged
    dates = event.sessions
    coming = [date for date in dates if is_coming(date, now)]
    begun = [date for date in dates if date.cancelled_at is None and date.starts_at <= now]
    if not coming or (event.booked_as is BookedAs.WHOLE and begun):
        raise BookingClosed
    return _chosen(event, coming, wish)


def _chosen(event: Event, coming: Sequence[EventSession], wish: Wish) -> Sequence[EventSession]:
    if wish.mode is None and any(len(date.pools) > 1 for date in coming):
        raise ModeNotChosen
    if event.booked_as is BookedAs.WHOLE:
        if not coming:
            raise BookingClosed
        return coming
    keys = set(wish.session_keys or ())
    if not keys:
        raise NothingChosen
    if not keys <= {date.key for date in coming}:
        raise DateNotBookable
    return [date for date in coming if date.key in keys]


def _book(
    session: DbSession,
    event: Event,
    dates: Sequence[EventSession],
    person: Person,
    wish: Wish,
    source: BookingSource,
    now: datetime,
    actor: Actor | None = None,
) -> Booking:
    if earlier := find_live_booking(session, event_id=event.id, person_id=person.id):
        raise AlreadyBooked(earlier.reference)
    booking = Booking(
        reference=new_reference(),
        event_id=event.id,
        person_id=person.id,
        source=source,
        booked_at=now,
        attendees=[Attendee(person_id=person.id, name=wish.name)],
        places=[],
    )
    session.add(booking)
    try:
        session.flush()
    except IntegrityError as error:  # The index knew before we did.
        raise AlreadyBooked("") from error
    by_hand = actor is not None
    give_places(
        session,
        event,
        booking,
        dates,
        now,
        mode=wish.mode,
        by_hand=by_hand,
        kept_first=wish.kept_first and by_hand,
    )
    if wish.needs:
        keep_need(session, booking=booking, text=wish.needs, now=now)
    note(session, booking, "Booked.", now, by=actor.name if actor else "")
    show_to_person(session, person.id, now)
    mark_booked(session, event_id=event.id, person_id=person.id, now=now)
    session.flush()
    return booking


def give_places(
    session: DbSession,
    event: Event,
    booking: Booking,
    dates: Sequence[EventSession],
    now: datetime,
    *,
    mode: Mode | None,
    by_hand: bool = False,
    kept_first: bool = False,
) -> None:
    """A place in each date for the attendee of a booking, confirmed or waiting.

    ``mode``: how they take part, where a date leaves a choice.
    Whoever waits already goes first: a newcomer never overtakes the waiting list.
    Raises ``EventFull`` or ``SomeDatesFull`` where there is no waiting list.
    """
    together = [list(dates)] if event.booked_as is BookedAs.WHOLE else [[date] for date in dates]
    rank = rank_of(session, event, booking, now)
    for group in together:
        pools = [date.pool_of(mode) for date in group]
        queue = not by_hand and somebody_waits(session, [pool.id for pool in pools])
        held = not queue and take_all(
            session, [pool.id for pool in pools], by_hand=by_hand, kept_first=kept_first
        )
        if not held and not event.has_waiting_list:
            raise EventFull if len(together) == 1 else SomeDatesFull
        for date, pool in zip(group, pools, strict=True):
            booking.places.append(
                Place(
                    attendee=booking.attendees[0],
                    person_id=booking.person_id,
                    session_id=date.id,
                    pool_id=pool.id,
                    mode=pool.mode,
                    state=PlaceState.CONFIRMED if held else PlaceState.WAITING,
                    created_at=now,
                    confirmed_at=now if held else None,
                    waiting_since=None if held else now,
                    window_rank=rank,
                )
            )
    session.flush()


def rank_of(session: DbSession, event: Event, booking: Booking, now: datetime) -> int:
    """Where the booker stands on the waiting list by the booking windows. A guest's address is not
    confirmed, so whose it is counts for nothing."""
    if not event.windows or booking.source is BookingSource.GUEST:
        return window_rank(event, STRANGER)
    person = session.get_one(Person, booking.person_id)
    return window_rank(event, standing_of(session, person, event, now=now))


def somebody_waits(session: DbSession, pool_ids: Sequence[int]) -> bool:
    """In any of these pools. Under the lock."""
    waits = exists().where(Place.pool_id.in_(pool_ids), Place.state == PlaceState.WAITING)
    return bool(session.scalar(select(waits)))


def _as_a_newcomer(
    session: DbSession, event: Event, dates: Sequence[EventSession], mode: Mode | None
) -> GuestAnswer:
    """What somebody unknown would be told now."""

    def would_wait(date: EventSession) -> bool:
        pool = date.pool_of(mode)
        return pool.free == 0 or somebody_waits(session, [pool.id])

    waits = {date.id: would_wait(date) for date in dates}
    whole = event.booked_as is BookedAs.WHOLE
    if whole and any(waits.values()):
        waits = dict.fromkeys(waits, True)
    if not event.has_waiting_list and any(waits.values()):
        raise EventFull if whole or len(waits) == 1 else SomeDatesFull  # As in give_places.
    return _answer(
        dates,
        {
            key: PlaceState.WAITING if waiting else PlaceState.CONFIRMED
            for key, waiting in waits.items()
        },
    )


def _answer(dates: Sequence[EventSession], states: dict[int, PlaceState]) -> GuestAnswer:
    return GuestAnswer(
        confirmed=tuple(d.key for d in dates if states[d.id] is PlaceState.CONFIRMED),
        waiting=tuple(d.key for d in dates if states[d.id] is PlaceState.WAITING),
    )
