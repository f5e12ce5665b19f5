"""Make groups, change them, close them, copy them for a new cohort."""

from dataclasses import fields
from datetime import datetime

from sqlalchemy import exists, select

from netapp.audit.operations import Actor
from netapp.groups.errors import AddressTaken, DaysTurned, GroupClosed, OwnParent, SizeBelowPeople
from netapp.groups.models import (
    FormerGroupSlug,
    Group,
    GroupKind,
    GroupOrganisation,
    ProgrammeStatus,
)
from netapp.groups.operations.guard import note, open_group
from netapp.groups.plans import GroupPlan
from netapp.kernel.db import DbSession, insert_for
from netapp.kernel.errors import NotFound
from netapp.kernel.revisions import raise_revision
from netapp.kernel.slugs import slugify
from netapp.kernel.tokens import new_key

RESERVED_SLUGS = frozenset({"invitations"})
"""Pages that stand where a group's page would."""

SIZE_OF_A_PAIR = 2


def create_group(session: DbSession, *, plan: GroupPlan, actor: Actor, now: datetime) -> Group:
    """Nobody is in it yet. Raises ``DaysTurned`` and ``AddressTaken``."""
    values = _values(plan)
    wanted = plan.slug or slugify(plan.name)
    if plan.slug and _is_slug_taken(session, plan.slug):
        raise AddressTaken
    group = _insert(session, wanted, key=new_key(), created_at=now, **values)
    note(session, group, "group.create", f"Made the group {group.name}.", actor, now)
    session.flush()
    return group


def edit_group(
    session: DbSession,
    *,
    group_id: int,
    plan: GroupPlan,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> Group:
    """The words and rules of a group. A former address leads on to the new one.

    Raises ``StaleEdit``, ``DaysTurned``, ``AddressTaken``, ``SizeBelowPeople``, ``OwnParent``.
    """
    group = open_group(session, group_id, seen_version)
    values = _values(plan)
    size = values["size_limit"]
    if isinstance(size, int) and size < group.people:
        raise SizeBelowPeople
    if plan.parent_id is not None and _is_below(session, plan.parent_id, group.id):
        raise OwnParent
    changed = [name for name, value in values.items() if getattr(group, name) != value]
    for name in changed:
        setattr(group, name, values[name])
    if plan.slug and plan.slug != group.slug:
        _change_slug(session, group, plan.slug)
        changed.append("slug")
    if not changed:
        return group
    group.version += 1
    _show(session, group, now)
    words = f"Changed the group {group.name}."
    note(session, group, "group.edit", words, actor, now, detail={"changed": changed})
    session.flush()
    return group


def close_group(
    session: DbSession,
    *,
    group_id: int,
    reason: str,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Nobody joins it any more; its people keep what is there. Raises ``StaleEdit`` and
    ``GroupClosed``."""
    group = open_group(session, group_id, seen_version)
    if group.closed_at is not None:
        raise GroupClosed
    group.closed_at, group.closed_reason = now, reason
    if group.kind is GroupKind.PROGRAMME:
        group.stage = ProgrammeStatus.CLOSED
    group.version += 1
    _show(session, group, now)
    note(session, group, "group.close", f"Closed {group.name}.", actor, now, reason=reason)
    session.flush()


def reopen_group(
    session: DbSession, *, group_id: int, seen_version: int, actor: Actor, now: datetime
) -> None:
    """Raises ``StaleEdit``."""
    group = open_group(session, group_id, seen_version)
    group.closed_at, group.closed_reason = None, ""
    if group.stage is ProgrammeStatus.CLOSED:
        group.stage = ProgrammeStatus.CALL
    group.version += 1
    _show(session, group, now)
    note(session, group, "group.reopen", f"Opened {group.name} again.", actor, now)
    session.flush()


def copy_group(
    session: DbSession, *, group_id: int, name: str, actor: Actor, now: datetime
) -> Group:
    """A group like another for a new cohort: its words, rules and organisations; without its
    people, days and sites. It belongs to the same programme, or to the copied one. Raises
    ``NotFound``."""
    source = session.get(Group, group_id)
    if source is None:
        raise NotFound
    is_programme = source.kind is GroupKind.PROGRAMME
    plan = GroupPlan(
        name=name,
        kind=GroupKind.COHORT if is_programme else source.kind,
        purpose=source.purpose,
        description=source.description,
        joining=source.joining,
        size_limit=source.size_limit,
        is_hidden=source.is_hidden,
        parent_id=source.id if is_programme else source.parent_id,
        length=source.length,
    )
    group = _insert(session, slugify(name), key=new_key(), created_at=now, **_values(plan))
    partners = session.scalars(
        select(GroupOrganisation).where(GroupOrganisation.group_id == source.id)
    ).all()
    session.add_all(
        [
            GroupOrganisation(
                group_id=group.id,
                organisation_id=each.organisation_id,
                part=each.part,
                position=each.position,
            )
            for each in partners
        ]
    )
    note(session, group, "group.copy", f"Copied {source.name} as {name}.", actor, now)
    session.flush()
    return group


def _values(plan: GroupPlan) -> dict[str, object]:
    """The columns that a plan fills; a pair has two people, a stage only a programme."""
    if plan.starts_on and plan.ends_on and plan.ends_on < plan.starts_on:
        raise DaysTurned
    values = {one.name: getattr(plan, one.name) for one in fields(plan) if one.name != "slug"}
    if plan.kind is GroupKind.PAIR:
        values["size_limit"] = SIZE_OF_A_PAIR
    is_programme = plan.kind is GroupKind.PROGRAMME
    values["stage"] = (plan.stage or ProgrammeStatus.CALL) if is_programme else None
    return values


def _show(session: DbSession, group: Group, now: datetime) -> None:
    """Its own calendar shows its name, and whether it is there."""
    raise_revision(session, f"group:{group.id}", now)


def _is_below(session: DbSession, group_id: int, other_id: int) -> bool:
    """Whether a group is another one, or a part of it, however deep."""
    here: int | None = group_id
    while here is not None:
        if here == other_id:
            return True
        here = session.scalar(select(Group.parent_id).where(Group.id == here))
    return False


def _change_slug(session: DbSession, group: Group, slug: str) -> None:
    if _is_slug_taken(session, slug, own_id=group.id):
        raise AddressTaken
    back = session.get(FormerGroupSlug, slug)
    if back is not None:  # One that it had before.
        session.delete(back)
    session.add(FormerGroupSlug(slug=group.slug, group_id=group.id))
    group.slug = slug
    session.flush()


def _is_slug_taken(session: DbSession, slug: str, *, own_id: int = 0) -> bool:
    if slug in RESERVED_SLUGS:
        return True
    has = exists().where(Group.slug == slug, Group.id != own_id)
    had = exists().where(FormerGroupSlug.slug == slug, FormerGroupSlug.group_id != own_id)
    return bool(session.scalar(select(has | had)))


def free_slug(session: DbSession, wanted: str) -> str:
    """The wanted word, or with the first number after it that no group has or had."""
    base, number, slug = wanted[:90].rstrip("-"), 1, wanted
    while _is_slug_taken(session, slug):
        number += 1
        slug = f"{base}-{number}"
    return slug


def _insert(session: DbSession, wanted: str, **values: object) -> Group:
    """Two at once with one name get two addresses."""
    while True:
        row = insert_for(session, Group).values(slug=free_slug(session, wanted), people=0, **values)
        made = session.scalar(
            row.on_conflict_do_nothing(index_elements=[Group.slug]).returning(Group)
        )
        if made is not None:
            assert isinstance(made, Group)
            return made
