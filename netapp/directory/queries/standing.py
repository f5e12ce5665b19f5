"""Who belongs to the network and may be in the directory, who is young, who may look."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.membership.models import Membership, MembershipKind, Seat
from netapp.membership.queries.belonging import Right, gives_rights, has_right
from netapp.organisations.models import Affiliation, Organisation
from netapp.people.models import Person


def may_look(session: DbSession, person: Person | None, *, at: datetime) -> bool:
    """Whether the directory of members is open to them: by a membership that allows it, days of
    grace included, or as a coordinator. ``person`` has roles loaded."""
    if person is None:
        return False
    if person.is_coordinator and person.has_second_factor:
        return True
    return has_right(session, person.id, Right.SEES_DIRECTORY, at=at)


def belonging(
    session: DbSession, *, at: datetime, only: Sequence[int] | None = None
) -> dict[int, bool]:
    """Everybody who is a member, by themselves or by a seat, days of grace included; True where
    one of their memberships is that of a young member. ``only`` among these people. Two
    queries."""
    rights = gives_rights(session, at)
    own = (
        select(Membership.person_id, MembershipKind.is_young)
        .join(MembershipKind, MembershipKind.id == Membership.kind_id)
        .where(Membership.person_id.is_not(None), rights)
    )
    seated = (
        select(Seat.person_id)
        .join(Membership, Membership.organisation_id == Seat.organisation_id)
        .join(MembershipKind, MembershipKind.id == Membership.kind_id)
        .where(
            Seat.ended_at.is_(None),
            rights,
            func.coalesce(Membership.seats, MembershipKind.seats) > 0,
        )
        .distinct()
    )
    if only is not None:
        own = own.where(Membership.person_id.in_(only))
        seated = seated.where(Seat.person_id.in_(only))
    found: dict[int, bool] = {}
    for row in session.execute(own):
        person_id: int = row.person_id  # The condition saw to it.
        found[person_id] = found.get(person_id, False) or row.is_young
    for each in session.scalars(seated):
        found.setdefault(each, False)
    return found


def has_account(session: DbSession) -> ColumnElement[bool]:
    """The condition that somebody has an account, open, and not one of the demo elsewhere."""
    conditions = [Person.registered_at.is_not(None), Person.disabled_at.is_(None)]
    if not site_of(session).demo:
        conditions.append(Person.is_demo.is_(False))
    return and_(*conditions)


def works_now(session: DbSession, at: datetime) -> ColumnElement[bool]:
    """The condition that somebody works for a listed organisation today."""
    today = today_at(session, at)
    return and_(
        or_(Affiliation.starts_on.is_(None), Affiliation.starts_on <= today),
        or_(Affiliation.ends_on.is_(None), Affiliation.ends_on >= today),
        Organisation.is_listed.is_(True),
    )


def today_at(session: DbSession, at: datetime) -> date:
    return to_local(at, site_of(session).zone).date()
