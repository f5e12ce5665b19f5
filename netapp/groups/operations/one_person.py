"""Where two people who turn out to be one are in groups."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, func, select, update

from netapp.groups.models import EndOfMembership, Group, GroupMember, GroupRole
from netapp.groups.operations.guard import UNSYNCED, lock_group
from netapp.kernel.changes import Journal
from netapp.kernel.db import DbSession
from netapp.kernel.one_person import When

MEMBERS = cast(Table, GroupMember.__table__)
ROLES = cast(Table, GroupRole.__table__)


def hold_groups(session: DbSession, people: Iterable[int]) -> list[Group]:
    """Lock every group that any of these people was ever in, in the order of ids."""
    found = select(GroupMember.group_id).where(GroupMember.person_id.in_(tuple(people)))
    return [lock_group(session, each) for each in sorted(set(session.scalars(found)))]


def in_both(session: DbSession, *, gone_id: int, kept_id: int) -> Sequence[tuple[int, int, str]]:
    """Groups that both are in now: the two rows, and the name of the group."""
    kept = select(GroupMember.group_id, GroupMember.id).where(
        GroupMember.person_id == kept_id, GroupMember.left_at.is_(None)
    )
    theirs = {group: member for group, member in session.execute(kept)}  # noqa: C416
    rows = session.execute(
        select(GroupMember.id, GroupMember.group_id, Group.name)
        .join(Group, Group.id == GroupMember.group_id)
        .where(GroupMember.person_id == gone_id, GroupMember.left_at.is_(None))
        .order_by(Group.name)
    )
    return [(one, theirs[group], name) for one, group, name in rows if group in theirs]


def follow_person(
    journal: Journal, groups: Sequence[Group], *, gone_id: int, kept_id: int, when: When
) -> list[tuple[int, int]]:
    """Where both are in a group now, one row stays, and has the roles of both; returns the pairs:
    the row that ended, and the one that stays. ``groups`` are those of ``hold_groups``."""
    session = journal.session
    session.flush()
    pairs = [(one, other) for one, other, _ in in_both(session, gone_id=gone_id, kept_id=kept_id)]
    for one, other in pairs:
        for role in session.scalars(select(GroupRole.id).where(GroupRole.member_id == one)).all():
            journal.set(ROLES, {"id": role}, "member_id", other)
        journal.set(MEMBERS, {"id": one}, "left_at", when.now, left_by=EndOfMembership.LEFT)
    theirs = select(GroupMember.id).where(GroupMember.person_id == gone_id)
    for row in session.scalars(theirs).all():
        journal.set(MEMBERS, {"id": row}, "person_id", kept_id)
    count_again(session, groups)
    return pairs


def count_again(session: DbSession, groups: Iterable[Group]) -> None:
    """``people`` is how many are in it; the groups are locked."""
    for group in groups:
        live = select(func.count()).where(
            GroupMember.group_id == group.id, GroupMember.left_at.is_(None)
        )
        session.execute(
            update(Group).where(Group.id == group.id).values(people=live.scalar_subquery()),
            execution_options=UNSYNCED,
        )


def leave_full_groups(
    session: DbSession, groups: Iterable[Group], *, gone_id: int, now: datetime
) -> list[str]:
    """After a merge was undone: a group that has filled up meanwhile has no room for one more, so
    whoever is two people again is in it once. Returns the names of those groups."""
    names = []
    for group in groups:
        live = GroupMember.group_id == group.id, GroupMember.left_at.is_(None)
        number = session.scalar(select(func.count()).select_from(GroupMember).where(*live)) or 0
        if group.size_limit is not None and number > group.size_limit:
            session.execute(
                update(GroupMember)
                .where(*live, GroupMember.person_id == gone_id)
                .values(left_at=now, left_by=EndOfMembership.LEFT),
                execution_options=UNSYNCED,
            )
            names.append(group.name)
    return names
