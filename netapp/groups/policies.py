"""Who may do what in a group."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from netapp.groups.models import Group, GroupRole, Joining, RoleKind

LEADING: Final = frozenset(
    {RoleKind.CHAIR, RoleKind.LEAD, RoleKind.FACILITATOR, RoleKind.SECRETARY}
)
"""Roles that call meetings, answer requests, invite people and write notes."""


@dataclass(frozen=True, slots=True)
class Looker:
    """Whoever looks, as groups see them; a stranger has no ``person_id``."""

    person_id: int | None = None
    is_coordinator: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is in a group today."""

    member_id: int | None = None
    roles: frozenset[RoleKind] = frozenset()
    is_named: bool = False
    is_coordinator: bool = False

    @property
    def is_in(self) -> bool:
        return self.member_id is not None

    @property
    def sees_inside(self) -> bool:
        """The people, the meetings, the decisions."""
        return self.is_in or self.is_coordinator

    @property
    def leads(self) -> bool:
        return self.is_coordinator or bool(self.roles & LEADING)


def is_running(role: GroupRole, today: date) -> bool:
    return role.starts_on <= today and (role.ends_on is None or today <= role.ends_on)


def running_roles(roles: Iterable[GroupRole], today: date) -> list[GroupRole]:
    """Those of today, the leading ones first."""
    order = list(RoleKind)
    found = [role for role in roles if is_running(role, today)]
    return sorted(found, key=lambda role: (order.index(role.role), role.id))


def overlap(role: GroupRole, starts_on: date, ends_on: date | None) -> bool:
    """Whether two terms share a day."""
    begins_before_end = ends_on is None or role.starts_on <= ends_on
    return begins_before_end and (role.ends_on is None or role.ends_on >= starts_on)


def takes_people(group: Group, how: Joining) -> bool:
    return group.closed_at is None and group.joining is how
