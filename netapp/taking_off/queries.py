"""What the public pages of organisations show, and to whom."""

from datetime import datetime

from sqlalchemy import ColumnElement, select

from netapp.kernel.db import DbSession
from netapp.membership.models import Membership, MembershipKind
from netapp.membership.queries.belonging import Right, gives_rights, has_right
from netapp.organisations.queries.people import Named, people_named
from netapp.people.models import Person


def people_for(
    session: DbSession, organisation_id: int, *, viewer: Person | None, at: datetime
) -> list[Named] | None:
    """Who works there, by name and role, for members who may see the directory and for
    coordinators. None for everybody else: nobody has let the public see it."""
    if viewer is None:
        return None
    if not viewer.is_coordinator and not has_right(session, viewer.id, Right.SEES_DIRECTORY, at=at):
        return None
    return people_named(session, organisation_id, at=at, only=~_is_young(session, at))


def _is_young(session: DbSession, at: datetime) -> ColumnElement[bool]:
    """Nothing about young members is shown to others."""
    held = (
        select(Membership.id)
        .join(MembershipKind, MembershipKind.id == Membership.kind_id)
        .where(
            Membership.person_id == Person.id,
            MembershipKind.is_young.is_(True),
            gives_rights(session, at),
        )
        .correlate(Person)
    )
    return held.exists()
