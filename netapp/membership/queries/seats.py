"""Seats of organisations: how many there are, who has them, what somebody has by them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, joinedload

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.membership.models import Membership, MembershipKind, Seat
from netapp.membership.queries.belonging import current_on, gives_rights
from netapp.membership.seat_links import seat_url
from netapp.membership.seat_models import SeatLink
from netapp.organisations.models import Organisation
from netapp.people.models import Person


@dataclass(frozen=True, slots=True)
class Seats:
    """``number`` is None where the organisation is no member, so that there are none to give."""

    number: int | None
    taken: int
    kind: str = ""
    until: date | None = None
    in_grace: bool = False
    membership_key: str = ""

    @property
    def left(self) -> int:
        return max(0, (self.number or 0) - self.taken)


@dataclass(frozen=True, slots=True)
class SeatLine:
    """Who has a seat, for the contacts of the organisation and for coordinators. Whom a contact
    named is shown to them by that name: they learn no other of an address."""

    key: str
    person_id: int
    person_key: str
    name: str
    known_as: str  # For coordinators.
    email: str  # For coordinators.
    given_at: datetime
    given_by: str


@dataclass(frozen=True, slots=True)
class MySeat:
    """A seat of somebody, for themselves. Without rights while the organisation is no member."""

    key: str
    organisation_id: int
    organisation_key: str
    organisation: str
    slug: str
    given_at: datetime
    gives_rights: bool


def seats_of(session: DbSession, organisation_id: int, *, at: datetime) -> Seats:
    """As its newest term says that gives rights at a moment, days of grace included. Two
    queries."""
    held = session.scalar(
        select(Membership)
        .where(Membership.organisation_id == organisation_id, gives_rights(session, at))
        .options(joinedload(Membership.kind))
        .order_by(Membership.starts_on.desc(), Membership.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    taken = session.scalar(count_taken(organisation_id)) or 0
    if held is None:
        return Seats(None, taken)
    is_current = select(Membership.id).where(Membership.id == held.id, current_on(session, at))
    return Seats(
        number=(held.kind.seats or 0) if held.seats is None else held.seats,
        taken=taken,
        kind=held.kind.name,
        until=held.ends_on,
        in_grace=session.scalar(is_current) is None,
        membership_key=held.key,
    )


def count_taken(organisation_id: int) -> Select[int]:
    live = Seat.organisation_id == organisation_id, Seat.ended_at.is_(None)
    return select(func.count()).select_from(Seat).where(*live)


def seat_lines(session: DbSession, organisation_id: int) -> list[SeatLine]:
    """Who has a seat now, by name. One query."""
    giver = aliased(Person)
    rows = session.execute(
        select(Seat, Person, giver.name)
        .join(Person, Person.id == Seat.person_id)
        .outerjoin(giver, giver.id == Seat.given_by_id)
        .where(Seat.organisation_id == organisation_id, Seat.ended_at.is_(None))
    )
    found = [
        SeatLine(
            key=seat.key,
            person_id=person.id,
            person_key=person.key,
            name=seat.called or person.name,
            known_as=person.name,
            email=person.email,
            given_at=seat.given_at,
            given_by="" if seat.given_by_id == person.id else given_by or "",
        )
        for seat, person, given_by in rows
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.key))


def my_seats(session: DbSession, person_id: int, *, at: datetime) -> list[MySeat]:
    """The seats somebody has, by the name of the organisation. One query."""
    member = (
        select(Membership.id)
        .join(MembershipKind, MembershipKind.id == Membership.kind_id)
        .where(
            Membership.organisation_id == Seat.organisation_id,
            gives_rights(session, at),
            func.coalesce(Membership.seats, MembershipKind.seats) > 0,
        )
        .correlate(Seat)
        .exists()
    )
    rows = session.execute(
        select(Seat, Organisation, member.label("member"))
        .join(Organisation, Organisation.id == Seat.organisation_id)
        .where(Seat.person_id == person_id, Seat.ended_at.is_(None))
        .order_by(func.lower(Organisation.name), Seat.id)
    )
    return [
        MySeat(seat.key, one.id, one.key, one.name, one.slug, seat.given_at, bool(is_member))
        for seat, one, is_member in rows
    ]


def has_seat(session: DbSession, organisation_id: int, person_id: int) -> bool:
    mine = Seat.organisation_id == organisation_id, Seat.person_id == person_id
    return session.scalar(select(Seat.id).where(*mine, Seat.ended_at.is_(None))) is not None


def was_ended(session: DbSession, organisation_id: int, person_id: int, link: SeatLink) -> bool:
    """Whether somebody else ended their last seat, and there was no new link since."""
    last = session.execute(
        select(Seat.ended_at, Seat.ended_by_id)
        .where(Seat.organisation_id == organisation_id, Seat.person_id == person_id)
        .where(Seat.ended_at.is_not(None))
        .order_by(Seat.ended_at.desc(), Seat.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None or last.ended_by_id in (None, person_id):
        return False
    return bool(link.changed_at <= last.ended_at)


def seat_link(session: DbSession, organisation_id: int) -> SeatLink | None:
    """As the database has it now."""
    held = select(SeatLink).where(SeatLink.organisation_id == organisation_id)
    return session.scalar(held.execution_options(populate_existing=True))


def open_url(session: DbSession, organisation: Organisation) -> str:
    """The link of this organisation to pass on; empty while it has none."""
    link = seat_link(session, organisation.id)
    return seat_url(site_of(session), organisation, link) if link and link.is_open else ""
