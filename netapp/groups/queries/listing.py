"""The list of groups: mine first, then what everyone may see; and the coordinators' list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select

from netapp.groups.models import (
    Group,
    GroupKind,
    GroupMember,
    GroupRequest,
    Joining,
    RequestState,
)
from netapp.groups.policies import Looker
from netapp.groups.queries.standing import is_member_of
from netapp.groups.words import KIND_WORDS, STAGE_WORDS
from netapp.kernel.db import DbSession
from netapp.kernel.pages import PER_PAGE, Page


@dataclass(frozen=True, slots=True)
class GroupCard:
    """One group of a list. ``people`` is said to those who may look inside only: None else."""

    key: str
    slug: str
    name: str
    purpose: str
    kind_words: str
    stage_words: str
    is_hidden: bool
    is_closed: bool
    is_sample: bool
    joining: Joining
    people: int | None
    size_limit: int | None
    requests: int = 0  # Open ones; for the desk.


@dataclass(frozen=True, slots=True)
class Listing:
    mine: tuple[GroupCard, ...]
    others: Page[GroupCard]


_PUBLIC: Final = (
    Group.is_hidden.is_(False),
    Group.closed_at.is_(None),
    Group.kind.not_in([GroupKind.PAIR, GroupKind.COHORT]),
)
"""The groups that are listed for everybody."""


def groups_with(session: DbSession, looker: Looker, words: str, *, most: int) -> list[GroupCard]:
    """The first that whoever looks may see with all these words in a name or in what they are for;
    empty words find nothing."""
    asked = words.lower().split()
    if not asked:
        return []
    seen: ColumnElement[bool] = and_(*_PUBLIC)
    if looker.person_id is not None:
        seen = or_(seen, is_member_of(Group.id, looker.person_id))
    said = func.lower(Group.name + " " + Group.other_names + " " + Group.purpose)
    here = (said.contains(word, autoescape=True) for word in asked)
    found = session.scalars(
        select(Group).where(seen, *here).order_by(Group.name, Group.id).limit(most)
    )
    return [_card(group, inside=False) for group in found]


def groups_for(session: DbSession, looker: Looker, *, number: int) -> Listing:
    """What whoever looks may see: two or three queries, however many there are.

    Closed groups and the parts of others (cohorts, pairs) stand in ``mine`` only; a cohort is
    found on the page of its programme.
    """
    mine: Sequence[Group] = ()
    public = select(Group).where(*_PUBLIC)
    if looker.person_id is not None:
        is_mine = is_member_of(Group.id, looker.person_id)
        mine = session.scalars(select(Group).where(is_mine).order_by(Group.name, Group.id)).all()
        public = public.where(~is_mine)
    total = session.scalar(select(func.count()).select_from(public.subquery())) or 0
    number = min(number, max(1, -(-total // PER_PAGE)))
    rows = session.scalars(
        public.order_by(Group.name, Group.id).limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    ).all()
    others = [_card(group, inside=looker.is_coordinator) for group in rows]
    return Listing(
        mine=tuple(_card(group, inside=True) for group in mine),
        others=Page(others, number, total),
    )


def my_groups(session: DbSession, person_id: int) -> list[GroupCard]:
    """For somebody's own page: open groups first, by name."""
    found = session.scalars(
        select(Group)
        .where(is_member_of(Group.id, person_id))
        .order_by(Group.closed_at.is_not(None), Group.name, Group.id)
    )
    return [_card(group, inside=True) for group in found]


def desk_rows(session: DbSession, *, words: str, shown: str, number: int) -> Page[GroupCard]:
    """``shown``: open, closed or all. With ``words``, where a name holds all of them. Two queries
    and one for the requests."""
    found = select(Group)
    if shown != "all":
        is_open = Group.closed_at.is_(None)
        found = found.where(is_open if shown == "open" else ~is_open)
    for word in words.split():
        here = f"%{_escaped(word.lower())}%"
        names = func.lower(Group.name + " " + Group.other_names)
        found = found.where(names.like(here, escape="\\"))
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    number = min(number, max(1, -(-total // PER_PAGE)))
    groups = session.scalars(
        found.order_by(Group.name, Group.id).limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    ).all()
    waiting = open_requests(session)
    rows = [_card(one, inside=True, requests=waiting.get(one.id, 0)) for one in groups]
    return Page(rows, number, total)


def open_requests(session: DbSession) -> dict[int, int]:
    """How many ask to join, by group."""
    rows = session.execute(
        select(GroupRequest.group_id, func.count())
        .where(GroupRequest.state == RequestState.OPEN)
        .group_by(GroupRequest.group_id)
    )
    return {group_id: int(number) for group_id, number in rows}


def parent_choices(session: DbSession, *, besides: int | None = None) -> list[tuple[int, str]]:
    """The programmes and committees that a group can be a part of."""
    kinds = [GroupKind.PROGRAMME, GroupKind.COMMITTEE, GroupKind.WORKING_GROUP]
    found = select(Group.id, Group.name).where(Group.kind.in_(kinds), Group.id != (besides or 0))
    return [(row.id, row.name) for row in session.execute(found.order_by(Group.name, Group.id))]


def count_members(session: DbSession, group_id: int) -> int:
    """As the rows say; ``Group.people`` must say the same."""
    live = GroupMember.group_id == group_id, GroupMember.left_at.is_(None)
    return session.scalar(select(func.count()).select_from(GroupMember).where(*live)) or 0


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _card(group: Group, *, inside: bool, requests: int = 0) -> GroupCard:
    return GroupCard(
        key=group.key,
        slug=group.slug,
        name=group.name,
        purpose=group.purpose,
        kind_words=KIND_WORDS[group.kind],
        stage_words=STAGE_WORDS[group.stage] if group.stage else "",
        is_hidden=group.is_hidden,
        is_closed=group.closed_at is not None,
        is_sample=group.is_sample,
        joining=group.joining,
        people=group.people if inside else None,
        size_limit=group.size_limit if inside else None,
        requests=requests,
    )
