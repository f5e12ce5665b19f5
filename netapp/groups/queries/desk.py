"""What the desk asks of groups beside lists: one by its key, what waits, tables to take away."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from netapp.groups.models import Group, GroupMember, GroupRequest, GroupRole, RequestState
from netapp.groups.queries.people import former_rows, people_rows
from netapp.groups.queries.standing import today_of
from netapp.groups.words import role_words
from netapp.kernel.db import DbSession
from netapp.kernel.words import day_words
from netapp.organisations.models import Organisation

TERMS_AHEAD: Final = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Requests to join one group that nobody has answered."""

    key: str
    slug: str
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class EndingTerm:
    key: str
    group_name: str
    person_name: str
    role_words: str
    until_words: str


def group_by_key(session: DbSession, key: str) -> Group | None:
    """As the database has it now. For coordinators."""
    return session.scalar(
        select(Group).where(Group.key == key), execution_options={"populate_existing": True}
    )


def requests_waiting(session: DbSession) -> list[Waiting]:
    """The group whose oldest request waits the longest first: one query."""
    rows = session.execute(
        select(Group.key, Group.slug, Group.name, func.count(), func.min(GroupRequest.asked_at))
        .join(GroupRequest, GroupRequest.group_id == Group.id)
        .where(GroupRequest.state == RequestState.OPEN)
        .group_by(Group.id)
        .order_by(func.min(GroupRequest.asked_at), Group.id)
    )
    return [Waiting(key, slug, name, int(number)) for key, slug, name, number, _ in rows]


def terms_ending(session: DbSession, now: datetime) -> list[EndingTerm]:
    """Terms that end within four weeks, in groups that are open: one query."""
    today = today_of(session, now)
    roles = session.scalars(
        select(GroupRole)
        .join(GroupRole.member)
        .join(GroupMember.group)
        .where(
            GroupMember.left_at.is_(None),
            Group.closed_at.is_(None),
            GroupRole.ends_on.between(today, today + TERMS_AHEAD),
        )
        .options(
            joinedload(GroupRole.member).joinedload(GroupMember.group),
            joinedload(GroupRole.member).joinedload(GroupMember.person),
        )
        .order_by(GroupRole.ends_on, GroupRole.id)
    )
    return [
        EndingTerm(
            key=role.member.group.key,
            group_name=role.member.group.name,
            person_name=role.member.person.name,
            role_words=role_words(role),
            until_words=day_words(role.ends_on),
        )
        for role in roles
        if role.ends_on is not None
    ]


def organisation_choices(session: DbSession) -> list[tuple[str, str]]:
    """Organisations that can be added to a group, by name; merged ones are signposts only."""
    rows = session.execute(
        select(Organisation.slug, Organisation.name)
        .where(Organisation.merged_into_id.is_(None))
        .order_by(Organisation.name, Organisation.id)
    )
    return [(row.slug, row.name) for row in rows]


COLUMNS: Final = (
    *("Name", "Email", "Organisation", "Role", "In the group since", "Left"),
    "Shows that they lead",
)


def table_of(session: DbSession, group_id: int, *, now: datetime) -> list[tuple[str, ...]]:
    """Everybody who is or was in a group, for a spreadsheet."""
    rows = [
        *people_rows(session, group_id, at=now, addresses=True),
        *former_rows(session, group_id, at=now),
    ]
    return [
        (
            row.name,
            row.email,
            row.organisation,
            row.role_words,
            row.joined_words,
            row.left_words,
            "Yes" if row.is_named else "No",
        )
        for row in rows
    ]
