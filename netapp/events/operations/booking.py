"""Book an event: places where there are some, the waiting list where there are none."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from netapp.audit.operations import Actor
from netapp.events.errors import (
    AlreadyBooked,
    BookingClosed,
    DateNotBookable,
    EventChanged,
    ModeNotChosen,
    NothingChosen,
    PartyTooLarge,
    TooManyNames,
)
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
from netapp.events.operations import letters
from netapp.events.operations.guard import lock_places, show_to_person
from netapp.events.operations.interest import mark_booked
from netapp.events.operations.needs import tell
from netapp.events.operations.places import give_places, places_for_newcomer
from netapp.events.operations.story import note
from netapp.events.operations.waiting import settle
from netapp.events.plans import NOTHING_TOLD, Telling
from netapp.events.policies import STRANGER, Standing, is_coming, why_not_bookable
from netapp.events.queries.audience import refuse_others
from netapp.events.queries.requests import asked_words
from netapp.events.queries.windows import standing_of
from netapp.kernel.db import DbSession
from netapp.kernel.tokens import new_reference
from netapp.people.models import Person
from netapp.people.operations.guests import find_or_add_guest


@dataclass(frozen=True, slots=True)
class Party:
    """Several places in one booking. ``names``: of those who come beside the booker, as far as they
    are known; ``comes_along``: the booker takes one of the places."""

    places: int
    comes_along: bool = True
    names: tuple[str, ...] = ()
    organisation: str = ""
    order_number: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for. ``session_keys`` None: the whole course.

    ``seen_version`` is the version of the event that their page showed; None skips the check.
    """

    session_keys: Sequence[str] | None
    name: str
    mode: Mode | None = None  # How they take part, where there is a choice.
    telling: Telling = NOTHING_TOLD  # What would help them; never kept on the booking.
    party: Party | None = None
    seen_version: int | None = None
    kept_first: bool = False  # By hand: a place kept back, even while others are free.
    accepts_waiting: Collection[str] | None = None
    """Dates of which they know that they would wait, as ``key`` or, where there is a choice,
    ``key:mode``; where another has no place, ``PlacesGone`` is raised. None: wherever need be."""

    @property
    def places(self) -> int:
        """In each date."""
        return self.party.places if self.party else 1


@dataclass(frozen=True, slots=True)
class GuestAnswer:
    """What a guest is told on the page: alike whether or not we know the address."""

    confirmed: tuple[str, ...]  # Keys of sessions.
    waiting: tuple[str, ...]


def book(
    session: DbSession, *, event_id: int, person: Person, wish: Wish, now: datetime
) -> Booking:
    """Book for a signed-in person; raises the ``BookingRefused`` that says why not."""
    event = lock_places(session, event_id)
    settle(session, event, now)
    standing = standing_of(session, person, event, now=now)
    dates = _open_dates(session, event, wish, now, standing)
    refuse_others(session, event, person, standing)
    booking = make_booking(session, event, dates, person, wish, BookingSource.MEMBER, now)
    asked = asked_words(session, booking)
    letters.booked(session, event, booking, fresh=booking.places, asked=asked, now=now)
    return booking


def book_as_guest(
    session: DbSession, *, event_id: int, email: str, wish: Wish, now: datetime
) -> GuestAnswer:
    """Book with a name and a canonical address only; confirmed at once.

    Whoever asks learns nothing about the address: if it has a booking already, the answer is what
    a newcomer would get, and only the mail to that address tells the truth.
    """
    person = find_or_add_guest(session, email=email, name=wish.name, now=now)
    event = lock_places(session, event_id)
    settle(session, event, now)
    dates = _open_dates(session, event, wish, now)
    refuse_others(session, event, None, STRANGER)
    if _tell_booked(session, event, person, dates, now):
        return _answer(
            dates,
            places_for_newcomer(
                session,
                event,
                dates,
                mode=wish.mode,
                number=wish.places,
                accepts_waiting=wish.accepts_waiting,
                now=now,
            ),
        )
    booking = make_booking(session, event, dates, person, wish, BookingSource.GUEST, now)
    asked = asked_words(session, booking)
    letters.booked(session, event, booking, fresh=booking.places, asked=asked, now=now)
    return _answer(dates, {place.session_id: place.state for place in booking.places})


def _tell_booked(
    session: DbSession, event: Event, person: Person, dates: Sequence[EventSession], now: datetime
) -> bool:
    """Mail the truth to somebody who has a booking, or a place in one of these dates that another
    person booked for them."""
    if earlier := find_live_booking(session, event_id=event.id, person_id=person.id):
        letters.already_booked(session, event, earlier, now=now)
        return True
    given = session.scalars(
        select(Place)
        .where(
            Place.session_id.in_([date.id for date in dates]),
            Place.person_id == person.id,
            Place.state.in_(LIVE_STATES),
            Place.for_swap.is_(False),
        )
        .order_by(Place.id)
    ).all()
    if given:
        letters.already_named(session, event, given, now=now)
    return bool(given)


def find_live_booking(session: DbSession, *, event_id: int, person_id: int) -> Booking | None:
    return session.scalar(_LIVE, {"event_id": event_id, "person_id": person_id})


_LIVE = select(Booking).where(
    Booking.event_id == bindparam("event_id"),
    Booking.person_id == bindparam("person_id"),
    Booking.live,
)


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
    return chosen_dates(event, coming, wish)


def chosen_dates(
    event: Event, coming: Sequence[EventSession], wish: Wish
) -> Sequence[EventSession]:
    """Those of the dates to come that the wish names, if it says all that must be said."""
    if wish.places > max(1, event.party_most):
        raise PartyTooLarge
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


def make_booking(
    session: DbSession,
    event: Event,
    dates: Sequence[EventSession],
    person: Person,
    wish: Wish,
    source: BookingSource,
    now: datetime,
    actor: Actor | None = None,
) -> Booking:
    """The booking with its places, under the lock; letters are the caller's. Raises
    ``AlreadyBooked`` and what ``give_places`` raises."""
    if earlier := find_live_booking(session, event_id=event.id, person_id=person.id):
        raise AlreadyBooked(earlier.reference)
    booking = Booking(
        reference=new_reference(),
        event_id=event.id,
        person_id=person.id,
        source=source,
        name=wish.name,
        is_party=wish.party is not None,
        organisation=wish.party.organisation if wish.party else "",
        order_number=wish.party.order_number if wish.party else "",
        booked_at=now,
        attendees=_attendees(person, wish),
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
        accepts_waiting=wish.accepts_waiting,
    )
    if wish.telling != NOTHING_TOLD:
        tell(
            session,
            event=event,
            booking=booking,
            person_id=person.id,
            telling=wish.telling,
            now=now,
        )
    note(session, booking, "Booked.", now, by=actor.name if actor else "")
    show_to_person(session, person.id, now)
    mark_booked(session, event_id=event.id, person_id=person.id, now=now)
    session.flush()
    return booking


def _attendees(person: Person, wish: Wish) -> list[Attendee]:
    """The booker; of a party those who are named, and one without a name for each further place."""
    booker = Attendee(person_id=person.id, name=wish.name)
    if wish.party is None:
        return [booker]
    named = [booker] if wish.party.comes_along else []
    named += [Attendee(name=name) for name in wish.party.names]
    if len(named) > wish.party.places:
        raise TooManyNames
    return named + [Attendee(name="") for _ in range(wish.party.places - len(named))]


def _answer(dates: Sequence[EventSession], states: dict[int, PlaceState]) -> GuestAnswer:
    return GuestAnswer(
        confirmed=tuple(d.key for d in dates if states[d.id] is PlaceState.CONFIRMED),
        waiting=tuple(d.key for d in dates if states[d.id] is PlaceState.WAITING),
    )
