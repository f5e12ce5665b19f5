"""Who is a member now, by themselves or through an organisation, and what that allows them."""

import enum
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Date, Select, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.membership.models import Membership, MembershipKind, Seat


class Right(enum.Enum):
    """What a kind of membership can allow; each is a column of ``MembershipKind``."""

    BOOKS_AS_MEMBER = "books_as_member"
    SEES_DIRECTORY = "sees_directory"
    JOINS_GROUPS = "joins_groups"
    VOTES = "votes"


@dataclass(frozen=True, slots=True)
class Belonging:
    """One way in which somebody is a member; ``organisation`` and its key are empty where by
    themselves."""

    key: str
    kind: MembershipKind
    organisation_id: int | None
    organisation: str
    organisation_key: str
    starts_on: date
    ends_on: date | None
    in_grace: bool


def is_current(session: DbSession, person_id: int, *, at: datetime) -> bool:
    """Whether this person is a member on the day that ``at`` falls on in the network's zone."""
    held = select(Membership.id).where(belongs_to(person_id), current_on(session, at))
    return session.scalar(held.limit(1)) is not None


def has_right(session: DbSession, person_id: int, right: Right, *, at: datetime) -> bool:
    """Whether any membership of this person allows it: also in the days of grace after a term ran
    out, so that nobody loses a place because a renewal came late."""
    asked = {"person": person_id, "today": _today(session, at)}
    return session.scalar(_that_allows(right), asked) is not None


@cache  # It is asked with every page of an event and every booking.
def _that_allows(right: Right) -> Select[int]:
    """A membership of ``person`` that allows it on ``today``."""
    return (
        select(Membership.id)
        .join(MembershipKind, MembershipKind.id == Membership.kind_id)
        .where(belongs_to(bindparam("person")), _gives_rights(bindparam("today", type_=Date())))
        .where(getattr(MembershipKind, right.value).is_(True))
        .limit(1)
    )


def belongings(session: DbSession, person_id: int, *, at: datetime) -> list[Belonging]:
    """Every way in which this person is a member now, days of grace included: their own first,
    then by the name of the organisation. One query."""
    today = _today(session, at)
    found = session.scalars(
        select(Membership)
        .join(MembershipKind, MembershipKind.id == Membership.kind_id)
        .where(belongs_to(person_id), gives_rights(session, at))
        .options(joinedload(Membership.kind), joinedload(Membership.organisation))
    )
    ways = [_belonging(held, today) for held in found]
    return sorted(ways, key=lambda way: (way.organisation.casefold(), way.starts_on))


def _belonging(held: Membership, today: date) -> Belonging:
    return Belonging(
        key=held.key,
        kind=held.kind,
        organisation_id=held.organisation_id,
        organisation=held.organisation.name if held.organisation else "",
        organisation_key=held.organisation.key if held.organisation else "",
        starts_on=held.starts_on,
        ends_on=held.ends_on,
        in_grace=held.ends_on is not None and held.ends_on < today,
    )


def belongs_to(
    person: int | InstrumentedAttribute[int] | BindParameter[int],
) -> ColumnElement[bool]:
    """The condition that a membership is this person's own, or of an organisation in which they
    have a seat, and that gives seats; ``person`` is a number or a column of another table."""
    kind = aliased(MembershipKind)
    of_kind = select(kind.seats).where(kind.id == Membership.kind_id).correlate_except(kind)
    seated_at = (
        select(Seat.organisation_id)
        .where(Seat.person_id == person, Seat.ended_at.is_(None))
        .correlate_except(Seat)
    )
    # Both sides of the "or" begin with an index: no membership of others is looked at.
    return or_(
        Membership.person_id == person,
        Membership.organisation_id.in_(seated_at)
        & (func.coalesce(Membership.seats, of_kind.scalar_subquery()) > 0),
    )


def current_on(session: DbSession, at: datetime) -> ColumnElement[bool]:
    """The condition that a membership is in force at a moment."""
    today = _today(session, at)
    not_ended = or_(Membership.ends_on.is_(None), Membership.ends_on >= today)
    return (Membership.starts_on <= today) & not_ended


def gives_rights(session: DbSession, at: datetime) -> ColumnElement[bool]:
    """The condition that a membership is in force, or in its days of grace, at a moment."""
    return _gives_rights(_today(session, at))


def _gives_rights(today: date | BindParameter[date]) -> ColumnElement[bool]:
    not_ended = or_(Membership.rights_until.is_(None), Membership.rights_until >= today)
    return (Membership.starts_on <= today) & not_ended


def _today(session: DbSession, at: datetime) -> date:
    return to_local(at, site_of(session).zone).date()
