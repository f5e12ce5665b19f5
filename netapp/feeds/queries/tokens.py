"""Whose calendar an address is, and the addresses of a person."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, literal, select
from sqlalchemy.orm import aliased

from netapp.feeds.kept import Version
from netapp.feeds.models import FeedToken, GroupFeedToken
from netapp.groups.models import Group, GroupMember
from netapp.kernel.db import DbSession
from netapp.kernel.revisions import Revision, revision_of
from netapp.kernel.tokens import hash_token
from netapp.people.models import Person

EVENTS = "events"
"""The counter that rises with whatever the public may see of any event."""


_TOKEN = re.compile(r"[A-Za-z0-9_-]{22,100}\Z")


@dataclass(frozen=True, slots=True)
class Personal:
    """A personal address that is good, and the state of what it shows."""

    token_id: int
    person_id: int
    last_fetched_at: datetime | None
    version: Version


_events, _person = aliased(Revision), aliased(Revision)
_by_hash = (
    select(
        FeedToken.id,
        FeedToken.person_id,
        FeedToken.last_fetched_at,
        _events.number.label("events_number"),
        _events.raised_at.label("events_at"),
        _person.number.label("person_number"),
        _person.raised_at.label("person_at"),
    )
    .join(Person, Person.id == FeedToken.person_id)
    .outerjoin(_events, _events.scope == EVENTS)
    .outerjoin(_person, _person.scope == literal("person:") + cast(FeedToken.person_id, String))
    .where(Person.disabled_at.is_(None))
)


def public_version(session: DbSession) -> Version:
    number, raised_at = revision_of(session, EVENTS)
    return Version((number,), raised_at)


def find_personal(session: DbSession, token: str) -> Personal | None:
    """Whose calendar this is, in one query; None for a token that is wrong or was ended."""
    if not _TOKEN.match(token):
        return None
    found = session.execute(_by_hash.where(FeedToken.token_hash == hash_token(token))).one_or_none()
    if found is None:
        return None
    raised = [at for at in (found.events_at, found.person_at) if at is not None]
    return Personal(
        found.id,
        found.person_id,
        found.last_fetched_at,
        Version((found.events_number or 0, found.person_number or 0), max(raised, default=None)),
    )


@dataclass(frozen=True, slots=True)
class GroupFeed:
    """A group's address that is good, and the state of what it shows."""

    token_id: int
    group_id: int
    group_name: str
    last_fetched_at: datetime | None
    version: Version


_group = aliased(Revision)
_group_by_hash = (
    select(
        GroupFeedToken.id,
        Group.id.label("group_id"),
        Group.name.label("group_name"),
        GroupFeedToken.last_fetched_at,
        _events.number.label("events_number"),
        _events.raised_at.label("events_at"),
        _group.number.label("group_number"),
        _group.raised_at.label("group_at"),
    )
    .join(GroupMember, GroupMember.id == GroupFeedToken.member_id)
    .join(Group, Group.id == GroupMember.group_id)
    .join(Person, Person.id == GroupMember.person_id)
    .outerjoin(_events, _events.scope == EVENTS)
    .outerjoin(_group, _group.scope == literal("group:") + cast(Group.id, String))
    .where(Person.disabled_at.is_(None), GroupMember.left_at.is_(None))
)


def find_group_feed(session: DbSession, token: str) -> GroupFeed | None:
    """Which group's calendar this is, in one query; None for a token that is wrong or was ended,
    or whose owner has left the group."""
    if not _TOKEN.match(token):
        return None
    mine = _group_by_hash.where(GroupFeedToken.token_hash == hash_token(token))
    found = session.execute(mine).one_or_none()
    if found is None:
        return None
    raised = [at for at in (found.events_at, found.group_at) if at is not None]
    return GroupFeed(
        found.id,
        found.group_id,
        found.group_name,
        found.last_fetched_at,
        Version((found.events_number or 0, found.group_number or 0), max(raised, default=None)),
    )


def group_token_of(session: DbSession, member_id: int) -> GroupFeedToken | None:
    """The address of a group's calendar that somebody in it has."""
    return session.scalar(
        select(GroupFeedToken)
        .where(GroupFeedToken.member_id == member_id)
        .order_by(GroupFeedToken.id.desc())
        .limit(1),
        execution_options={"populate_existing": True},
    )


def tokens_of(session: DbSession, person_id: int) -> Sequence[FeedToken]:
    """The calendar addresses of a person, the newest first."""
    mine = select(FeedToken).where(FeedToken.person_id == person_id)
    return session.scalars(mine.order_by(FeedToken.made_at.desc(), FeedToken.id.desc())).all()
