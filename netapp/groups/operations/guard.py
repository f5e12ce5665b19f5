"""The row that guards a group: what every write begins with."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.groups.errors import GroupClosed, GroupFull
from netapp.groups.models import Group
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound, StaleEdit

FRESH = {"populate_existing": True}
UNSYNCED = {"synchronize_session": False}


def lock_group(session: DbSession, group_id: int) -> Group:
    """Nobody else writes to the group until the commit; read after it was written, so that it is
    as it is now. Raises ``NotFound``."""
    touch = update(Group).where(Group.id == group_id).values(people=Group.people)
    if session.scalar(touch.returning(Group.id), execution_options=UNSYNCED) is None:
        raise NotFound
    return session.scalars(select(Group).where(Group.id == group_id), execution_options=FRESH).one()


def open_group(session: DbSession, group_id: int, seen_version: int) -> Group:
    """Locked for an edit; raises ``StaleEdit`` where it has changed since the form was opened."""
    group = lock_group(session, group_id)
    if group.version != seen_version:
        raise StaleEdit
    return group


def take_seat(session: DbSession, group: Group) -> None:
    """One more person, in one statement that counts and looks at the limit. Raises ``GroupFull``
    and ``GroupClosed``."""
    if group.closed_at is not None:
        raise GroupClosed
    free = or_(Group.size_limit.is_(None), Group.people < Group.size_limit)
    taken = update(Group).where(Group.id == group.id, free).values(people=Group.people + 1)
    if session.scalar(taken.returning(Group.id), execution_options=UNSYNCED) is None:
        raise GroupFull
    session.refresh(group)


def free_seat(session: DbSession, group: Group) -> None:
    one_less = update(Group).where(Group.id == group.id).values(people=Group.people - 1)
    session.execute(one_less, execution_options=UNSYNCED)
    session.refresh(group)


def subject_of(group: Group) -> str:
    """How audit lines name a group."""
    return f"group:{group.key}"


def note(
    session: DbSession,
    group: Group,
    action: str,
    summary: str,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=subject_of(group),
        summary=summary,
        reason=reason,
        detail=detail,
        now=now,
    )
