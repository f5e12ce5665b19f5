"""The people of a group: added by hand, their roles and terms, and how they go."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from netapp.audit.operations import Actor
from netapp.groups.errors import DaysTurned, RoleOverlaps
from netapp.groups.models import (
    EndOfMembership,
    Group,
    GroupMember,
    GroupRequest,
    GroupRole,
    RequestState,
    RoleKind,
)
from netapp.groups.operations import letters
from netapp.groups.operations.guard import FRESH, free_seat, lock_group, note
from netapp.groups.operations.joining import add_member
from netapp.groups.policies import overlap
from netapp.groups.queries.standing import today_of
from netapp.groups.words import ROLE_WORDS, role_words
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.tokens import new_key
from netapp.kernel.words import day_words
from netapp.people.errors import NoAccount
from netapp.people.models import Person
from netapp.people.queries import find_by_address


def add_by_hand(
    session: DbSession, *, group_id: int, email: str, actor: Actor, now: datetime
) -> Person:
    """Somebody whom we know is in the group from now on, and told so. Whoever adds them decides,
    so no membership is asked for.

    Raises ``NoAccount`` (invite them instead), ``AlreadyIn``, ``GroupFull``, ``GroupClosed``.
    """
    group = lock_group(session, group_id)
    person = find_by_address(session, email)
    if person is None or person.registered_at is None or person.disabled_at is not None:
        raise NoAccount
    add_member(session, group, person.id, now, by_id=actor.id)
    note(session, group, "group.add", f"Added {person.name} to {group.name}.", actor, now)
    letters.added(session, group, person, actor.name, now)
    return person


def end_membership(
    session: DbSession, *, group_id: int, member_id: int, how: EndOfMembership, now: datetime
) -> GroupMember:
    """Somebody is in the group no more; their running roles end today, those to come never
    begin. ``person`` is loaded. Raises ``NotFound`` where they have gone already."""
    group = lock_group(session, group_id)
    member = session.scalar(
        select(GroupMember)
        .where(
            GroupMember.id == member_id,
            GroupMember.group_id == group.id,
            GroupMember.left_at.is_(None),
        )
        .options(joinedload(GroupMember.person), selectinload(GroupMember.roles)),
        execution_options=FRESH,
    )
    if member is None:
        raise NotFound
    today = today_of(session, now)
    for role in list(member.roles):
        if role.starts_on > today:
            session.delete(role)
        elif role.ends_on is None or role.ends_on > today:
            role.ends_on = today
    member.left_at, member.left_by, member.is_named = now, how, False
    session.flush()
    free_seat(session, group)
    return member


def end_all_memberships(session: DbSession, *, person_id: int, now: datetime) -> int:
    """When an account is closed: out of every group, and open requests taken back; how many
    groups that were."""
    held = session.execute(
        select(GroupMember.group_id, GroupMember.id)
        .where(GroupMember.person_id == person_id, GroupMember.left_at.is_(None))
        .order_by(GroupMember.group_id)
    ).all()
    for group_id, member_id in held:
        closed = EndOfMembership.CLOSED
        end_membership(session, group_id=group_id, member_id=member_id, how=closed, now=now)
    open_ones = select(GroupRequest).where(
        GroupRequest.person_id == person_id, GroupRequest.state == RequestState.OPEN
    )
    for request in session.scalars(open_ones):
        request.state, request.answered_at = RequestState.TAKEN_BACK, now
    session.flush()
    return len(held)


def set_named(
    session: DbSession, *, group_id: int, person_id: int, is_named: bool, now: datetime
) -> None:
    """Whether everyone may see that this person leads the group. Raises ``NotFound``."""
    member = _member_of_person(session, lock_group(session, group_id), person_id)
    member.is_named = is_named
    session.flush()


def give_role(
    session: DbSession,
    *,
    group_id: int,
    member_key: str,
    role: RoleKind,
    title: str,
    starts_on: date,
    ends_on: date | None,
    actor: Actor,
    now: datetime,
) -> GroupRole:
    """A role for a term. Raises ``DaysTurned``, ``RoleOverlaps`` and ``NotFound``."""
    if ends_on is not None and ends_on < starts_on:
        raise DaysTurned
    group = lock_group(session, group_id)
    member = _member(session, group, member_key)
    if any(held.role is role and overlap(held, starts_on, ends_on) for held in member.roles):
        raise RoleOverlaps
    given = GroupRole(
        key=new_key(),
        member_id=member.id,
        role=role,
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    session.add(given)
    session.flush()
    until = f" until {day_words(ends_on)}" if ends_on else ""
    summary = (
        f"{member.person.name} is {title or ROLE_WORDS[role]} of {group.name} "
        f"from {day_words(starts_on)}{until}."
    )
    note(session, group, "group.role", summary, actor, now)
    return given


def end_role(
    session: DbSession, *, group_id: int, role_key: str, actor: Actor, now: datetime
) -> None:
    """Today is its last day; a term to come never begins. Raises ``NotFound``."""
    group = lock_group(session, group_id)
    role = session.scalar(
        select(GroupRole)
        .join(GroupMember, GroupMember.id == GroupRole.member_id)
        .where(GroupRole.key == role_key, GroupMember.group_id == group.id)
        .options(joinedload(GroupRole.member).joinedload(GroupMember.person)),
        execution_options=FRESH,
    )
    today = today_of(session, now)
    if role is None or (role.ends_on is not None and role.ends_on < today):
        raise NotFound
    summary = f"Ended the term of {role.member.person.name} as {role_words(role)} of {group.name}."
    if role.starts_on > today:
        session.delete(role)
    else:
        role.ends_on = today
    session.flush()
    note(session, group, "group.role_end", summary, actor, now)


REMIND_BEFORE = timedelta(days=28)
"""How long before the end of a term those whom it concerns are told."""


def remind_of_terms(session: DbSession, now: datetime) -> int:
    """Tell of the next term that ends soon; how many terms that was, one or none."""
    today = today_of(session, now)
    due = (
        select(GroupRole.id, GroupMember.group_id)
        .join(GroupMember, GroupMember.id == GroupRole.member_id)
        .join(Group, Group.id == GroupMember.group_id)
        .where(
            GroupMember.left_at.is_(None),
            Group.closed_at.is_(None),
            GroupRole.ends_on.between(today, today + REMIND_BEFORE),
            GroupRole.reminded_on.is_(None),
        )
        .order_by(GroupRole.ends_on, GroupRole.id)
        .limit(1)
    )
    found = session.execute(due).one_or_none()
    if found is None:
        return 0
    group = lock_group(session, found.group_id)
    role = session.scalars(
        select(GroupRole)
        .where(GroupRole.id == found.id)
        .options(joinedload(GroupRole.member).joinedload(GroupMember.person)),
        execution_options=FRESH,
    ).one_or_none()
    if role is None or role.reminded_on is not None or role.ends_on is None:
        return 0  # Another worker was quicker, or the term was changed.
    role.reminded_on = today
    person = role.member.person
    told = {person.id: person} if person.disabled_at is None else {}
    told |= {lead.id: lead for lead in letters.leads_of(session, group.id, at=now)}
    for one in told.values():
        letters.role_ends(session, group, role, person, one, now)
    session.flush()
    return 1


def _member(session: DbSession, group: Group, key: str) -> GroupMember:
    return _one(session, group, GroupMember.key == key)


def _member_of_person(session: DbSession, group: Group, person_id: int) -> GroupMember:
    return _one(session, group, GroupMember.person_id == person_id)


def _one(session: DbSession, group: Group, which: ColumnElement[bool]) -> GroupMember:
    member = session.scalar(
        select(GroupMember)
        .where(GroupMember.group_id == group.id, GroupMember.left_at.is_(None), which)
        .options(joinedload(GroupMember.person), selectinload(GroupMember.roles)),
        execution_options=FRESH,
    )
    if member is None:
        raise NotFound
    return member
