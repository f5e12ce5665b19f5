"""Which groups somebody may see, and what they are in one."""

import re
from datetime import date, datetime

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from netapp.groups.models import FormerGroupSlug, Group, GroupMember, GroupRole
from netapp.groups.policies import Looker, Standing
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local

_SLUG = re.compile(r"[a-z0-9-]{1,100}\Z")  # No other reaches the database.


def today_of(session: DbSession, at: datetime) -> date:
    """The day of the network's zone that a moment falls on."""
    return to_local(at, site_of(session).zone).date()


def is_member_of(
    group: int | InstrumentedAttribute[int] | InstrumentedAttribute[int | None], person_id: int
) -> ColumnElement[bool]:
    """The condition that this person is in a group now; ``group`` is a number or a column."""
    return (
        select(GroupMember.id)
        .where(
            GroupMember.group_id == group,
            GroupMember.person_id == person_id,
            GroupMember.left_at.is_(None),
        )
        .correlate_except(GroupMember)
        .exists()
    )


def visible_to(looker: Looker) -> ColumnElement[bool]:
    """The condition that a group exists for whoever looks."""
    if looker.is_coordinator:
        return true()
    mine = is_member_of(Group.id, looker.person_id) if looker.person_id is not None else false()
    return or_(Group.is_hidden.is_(False), mine)


def find_group(session: DbSession, slug: str, looker: Looker) -> Group | None:
    """As the database has it now; None also where it is hidden from whoever looks."""
    if not _SLUG.match(slug):
        return None
    return session.scalar(
        select(Group).where(Group.slug == slug, visible_to(looker)),
        execution_options={"populate_existing": True},
    )


def present_slug(session: DbSession, former: str, looker: Looker) -> str | None:
    """Where a group is now that once had this address."""
    if not _SLUG.match(former):
        return None
    return session.scalar(
        select(Group.slug)
        .join(FormerGroupSlug, FormerGroupSlug.group_id == Group.id)
        .where(FormerGroupSlug.slug == former, visible_to(looker))
    )


def standing_in(session: DbSession, group_id: int, looker: Looker, *, at: datetime) -> Standing:
    """One query; none for a stranger."""
    if looker.person_id is None:
        return Standing()
    today = today_of(session, at)
    running = (
        GroupRole.member_id == GroupMember.id,
        GroupRole.starts_on <= today,
        or_(GroupRole.ends_on.is_(None), GroupRole.ends_on >= today),
    )
    rows = session.execute(
        select(GroupMember.id, GroupMember.is_named, GroupRole.role)
        .outerjoin(GroupRole, running[0] & running[1] & running[2])
        .where(
            GroupMember.group_id == group_id,
            GroupMember.person_id == looker.person_id,
            GroupMember.left_at.is_(None),
        )
    ).all()
    return Standing(
        member_id=rows[0].id if rows else None,
        roles=frozenset(row.role for row in rows if row.role is not None),
        is_named=bool(rows and rows[0].is_named),
        is_coordinator=looker.is_coordinator,
    )
