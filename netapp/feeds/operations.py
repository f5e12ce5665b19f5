"""Make and end personal calendar addresses."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Executable, Table, delete, func, or_, select, update

from netapp.feeds.errors import AddressInUse, TooManyAddresses
from netapp.feeds.models import FeedToken, GroupFeedToken
from netapp.groups.models import GroupMember
from netapp.kernel.changes import Journal
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.tokens import hash_token, new_key, new_token
from netapp.people.models import Person

TOKENS = cast(Table, GroupFeedToken.__table__)
MOST_ADDRESSES = 20
NOTE_EVERY = timedelta(minutes=5)


def make_token(session: DbSession, *, person_id: int, name: str, now: datetime) -> tuple[str, str]:
    """A new address of this person's calendar: its key and its token, which is told only here.

    Raises ``TooManyAddresses``.
    """
    _lock_person(session, person_id)
    mine = select(func.count()).where(FeedToken.person_id == person_id)
    if (session.scalar(mine) or 0) >= MOST_ADDRESSES:
        raise TooManyAddresses
    token = new_token()
    made = FeedToken(
        key=new_key(), person_id=person_id, name=name, token_hash=hash_token(token), made_at=now
    )
    session.add(made)
    session.flush()
    return made.key, token


def renew_token(session: DbSession, *, person_id: int, key: str) -> str:
    """Another token for an address that no calendar has used: its first answer got lost.

    Raises ``AddressInUse`` where one has, or the address was ended.
    """
    token = new_token()
    unused = (
        FeedToken.person_id == person_id,
        FeedToken.key == key,
        FeedToken.last_fetched_at.is_(None),
    )
    renewed = session.scalar(
        update(FeedToken)
        .where(*unused)
        .values(token_hash=hash_token(token))
        .returning(FeedToken.id)
    )
    if renewed is None:
        raise AddressInUse
    return token


def end_token(session: DbSession, *, person_id: int, key: str) -> None:
    """From now on the address leads nowhere. Raises ``NotFound``."""
    ended = session.scalar(
        delete(FeedToken)
        .where(FeedToken.person_id == person_id, FeedToken.key == key)
        .returning(FeedToken.id)
    )
    if ended is None:
        raise NotFound


def end_all_tokens(session: DbSession, *, person_id: int) -> None:
    """When an account is closed."""
    session.execute(delete(FeedToken).where(FeedToken.person_id == person_id))
    held = select(GroupMember.id).where(GroupMember.person_id == person_id)
    session.execute(
        delete(GroupFeedToken).where(GroupFeedToken.member_id.in_(held)),
        execution_options={"synchronize_session": False},
    )


def make_group_token(session: DbSession, *, member_id: int, now: datetime) -> str:
    """A new address of a group's calendar for somebody in it; the one before leads nowhere from
    now on. Raises ``NotFound`` where they have left."""
    live = GroupMember.id == member_id, GroupMember.left_at.is_(None)
    hold = update(GroupMember).where(*live).values(is_named=GroupMember.is_named)
    if session.scalar(hold.returning(GroupMember.id)) is None:
        raise NotFound
    end_group_token(session, member_id=member_id)
    token = new_token()
    session.add(GroupFeedToken(member_id=member_id, token_hash=hash_token(token), made_at=now))
    session.flush()
    return token


def end_group_token(session: DbSession, *, member_id: int) -> None:
    """From now on the address leads nowhere."""
    session.execute(delete(GroupFeedToken).where(GroupFeedToken.member_id == member_id))


def group_fetched(token_id: int, now: datetime) -> Executable:
    """As ``fetched``, for a group's calendar."""
    return (
        update(GroupFeedToken)
        .where(
            GroupFeedToken.id == token_id,
            or_(
                GroupFeedToken.last_fetched_at.is_(None),
                GroupFeedToken.last_fetched_at <= now - NOTE_EVERY,
            ),
        )
        .values(last_fetched_at=now)
    )


def fetched(token_id: int, now: datetime) -> Executable:
    """The statement that notes a fetch; for ``kernel.notes.note``, after the answer."""
    return (
        update(FeedToken)
        .where(
            FeedToken.id == token_id,
            or_(FeedToken.last_fetched_at.is_(None), FeedToken.last_fetched_at <= now - NOTE_EVERY),
        )
        .values(last_fetched_at=now)
    )


def _lock_person(session: DbSession, person_id: int) -> None:
    """Write first, so that two at once cannot both count what was before."""
    session.execute(update(Person).where(Person.id == person_id).values(version=Person.version))


def follow_members(journal: Journal, pairs: Iterable[tuple[int, int]]) -> None:
    """Addresses of a group's calendar go from the first row of each pair, somebody in a group, to
    the second, the same person: both addresses go on working."""
    for one, other in pairs:
        mine = select(GroupFeedToken.id).where(GroupFeedToken.member_id == one)
        for token in journal.session.scalars(mine).all():
            journal.set(TOKENS, {"id": token}, "member_id", other)
