"""Seats of an organisation are given, taken and ended.

The row of the organisation is written first, so that two who want the last seat go one by one.
What somebody has by a seat is read through it: nothing of it is copied to them, so ending one link
ends no other and keeps none.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel import limits
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.limits import Limit
from netapp.kernel.revisions import raise_revision
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.kernel.words import count_words
from netapp.membership.errors import (
    HasEnded,
    HasSeat,
    KindOfOthers,
    NoSeats,
    NotTheContact,
    SeatHasEnded,
    SeatLinkEnded,
    SeatsTaken,
    SeatWasEnded,
    TooManyGiven,
)
from netapp.membership.models import Membership, Seat
from netapp.membership.operations import seat_letters
from netapp.membership.queries.seats import has_seat, seat_link, seats_of, was_ended
from netapp.membership.seat_links import is_seat_key
from netapp.organisations.models import Organisation
from netapp.organisations.operations.contacts import is_contact
from netapp.organisations.operations.guard import DIRECTORY, hold_organisation, subject_of
from netapp.people.errors import AccountDisabled
from netapp.people.models import Person
from netapp.people.operations.guests import find_or_add_guest

GIVEN: Final = Limit("seats given by contacts", 50, timedelta(days=1))
"""Of each organisation: every seat given by address is a mail to somebody who did not ask."""


@dataclass(frozen=True, slots=True)
class By:
    """Who gives and ends seats: a coordinator, or (``as_contact``) a contact of that
    organisation, which is asked of the database once nobody else can change it."""

    actor: Actor
    as_contact: bool = False


def take_seat(
    session: DbSession, *, organisation_key: str, link_key: str, person_id: int, now: datetime
) -> Organisation:
    """A seat for whoever has the link that was passed on. Harmless for somebody who has one.

    Raises ``SeatLinkEnded``, ``SeatWasEnded``, ``NoSeats``, ``SeatsTaken``, ``AccountDisabled``.
    """
    try:
        organisation = hold_organisation(session, organisation_key)
    except NotFound as unknown:
        raise SeatLinkEnded from unknown
    link = seat_link(session, organisation.id)
    if link is None or not is_seat_key(site_of(session), organisation.key, link, link_key):
        raise SeatLinkEnded
    person = session.get_one(Person, person_id)
    if not has_seat(session, organisation.id, person.id):
        if was_ended(session, organisation.id, person.id, link):
            raise SeatWasEnded
        _add(session, organisation, person, Actor(person.id, person.name), now, called="")
    return organisation


def give_seat(
    session: DbSession, *, organisation_key: str, email: str, name: str, by: By, now: datetime
) -> Seat:
    """A seat for whoever has this address, who is told by email.

    Raises ``NotTheContact``, ``HasSeat``, ``NoSeats``, ``SeatsTaken``, ``TooManyGiven``,
    ``AccountDisabled``, ``NotFound``.
    """
    organisation = held_by(session, organisation_key, by, now)
    if by.as_contact and not limits.count_and_check(session, GIVEN, organisation.key, now):
        raise TooManyGiven
    person = find_or_add_guest(session, email=email, name=name, now=now)
    if has_seat(session, organisation.id, person.id):
        raise HasSeat
    called = name if by.as_contact else ""
    seat = _add(session, organisation, person, by.actor, now, called=called)
    seat_letters.seat_given(
        session,
        person=person,
        called=called,
        organisation=organisation,
        by=by.actor.name,
        now=now,
    )
    return seat


def end_seat(
    session: DbSession, *, organisation_key: str, seat_key: str, by: By, now: datetime
) -> None:
    """The person is told, unless it was they who gave it back.

    Raises ``NotTheContact``, ``SeatHasEnded``, ``NotFound``.
    """
    organisation = held_by(session, organisation_key, by, now)
    _end(session, organisation, seat_key, by.actor, now)


def give_back(session: DbSession, *, seat_key: str, person_id: int, now: datetime) -> Organisation:
    """Somebody leaves their own seat. Raises ``SeatHasEnded``, ``NotFound``."""
    found = session.execute(
        select(Organisation.key, Person.name)
        .join(Seat, Seat.organisation_id == Organisation.id)
        .join(Person, Person.id == Seat.person_id)
        .where(Seat.key == seat_key, Seat.person_id == person_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    organisation = hold_organisation(session, found.key)
    _end(session, organisation, seat_key, Actor(person_id, found.name), now)
    return organisation


def set_number(
    session: DbSession,
    *,
    organisation_key: str,
    membership_key: str,
    number: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """As many seats as a coordinator says for this term, or (None) as its kind has. Nobody loses
    a seat by it: where more are taken, none is given until enough have ended. With none at all
    nobody has rights by one.

    Raises ``KindOfOthers`` for a membership of somebody else, ``HasEnded`` for one that is over.
    """
    organisation = hold_organisation(session, organisation_key)
    held = session.scalar(
        select(Membership)
        .where(Membership.key == membership_key)
        .execution_options(populate_existing=True)
    )
    if held is None or held.organisation_id != organisation.id:
        raise KindOfOthers
    if held.ended_early:
        raise HasEnded
    held.seats = number
    session.flush()
    raise_revision(session, DIRECTORY, now)
    words = "as many seats as its kind has" if number is None else count_words(number, "seat")
    _record(session, organisation, "number", f"Gave {organisation.name} {words}.", actor, now)


def held_by(session: DbSession, organisation_key: str, by: By, now: datetime) -> Organisation:
    """The organisation, which nobody else changes until the commit. Raises ``NotTheContact``,
    ``NotFound``."""
    organisation = hold_organisation(session, organisation_key)
    if by.as_contact and not is_contact(
        session, organisation_id=organisation.id, person_id=by.actor.id or 0, now=now
    ):
        raise NotTheContact
    return organisation


def _add(
    session: DbSession,
    organisation: Organisation,
    person: Person,
    actor: Actor,
    now: datetime,
    *,
    called: str,
) -> Seat:
    if person.disabled_at:
        raise AccountDisabled
    seats = seats_of(session, organisation.id, at=now)
    if not seats.number:
        raise NoSeats
    if seats.left == 0:
        raise SeatsTaken
    seat = Seat(
        key=new_key(),
        organisation_id=organisation.id,
        person_id=person.id,
        called=called,
        given_at=now,
        given_by_id=actor.id,
    )
    session.add(seat)
    session.flush()
    raise_revision(session, DIRECTORY, now)
    summary = f"Took a seat of {organisation.name}."
    if actor.id != person.id:
        summary = f"Gave {person.name} a seat of {organisation.name}."
    _record(session, organisation, "given", summary, actor, now)
    return seat


def _end(
    session: DbSession, organisation: Organisation, seat_key: str, actor: Actor, now: datetime
) -> None:
    ended = session.scalar(
        update(Seat)
        .where(
            Seat.key == seat_key,
            Seat.organisation_id == organisation.id,
            Seat.ended_at.is_(None),
        )
        .values(ended_at=now, ended_by_id=actor.id)
        .returning(Seat.person_id)
        .execution_options(synchronize_session=False)
    )
    if ended is None:
        known = Seat.key == seat_key, Seat.organisation_id == organisation.id
        raise SeatHasEnded if session.scalar(select(Seat.id).where(*known)) else NotFound
    person = session.get_one(Person, ended)
    raise_revision(session, DIRECTORY, now)
    summary = f"Gave back a seat of {organisation.name}."
    if actor.id != person.id:
        summary = f"Ended the seat of {person.name}, of {organisation.name}."
    _record(session, organisation, "ended", summary, actor, now)
    if actor.id != person.id:
        seat_letters.seat_ended(
            session, person=person, organisation=organisation, by=actor.name, now=now
        )


def _record(
    session: DbSession,
    organisation: Organisation,
    act: str,
    summary: str,
    actor: Actor,
    now: datetime,
) -> None:
    audit.record(
        session,
        actor=actor,
        action=f"seat.{act}",
        subject=subject_of(organisation),
        summary=summary,
        now=now,
    )
