"""The people of a group with their roles: who is in it now, and who was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, selectinload

from netapp.groups.models import Group, GroupMember, GroupRole, RoleKind
from netapp.groups.policies import LEADING, is_running, running_roles
from netapp.groups.queries.standing import today_of
from netapp.groups.words import role_words
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import day_words, short_date_words
from netapp.people.models import Person


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A term, as the group's people read it; ``can_end``: it has not ended yet."""

    key: str
    words: str
    term_words: str
    is_running: bool
    can_end: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    member_id: int
    key: str
    person_id: int
    person_key: str
    name: str
    email: str  # For coordinators; empty for everybody else.
    organisation: str
    joined_words: str
    is_named: bool
    roles: tuple[RoleLine, ...]
    history: tuple[RoleLine, ...]  # Terms that are over.
    left_words: str = ""

    @property
    def role_words(self) -> str:
        return ", ".join(line.words for line in self.roles if line.is_running)


def people_rows(
    session: DbSession, group_id: int, *, at: datetime, addresses: bool = False
) -> list[PersonRow]:
    """Who is in it now, those with a role first, then by name: two queries. ``addresses``: for
    coordinators only, who alone see where people are written to."""
    today = today_of(session, at)
    members = _load(session, group_id, GroupMember.left_at.is_(None))
    order = list(RoleKind)

    def rank(member: GroupMember) -> tuple[int, str, int]:
        roles = running_roles(member.roles, today)
        first = order.index(roles[0].role) if roles else len(order)
        return first, member.person.name.casefold(), member.id

    in_order = sorted(members, key=rank)
    return [_row(session, member, today, addresses=addresses) for member in in_order]


def former_rows(session: DbSession, group_id: int, *, at: datetime) -> list[PersonRow]:
    """Who was in it, the last to leave first. For coordinators."""
    today = today_of(session, at)
    members = _load(session, group_id, GroupMember.left_at.is_not(None))
    latest_first = sorted(members, key=lambda one: (one.left_at or at, one.id), reverse=True)
    return [_row(session, member, today, addresses=True) for member in latest_first]


def member_by_key(session: DbSession, group_id: int, key: str, *, at: datetime) -> PersonRow | None:
    """Somebody who is in it now."""
    found = _load(session, group_id, GroupMember.key == key, GroupMember.left_at.is_(None))
    return _row(session, found[0], today_of(session, at)) if found else None


def person_ids(session: DbSession, group_id: int) -> Sequence[int]:
    """Who is in it now and can sign in, in the order they came."""
    return session.scalars(
        select(GroupMember.person_id)
        .join(Person, Person.id == GroupMember.person_id)
        .where(
            GroupMember.group_id == group_id,
            GroupMember.left_at.is_(None),
            Person.disabled_at.is_(None),
        )
        .order_by(GroupMember.id)
    ).all()


def led_groups(session: DbSession, person_id: int, *, at: datetime) -> Sequence[Group]:
    """The open groups that this person leads today, by name."""
    today = today_of(session, at)
    return session.scalars(
        select(Group)
        .join(GroupMember, GroupMember.group_id == Group.id)
        .join(GroupRole, GroupRole.member_id == GroupMember.id)
        .where(
            GroupMember.person_id == person_id,
            GroupMember.left_at.is_(None),
            Group.closed_at.is_(None),
            GroupRole.role.in_(LEADING),
            GroupRole.starts_on <= today,
            or_(GroupRole.ends_on.is_(None), GroupRole.ends_on >= today),
        )
        .distinct()
        .order_by(Group.name, Group.id)
    ).all()


def _load(session: DbSession, group_id: int, *which: ColumnElement[bool]) -> Sequence[GroupMember]:
    return session.scalars(
        select(GroupMember)
        .where(GroupMember.group_id == group_id, *which)
        .options(joinedload(GroupMember.person), selectinload(GroupMember.roles))
        .order_by(GroupMember.id)
        .execution_options(populate_existing=True)
    ).all()


def _row(
    session: DbSession, member: GroupMember, today: date, *, addresses: bool = False
) -> PersonRow:
    zone = site_of(session).zone
    running = running_roles(member.roles, today)
    coming = [role for role in member.roles if role.starts_on > today]
    over = [role for role in member.roles if role not in running and role not in coming]
    return PersonRow(
        member_id=member.id,
        key=member.key,
        person_id=member.person_id,
        person_key=member.person.key,
        name=member.person.name,
        email=member.person.email if addresses else "",
        organisation=member.person.organisation,
        joined_words=short_date_words(member.joined_at, zone),
        is_named=member.is_named,
        roles=tuple(_line(role, today) for role in [*running, *coming]),
        history=tuple(_line(role, today) for role in over),
        left_words=short_date_words(member.left_at, zone) if member.left_at else "",
    )


def _line(role: GroupRole, today: date) -> RoleLine:
    until = f" to {day_words(role.ends_on)}" if role.ends_on else ""
    since = f"{day_words(role.starts_on)}{until}" if until else f"since {day_words(role.starts_on)}"
    ended = role.ends_on is not None and role.ends_on <= today
    return RoleLine(
        key=role.key,
        words=role_words(role),
        term_words=since,
        is_running=is_running(role, today),
        can_end=not ended,
    )
