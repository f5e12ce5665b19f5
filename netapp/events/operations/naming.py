"""The people of a party: named now or later, and places handed from one to another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from netapp.events.errors import BookingChanged, BookingEnded, ChangesClosed, NameMissing
from netapp.events.models import LIVE_STATES, Attendee, Booking, EndReason, Event, Place, PlaceState
from netapp.events.operations import letters
from netapp.events.operations.answers import forget_answers
from netapp.events.operations.changing import give_up, refuse_stale
from netapp.events.operations.guard import lock_booking, show_to_person
from netapp.events.operations.needs_deleting import forget_needs
from netapp.events.operations.story import close_if_over, note
from netapp.events.operations.waiting import settle
from netapp.events.policies import can_give_back, is_coming, name_until, names_asked
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.words import count_words
from netapp.people.models import Person
from netapp.people.operations.guests import find_or_add_guest


@dataclass(frozen=True, slots=True)
class Naming:
    """Who takes the place of an attendee: a name, and a canonical address or an empty text."""

    key: str
    name: str
    email: str = ""
    seen: str | None = None  # The name that the page showed; None skips the check.
    same: bool = False  # Whoever it is stays who they are: only their name was wrong.


def name_attendees(
    session: DbSession,
    *,
    booking_id: int,
    names: Sequence[Naming],
    seen_version: int | None = None,
    by_link: bool = False,
    now: datetime,
) -> int:
    """Name the people of a booking, until each date begins; returns how many are different now.

    Whoever gets a confirmed place and has an address is told, with an invitation; whoever loses
    one is told, too. A place of somebody who booked for themselves can be handed to a colleague
    like this: the booking stays theirs. Somebody who has a place of their own in a date keeps that
    one, and only they are told: whoever names people learns nothing about them. ``by_link``: with
    the link that was passed on, not by the booker. Raises ``NameMissing``, ``BookingChanged``,
    ``BookingEnded``, ``ChangesClosed`` and ``NotFound``.
    """
    event, booking = lock_booking(session, booking_id)
    settle(session, event, now)
    refuse_stale(booking, seen_version)
    attendees = {attendee.key: attendee for attendee in booking.attendees}
    changed = 0
    for naming in names:
        attendee = attendees.get(naming.key)
        if attendee is None:
            raise NotFound
        if naming.seen is not None and naming.seen != attendee.name:
            raise BookingChanged
        changed += _name(session, event, booking, attendee, naming, now)
    if changed:
        booking.version += 1
        some = count_words(changed, "person was", "people were")
        note(session, booking, f"{some} named{' with the link for names' if by_link else ''}.", now)
        session.flush()
        settle(session, event, now)  # Nobody waits to swap a place that is another's now.
    return changed


def hand_back(session: DbSession, *, booking_id: int, attendee_key: str, now: datetime) -> Booking:
    """Somebody for whom another person booked cannot come: the booker is asked to name another
    or to give the place back. Raises ``NotFound``, ``BookingEnded`` and ``ChangesClosed``."""
    event, booking = lock_booking(session, booking_id)
    if not booking.live:
        raise BookingEnded
    attendee = _attendee(booking, attendee_key)
    if attendee.person_id is None:
        raise NotFound
    name = attendee.name
    places = _to_come(event, booking, attendee, now)
    if not places:
        raise ChangesClosed
    _end_for(session, event, booking, attendee, places, "handed_back", now)
    attendee = _apart(session, booking, attendee, places)
    forget_answers(session, attendee, now)
    attendee.name, attendee.person_id = "", None
    booking.is_party = True  # Also where they had booked for themselves: nobody is named now.
    for place in places:
        place.person_id = None
    until = name_until(event, [d for d in event.sessions if d.id in {p.session_id for p in places}])
    if until and now >= names_asked(event, until):
        booking.names_asked_at = now  # The letter asks, and leaves a day to answer.
    booking.version += 1
    note(session, booking, f"{name} cannot come and handed the place back.", now)
    session.flush()
    letters.handed_back(session, event, booking, name, now=now)
    settle(session, event, now)  # As above.
    return booking


def give_up_place(
    session: DbSession,
    *,
    booking_id: int,
    attendee_key: str,
    seen_version: int | None = None,
    now: datetime,
) -> Booking:
    """The booker gives back the place of one attendee in every date that can still be given back.

    Raises ``NotFound``, ``BookingChanged``, ``BookingEnded`` and ``ChangesClosed``.
    """
    event, booking = lock_booking(session, booking_id)
    refuse_stale(booking, seen_version)
    attendee = _attendee(booking, attendee_key)
    dates = {date.id: date for date in event.sessions}
    places = [
        place
        for place in _to_come(event, booking, attendee, now)
        if can_give_back(event, dates[place.session_id], place, now)
    ]
    if not places:
        raise ChangesClosed
    lost = give_up(session, places, EndReason.BY_PERSON, now)
    booking.version += 1
    note(session, booking, f"Gave back the place of {attendee.name or 'somebody not named'}.", now)
    for person_id in {place.person_id for place in places if place.person_id}:
        show_to_person(session, person_id, now)
    close_if_over(session, booking, now)
    letters.cancelled(session, event, booking, ended=places, confirmed=lost, by="you", now=now)
    letters.tell_organiser(session, event, booking, "gave back a place of their party", now=now)
    settle(session, event, now)
    return booking


def _name(
    session: DbSession,
    event: Event,
    booking: Booking,
    attendee: Attendee,
    naming: Naming,
    now: datetime,
) -> bool:
    person = _person_of(session, attendee, naming, now)
    person_id = person.id if person else None
    if (naming.name, person_id) == (attendee.name, attendee.person_id):
        return False
    places = _to_come(event, booking, attendee, now)
    if not places:
        raise ChangesClosed
    if person_id == attendee.person_id:
        if person_id is None:  # The same person put right, or another: nobody knows.
            attendee = _apart(session, booking, attendee, places)
        attendee.name = naming.name
        session.flush()
        return True
    became: letters.BecameOf = "to_another" if naming.name else "to_nobody"
    _end_for(session, event, booking, attendee, places, became, now)
    attendee = _apart(session, booking, attendee, places)
    forget_answers(session, attendee, now)
    attendee.name, attendee.person_id = naming.name, person_id
    if person_id != booking.person_id:
        booking.is_party = True
    own = _places_elsewhere(session, places, person_id)
    for place in places:
        place.person_id = None if place.session_id in own else person_id
    session.flush()
    if person is not None:
        show_to_person(session, person.id, now)
        held = [place for place in places if place.state is PlaceState.CONFIRMED]
        if held:
            letters.place_given(session, event, booking, attendee, places=held, now=now)
    return True


def _person_of(
    session: DbSession, attendee: Attendee, naming: Naming, now: datetime
) -> Person | None:
    """The person with this address. Without one, whoever it is still, if the name is the same or
    was only wrong."""
    if naming.email:
        if not naming.name:
            raise NameMissing
        return find_or_add_guest(session, email=naming.email, name=naming.name, now=now)
    is_same = naming.name == attendee.name or (naming.same and naming.name)
    if attendee.person_id is None or not is_same:
        return None
    return session.get_one(Person, attendee.person_id)


def _end_for(
    session: DbSession,
    event: Event,
    booking: Booking,
    attendee: Attendee,
    places: Sequence[Place],
    became: letters.BecameOf,
    now: datetime,
) -> None:
    """Tell whoever had these places that they have them no more."""
    if attendee.person_id is None:
        return
    show_to_person(session, attendee.person_id, now)
    if attendee.person_id != booking.person_id:
        forget_needs(session, event, booking, attendee.person_id, now)
    theirs = [place for place in places if place.person_id is not None]
    held = [place for place in theirs if place.state is PlaceState.CONFIRMED]
    if held:
        letters.place_ended(session, event, booking, attendee, places=held, became=became, now=now)
    session.flush()


def _apart(
    session: DbSession, booking: Booking, attendee: Attendee, places: Sequence[Place]
) -> Attendee:
    """Whoever is to have these places. Dates that have begun stay those of the one who had them,
    so where there are any it is somebody new."""
    stays = [p for p in booking.places if p.attendee_id == attendee.id and p not in places]
    if not any(place.state in LIVE_STATES for place in stays):
        return attendee
    other = Attendee(name="")
    booking.attendees.append(other)
    session.flush()
    for place in places:
        place.attendee_id = other.id
    session.flush()
    return other


def _places_elsewhere(
    session: DbSession, places: Sequence[Place], person_id: int | None
) -> set[int]:
    """Of the dates of these places those, by id, in which this person has another one."""
    if person_id is None:
        return set()
    found = session.scalars(
        select(Place.session_id).where(
            Place.session_id.in_([place.session_id for place in places]),
            Place.person_id == person_id,
            Place.state.in_(LIVE_STATES),
            Place.for_swap.is_(False),
            Place.id.not_in([place.id for place in places]),
        )
    )
    return set(found)


def _attendee(booking: Booking, key: str) -> Attendee:
    for attendee in booking.attendees:
        if attendee.key == key:
            return attendee
    raise NotFound


def _to_come(event: Event, booking: Booking, attendee: Attendee, now: datetime) -> list[Place]:
    """Their live places in the dates that have not begun."""
    coming = {date.id for date in event.sessions if is_coming(date, now)}
    return [
        place
        for place in booking.places
        if place.attendee_id == attendee.id
        and place.state in LIVE_STATES
        and place.session_id in coming
    ]
