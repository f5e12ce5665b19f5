"""Invitations to a group: a link in a mail that works once, for one address."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from netapp.audit.operations import Actor
from netapp.groups.errors import (
    AlreadyIn,
    GroupClosed,
    InvitationEnded,
    NotYourInvitation,
    TooManyInvitations,
)
from netapp.groups.models import GroupInvitation, GroupMember
from netapp.groups.operations import letters
from netapp.groups.operations.guard import FRESH, UNSYNCED, lock_group, note
from netapp.groups.operations.joining import add_member, live_member
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.tokens import hash_token, new_key, new_token
from netapp.people.models import Person
from netapp.people.queries import find_by_address

LIVES = timedelta(days=14)
KEPT = timedelta(days=90)
"""How long an invitation that is over stays, for whoever asks what became of it."""

MOST_OPEN = 200


def invite(
    session: DbSession, *, group_id: int, email: str, name: str, actor: Actor, now: datetime
) -> GroupInvitation:
    """To a canonical address; it ends an earlier one to the same. Raises ``AlreadyIn``,
    ``GroupClosed`` and ``TooManyInvitations``."""
    group = lock_group(session, group_id)
    if group.closed_at is not None:
        raise GroupClosed
    known = find_by_address(session, email)
    if known is not None and live_member(session, group.id, known.id):
        raise AlreadyIn
    still_open = (
        GroupInvitation.group_id == group.id,
        GroupInvitation.used_at.is_(None),
        GroupInvitation.withdrawn_at.is_(None),
        GroupInvitation.ends_at > now,
    )
    earlier = update(GroupInvitation).where(*still_open, GroupInvitation.email == email)
    session.execute(earlier.values(withdrawn_at=now), execution_options=UNSYNCED)
    count = select(func.count()).select_from(GroupInvitation).where(*still_open)
    if (session.scalar(count) or 0) >= MOST_OPEN:
        raise TooManyInvitations
    token = new_token()
    made = GroupInvitation(
        key=new_key(),
        group_id=group.id,
        email=email,
        name=name,
        token_hash=hash_token(token),
        invited_at=now,
        invited_by_id=actor.id,
        ends_at=now + LIVES,
    )
    session.add(made)
    session.flush()
    note(session, group, "group.invite", f"Invited {name or email} to {group.name}.", actor, now)
    letters.invited(session, group, made, token, actor.name, now)
    return made


def withdraw(session: DbSession, *, group_id: int, key: str, actor: Actor, now: datetime) -> None:
    """The link works no more. Raises ``InvitationEnded`` where it was used, and ``NotFound``."""
    group = lock_group(session, group_id)
    found = session.scalar(
        select(GroupInvitation).where(
            GroupInvitation.group_id == group.id, GroupInvitation.key == key
        ),
        execution_options=FRESH,
    )
    if found is None:
        raise NotFound
    if found.used_at is not None:
        raise InvitationEnded
    if found.withdrawn_at is not None:
        return
    found.withdrawn_at = now
    session.flush()
    summary = f"Took back the invitation of {found.name or found.email} to {group.name}."
    note(session, group, "group.uninvite", summary, actor, now)


def use(session: DbSession, *, token: str, person: Person, now: datetime) -> GroupMember:
    """Join by an invitation, which counts more than the rights of a membership.

    Raises ``InvitationEnded``, ``NotYourInvitation``, ``AlreadyIn``, ``GroupFull`` and
    ``GroupClosed``; what is refused uses nothing up.
    """
    hashed = GroupInvitation.token_hash == hash_token(token)
    group_id = session.scalar(select(GroupInvitation.group_id).where(hashed))
    if group_id is None:
        raise InvitationEnded
    group = lock_group(session, group_id)
    found = session.scalars(select(GroupInvitation).where(hashed), execution_options=FRESH).one()
    if found.used_at is not None or found.withdrawn_at is not None or found.ends_at <= now:
        raise InvitationEnded
    if found.email != person.email:
        raise NotYourInvitation
    member = add_member(session, group, person.id, now, by_id=found.invited_by_id)
    found.used_at = now
    session.flush()
    summary = f"{person.name} joined {group.name} by invitation."
    note(session, group, "group.join", summary, Actor(person.id, person.name), now)
    return member


def delete_old(session: DbSession, now: datetime) -> int:
    """Invitations that are long over. For the worker."""
    over = func.coalesce(
        GroupInvitation.used_at, GroupInvitation.withdrawn_at, GroupInvitation.ends_at
    )
    gone = session.execute(
        delete(GroupInvitation).where(over < now - KEPT), execution_options=UNSYNCED
    )
    return int(getattr(gone, "rowcount", 0))
