"""Messages as the two they are between read them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from netapp.directory.errors import MayNotSend, MessageRefused, TakesNoMessages
from netapp.directory.message_models import Block, Message, SendingStop
from netapp.directory.models import Profile
from netapp.directory.sealing import words_of
from netapp.kernel.db import DbSession
from netapp.kernel.pages import PER_PAGE, Page
from netapp.kernel.site import site_of
from netapp.people.models import Person


@dataclass(frozen=True, slots=True)
class Letter:
    """One message; ``words`` is None once they are deleted. ``is_mine``: the reader wrote it."""

    key: str
    other_id: int
    other: str  # The name of whom it came from, or went to.
    other_key: str
    is_mine: bool
    is_answer: bool
    words: str | None
    sent_at: datetime
    is_reported: bool


@dataclass(frozen=True, slots=True)
class Blocked:
    key: str
    name: str


def letters_of(session: DbSession, person_id: int, *, number: int) -> Page[Letter]:
    """What this person was sent and has sent, the newest first. Two queries."""
    mine = _between(person_id)
    total = session.scalar(select(func.count()).select_from(Message).where(mine)) or 0
    found = session.scalars(
        select(Message)
        .where(mine)
        .options(joinedload(Message.sender), joinedload(Message.recipient))
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
        .execution_options(populate_existing=True)
    )
    return Page([_letter(session, each, person_id) for each in found], number, total)


def letter_of(session: DbSession, person_id: int, key: str) -> Letter | None:
    """One message, for its sender or recipient; None for anybody else."""
    found = session.scalar(
        select(Message)
        .where(Message.key == key, _between(person_id))
        .options(joinedload(Message.sender), joinedload(Message.recipient))
        .execution_options(populate_existing=True)
    )
    return _letter(session, found, person_id) if found else None


def unanswered(session: DbSession, person_id: int, *, since: datetime) -> list[Letter]:
    """What they were sent since then and have neither answered nor reported, of nobody whom they
    have blocked; the newest first, at most five."""
    answers = select(Message.answers_id).where(
        Message.sender_id == person_id, Message.answers_id.is_not(None)
    )
    blocked = select(Block.blocked_id).where(Block.person_id == person_id)
    found = session.scalars(
        select(Message)
        .where(
            Message.recipient_id == person_id,
            Message.sent_at >= since,
            Message.reported_at.is_(None),
            Message.answers_id.is_(None),
            Message.id.not_in(answers),
            Message.sender_id.not_in(blocked),
        )
        .options(joinedload(Message.sender), joinedload(Message.recipient))
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(5)
    )
    return [_letter(session, each, person_id) for each in found]


def blocked_by(session: DbSession, person_id: int) -> list[Blocked]:
    rows = session.execute(
        select(Person.key, Person.name)
        .join(Block, Block.blocked_id == Person.id)
        .where(Block.person_id == person_id)
        .order_by(Person.name, Person.id)
    )
    return [Blocked(row.key, row.name) for row in rows]


def is_blocked(session: DbSession, *, sender_id: int, by: int) -> bool:
    found = select(Block.person_id).where(Block.person_id == by, Block.blocked_id == sender_id)
    return session.scalar(found) is not None


def is_stopped(session: DbSession, sender_id: int) -> bool:
    """Whether a coordinator has stopped their messages."""
    return session.get(SendingStop, sender_id, populate_existing=True) is not None


def has_reported(session: DbSession, *, sender_id: int, by: int, only_open: bool = False) -> bool:
    """``only_open``: nobody has decided about it yet."""
    found = select(Message.id).where(
        Message.sender_id == sender_id,
        Message.recipient_id == by,
        Message.reported_at.is_not(None),
    )
    if only_open:
        found = found.where(Message.handled_at.is_(None))
    return session.scalar(found.limit(1)) is not None


def answer_refusal(session: DbSession, *, sender_id: int, to: int) -> MessageRefused | None:
    """Why no answer passes: the sender is stopped; or the other is gone, takes no messages, or has
    blocked or reported the sender, of which they are not told. Who has no profile can be
    answered."""
    if is_stopped(session, sender_id):
        return MayNotSend()
    recipient = session.get(Person, to)
    takes = session.scalar(select(Profile.takes_messages).where(Profile.person_id == to))
    if (
        recipient is None
        or recipient.disabled_at is not None
        or recipient.registered_at is None
        or takes is False
        or is_blocked(session, sender_id=sender_id, by=to)
        or has_reported(session, sender_id=sender_id, by=to)
    ):
        return TakesNoMessages()
    return None


def _between(person_id: int) -> ColumnElement[bool]:
    return or_(Message.recipient_id == person_id, Message.sender_id == person_id)


def _letter(session: DbSession, message: Message, reader_id: int) -> Letter:
    is_mine = message.sender_id == reader_id
    other = message.recipient if is_mine else message.sender
    return Letter(
        key=message.key,
        other_id=other.id,
        other=other.name,
        other_key=other.key,
        is_mine=is_mine,
        is_answer=message.answers_id is not None,
        words=words_of(site_of(session), message.key, message.sealed) if message.sealed else None,
        sent_at=message.sent_at,
        is_reported=message.reported_at is not None and not is_mine,
    )
