"""How people come into a group by themselves: at once, or by asking."""

from datetime import datetime

from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.groups.errors import (
    AlreadyAsked,
    AlreadyIn,
    ByInvitationOnly,
    GroupClosed,
    MayNotJoin,
    NotOpen,
    RequestAnswered,
    WordsMissing,
)
from netapp.groups.models import Group, GroupMember, GroupRequest, Joining, RequestState
from netapp.groups.operations import letters
from netapp.groups.operations.guard import FRESH, lock_group, note, take_seat
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.tokens import new_key
from netapp.membership.queries.belonging import Right, has_right
from netapp.people.models import Person


def join(session: DbSession, *, group_id: int, person: Person, now: datetime) -> GroupMember:
    """Into an open group, at once. Raises ``MayNotJoin``, ``NotOpen``, ``AlreadyIn``,
    ``GroupFull`` and ``GroupClosed``."""
    group = _to_join(session, group_id, person, now)
    if group.joining is not Joining.OPEN:
        raise NotOpen
    member = add_member(session, group, person.id, now)
    summary = f"{person.name} joined {group.name}."
    note(session, group, "group.join", summary, Actor(person.id, person.name), now)
    return member


def ask(
    session: DbSession, *, group_id: int, person: Person, words: str, now: datetime
) -> GroupRequest:
    """Ask to join; whoever leads the group is told. In a full group, too: they may make room.

    Raises ``MayNotJoin``, ``GroupClosed``, ``ByInvitationOnly``, ``AlreadyIn``, ``AlreadyAsked``.
    """
    group = _to_join(session, group_id, person, now)
    if group.joining is Joining.INVITATION:
        raise ByInvitationOnly
    if open_request(session, group.id, person.id):
        raise AlreadyAsked
    request = GroupRequest(
        key=new_key(), group_id=group.id, person_id=person.id, words=words, asked_at=now
    )
    session.add(request)
    session.flush()
    summary = f"{person.name} asked to join {group.name}."
    note(session, group, "group.ask", summary, Actor(person.id, person.name), now)
    letters.asked(session, group, request, person, now)
    return request


def take_back(session: DbSession, *, group_id: int, person: Person, now: datetime) -> None:
    """Raises ``RequestAnswered``."""
    group = lock_group(session, group_id)
    request = open_request(session, group.id, person.id)
    if request is None:
        raise RequestAnswered
    request.state, request.answered_at = RequestState.TAKEN_BACK, now
    session.flush()
    summary = f"{person.name} took back the request to join {group.name}."
    note(session, group, "group.take_back", summary, Actor(person.id, person.name), now)


def accept(
    session: DbSession, *, group_id: int, key: str, words: str, actor: Actor, now: datetime
) -> GroupMember:
    """Raises ``RequestAnswered``, ``GroupFull``, ``GroupClosed`` and ``NotFound``."""
    group, request = _to_answer(session, group_id, key)
    member = add_member(session, group, request.person_id, now)
    _answer(session, group, request, RequestState.ACCEPTED, words, actor, now)
    return member


def decline(
    session: DbSession, *, group_id: int, key: str, words: str, actor: Actor, now: datetime
) -> None:
    """With words of their own for whoever asked. Raises ``WordsMissing``, ``RequestAnswered``."""
    if not words:
        raise WordsMissing
    group, request = _to_answer(session, group_id, key)
    _answer(session, group, request, RequestState.DECLINED, words, actor, now)


def add_member(
    session: DbSession, group: Group, person_id: int, now: datetime, *, by_id: int | None = None
) -> GroupMember:
    """A seat and its row, under the lock; an open request of theirs is answered by it. ``by_id``:
    who let them in. Raises ``AlreadyIn``, ``GroupFull`` and ``GroupClosed``."""
    if live_member(session, group.id, person_id) is not None:
        raise AlreadyIn
    take_seat(session, group)
    member = GroupMember(key=new_key(), group_id=group.id, person_id=person_id, joined_at=now)
    session.add(member)
    if request := open_request(session, group.id, person_id):
        request.state, request.answered_at = RequestState.ACCEPTED, now
        request.answered_by_id = by_id
    session.flush()
    return member


def live_member(session: DbSession, group_id: int, person_id: int) -> GroupMember | None:
    mine = GroupMember.group_id == group_id, GroupMember.person_id == person_id
    return session.scalar(
        select(GroupMember).where(*mine, GroupMember.left_at.is_(None)), execution_options=FRESH
    )


def open_request(session: DbSession, group_id: int, person_id: int) -> GroupRequest | None:
    return session.scalar(
        select(GroupRequest).where(
            GroupRequest.group_id == group_id,
            GroupRequest.person_id == person_id,
            GroupRequest.state == RequestState.OPEN,
        ),
        execution_options=FRESH,
    )


def _to_join(session: DbSession, group_id: int, person: Person, now: datetime) -> Group:
    group = lock_group(session, group_id)
    if group.closed_at is not None:
        raise GroupClosed
    if live_member(session, group.id, person.id):
        raise AlreadyIn
    if not has_right(session, person.id, Right.JOINS_GROUPS, at=now):
        raise MayNotJoin
    return group


def _to_answer(session: DbSession, group_id: int, key: str) -> tuple[Group, GroupRequest]:
    group = lock_group(session, group_id)
    request = session.scalar(
        select(GroupRequest).where(GroupRequest.group_id == group.id, GroupRequest.key == key),
        execution_options=FRESH,
    )
    if request is None:
        raise NotFound
    if request.state is not RequestState.OPEN:
        raise RequestAnswered
    return group, request


def _answer(
    session: DbSession,
    group: Group,
    request: GroupRequest,
    state: RequestState,
    words: str,
    actor: Actor,
    now: datetime,
) -> None:
    request.state, request.answer = state, words
    request.answered_at, request.answered_by_id = now, actor.id
    session.flush()
    person = session.get_one(Person, request.person_id)
    did = "Accepted" if state is RequestState.ACCEPTED else "Declined"
    summary = f"{did} the request of {person.name} to join {group.name}."
    note(session, group, f"group.{state.value}", summary, actor, now)
    letters.answered(session, group, request, person, now)
