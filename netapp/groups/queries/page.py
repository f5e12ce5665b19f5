"""The page of a group: one view for the public, one for those who may look inside."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, true
from sqlalchemy.orm import joinedload, selectinload

from netapp.groups.models import (
    Group,
    GroupInvitation,
    GroupMember,
    GroupOrganisation,
    GroupRequest,
    GroupSite,
    Joining,
    RequestState,
)
from netapp.groups.policies import LEADING, Looker, running_roles
from netapp.groups.queries.standing import today_of, visible_to
from netapp.groups.words import JOINING_WORDS, KIND_WORDS, STAGE_WORDS, role_words
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.tokens import hash_token
from netapp.kernel.words import day_words, short_date_words
from netapp.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Partner:
    slug: str
    name: str
    part: str


@dataclass(frozen=True, slots=True)
class Part:
    """A cohort or another part of a group, or what it is a part of."""

    slug: str
    name: str
    kind_words: str


@dataclass(frozen=True, slots=True)
class GroupPage:
    """What everybody who may see the group at all is told. ``leads``: who lets it be known."""

    id: int
    key: str
    slug: str
    version: int
    name: str
    other_names: str
    kind_words: str
    stage_words: str
    purpose: str
    description: str
    joining: Joining
    joining_words: str
    is_hidden: bool
    is_closed: bool
    closed_reason: str
    is_full: bool
    is_sample: bool
    when_words: str
    source: str
    leads: tuple[tuple[str, str], ...]  # (role, name)
    partners: tuple[Partner, ...]
    sites: tuple[tuple[str, str], ...]  # (key, name)
    parent: Part | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class RequestRow:
    key: str
    name: str
    email: str  # For coordinators; empty for everybody else.
    organisation: str
    person_key: str
    words: str
    asked_words: str
    answer: str = ""
    state: str = "open"


@dataclass(frozen=True, slots=True)
class InvitationRow:
    key: str
    name: str
    email: str
    until_words: str


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """What a one-time link leads to."""

    group_id: int
    group_name: str
    purpose: str
    kind_words: str
    email: str


def group_page(
    session: DbSession, group: Group, looker: Looker, *, now: datetime, inside: bool = False
) -> GroupPage:
    """Of a group that was found for this looker: six or seven queries. ``inside``: they are one
    of its people, or a coordinator."""
    parent = None
    if group.parent_id is not None:
        parent = session.scalar(
            select(Group).where(Group.id == group.parent_id, visible_to(looker))
        )
    parts = session.scalars(
        select(Group)
        .where(Group.parent_id == group.id, visible_to(looker))
        .order_by(Group.name, Group.id)
    ).all()
    return GroupPage(
        id=group.id,
        key=group.key,
        slug=group.slug,
        version=group.version,
        name=group.name,
        other_names=group.other_names,
        kind_words=KIND_WORDS[group.kind],
        stage_words=STAGE_WORDS[group.stage] if group.stage else "",
        purpose=group.purpose,
        description=group.description,
        joining=group.joining,
        joining_words=JOINING_WORDS[group.joining],
        is_hidden=group.is_hidden,
        is_closed=group.closed_at is not None,
        closed_reason=group.closed_reason,
        is_full=group.is_full,
        is_sample=group.is_sample,
        when_words=_when(group),
        source=group.source,
        leads=_leads(session, group.id, now),
        partners=partners_of(session, group.id, inside=inside),
        sites=sites_of(session, group.id),
        parent=_part(parent) if parent else None,
        parts=tuple(_part(one) for one in parts),
    )


def partners_of(session: DbSession, group_id: int, *, inside: bool = True) -> tuple[Partner, ...]:
    """``inside``: for those who may look inside; others see what the register shows to all."""
    shown = true() if inside else Organisation.is_listed.is_(True)
    rows = session.execute(
        select(Organisation.slug, Organisation.name, GroupOrganisation.part)
        .join(GroupOrganisation, GroupOrganisation.organisation_id == Organisation.id)
        .where(GroupOrganisation.group_id == group_id, shown)
        .order_by(GroupOrganisation.position, GroupOrganisation.id)
    )
    return tuple(Partner(row.slug, row.name, row.part) for row in rows)


def sites_of(session: DbSession, group_id: int) -> tuple[tuple[str, str], ...]:
    rows = session.execute(
        select(GroupSite.key, GroupSite.name)
        .where(GroupSite.group_id == group_id)
        .order_by(GroupSite.name, GroupSite.id)
    )
    return tuple((row.key, row.name) for row in rows)


def my_request(session: DbSession, group_id: int, person_id: int) -> RequestRow | None:
    """The open request of somebody who is not in the group."""
    found = session.scalar(
        select(GroupRequest)
        .where(
            GroupRequest.group_id == group_id,
            GroupRequest.person_id == person_id,
            GroupRequest.state == RequestState.OPEN,
        )
        .options(joinedload(GroupRequest.person))
    )
    return _request(session, found) if found else None


def open_requests_of(
    session: DbSession, group_id: int, *, addresses: bool = False
) -> list[RequestRow]:
    """Who asks to join, the longest first; ``addresses``: for coordinators only."""
    found = session.scalars(
        select(GroupRequest)
        .where(GroupRequest.group_id == group_id, GroupRequest.state == RequestState.OPEN)
        .options(joinedload(GroupRequest.person))
        .order_by(GroupRequest.asked_at, GroupRequest.id)
    )
    return [_request(session, one, addresses=addresses) for one in found]


def open_invitations(session: DbSession, group_id: int, *, at: datetime) -> list[InvitationRow]:
    found = session.scalars(
        select(GroupInvitation)
        .where(
            GroupInvitation.group_id == group_id,
            GroupInvitation.used_at.is_(None),
            GroupInvitation.withdrawn_at.is_(None),
            GroupInvitation.ends_at > at,
        )
        .order_by(GroupInvitation.invited_at, GroupInvitation.id)
    )
    zone = site_of(session).zone
    return [
        InvitationRow(one.key, one.name, one.email, short_date_words(one.ends_at, zone))
        for one in found
    ]


def find_invitation(session: DbSession, token: str, *, at: datetime) -> OpenInvitation | None:
    """What a link is for, while it works. Changes nothing."""
    found = session.execute(
        select(GroupInvitation.email, Group)
        .join(Group, Group.id == GroupInvitation.group_id)
        .where(
            GroupInvitation.token_hash == hash_token(token),
            GroupInvitation.used_at.is_(None),
            GroupInvitation.withdrawn_at.is_(None),
            GroupInvitation.ends_at > at,
            Group.closed_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        return None
    group = found.Group
    return OpenInvitation(group.id, group.name, group.purpose, KIND_WORDS[group.kind], found.email)


def _leads(session: DbSession, group_id: int, now: datetime) -> tuple[tuple[str, str], ...]:
    """Who leads and lets everyone know it."""
    found: list[tuple[str, str]] = []
    members = session.scalars(
        select(GroupMember)
        .where(
            GroupMember.group_id == group_id,
            GroupMember.left_at.is_(None),
            GroupMember.is_named,
        )
        .options(joinedload(GroupMember.person), selectinload(GroupMember.roles))
        .order_by(GroupMember.id)
    )
    today = today_of(session, now)
    for member in members:
        for role in running_roles(member.roles, today):
            if role.role in LEADING and member.person.disabled_at is None:
                found.append((role_words(role), member.person.name))
    return tuple(found)


def _when(group: Group) -> str:
    days = ""
    if group.starts_on and group.ends_on:
        days = f"{day_words(group.starts_on)} to {day_words(group.ends_on)}"
    elif group.starts_on:
        days = f"from {day_words(group.starts_on)}"
    elif group.ends_on:
        days = f"until {day_words(group.ends_on)}"
    return ", ".join(words for words in (days, group.length) if words)


def _part(group: Group) -> Part:
    return Part(group.slug, group.name, KIND_WORDS[group.kind])


def _request(session: DbSession, found: GroupRequest, *, addresses: bool = False) -> RequestRow:
    return RequestRow(
        key=found.key,
        name=found.person.name,
        email=found.person.email if addresses else "",
        organisation=found.person.organisation,
        person_key=found.person.key,
        words=found.words,
        asked_words=short_date_words(found.asked_at, site_of(session).zone),
        answer=found.answer,
        state=found.state.value,
    )
