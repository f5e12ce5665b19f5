"""Members write to each other without an address being shown; they refuse, block and report."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update

from netapp.directory import letters
from netapp.directory.errors import (
    MayNotSend,
    NothingToSend,
    TakesNoMessages,
    TextGone,
    TooManyMessages,
    TooManyToOne,
)
from netapp.directory.fields import Audience
from netapp.directory.message_models import Block, Message
from netapp.directory.queries.messages import (
    answer_refusal,
    has_reported,
    is_blocked,
    is_stopped,
)
from netapp.directory.queries.seen import entry_at
from netapp.directory.sealing import sealed_words
from netapp.kernel.db import DbSession, insert_for
from netapp.kernel.errors import NotFound
from netapp.kernel.limits import Limit, count_and_check
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.people.models import Person
from netapp.people.operations.guards import hold_person

A_DAY: Final = Limit("directory.messages", 20, timedelta(days=1))
TO_ONE: Final = Limit("directory.messages.to-one", 3, timedelta(days=1))

WORDS_KEPT: Final = timedelta(days=90)
"""How long the words can be read, answered and reported; an open report holds them."""

ROWS_KEPT: Final = timedelta(days=365)
"""How long it is known that a message was sent, for counts and for limits."""


def write_to(session: DbSession, *, sender_id: int, slug: str, text: str, now: datetime) -> Message:
    """A member writes to somebody of the directory. Whether the sender may see the directory is
    for the caller to check.

    Raises ``NotFound``, ``TakesNoMessages``, ``MayNotSend``, ``TooManyMessages``,
    ``TooManyToOne``, ``NothingToSend``.
    """
    entry = entry_at(session, slug, audience=Audience.MEMBERS, at=now)
    if entry is None or entry.person_id == sender_id:
        raise NotFound
    recipient = hold_person(session, entry.person_id)
    entry = entry_at(session, slug, audience=Audience.MEMBERS, at=now)  # As it is now.
    if recipient is None or entry is None:
        raise NotFound
    if not entry.takes_messages:
        raise TakesNoMessages
    return _send(session, sender_id, recipient, text, answers=None, now=now)


def answer(session: DbSession, *, person_id: int, key: str, text: str, now: datetime) -> Message:
    """Answer a message one was sent; its sender need not be in the directory, but must take
    messages if they have a profile, and have neither blocked nor reported who answers.

    Raises as ``write_to``, and ``TextGone`` where the words are deleted.
    """
    asked = _received(session, person_id, key)
    if asked.sealed is None:
        raise TextGone
    recipient = hold_person(session, asked.sender_id)
    if recipient is None:
        raise TakesNoMessages
    if refusal := answer_refusal(session, sender_id=person_id, to=recipient.id):
        raise refusal
    return _send(session, person_id, recipient, text, answers=asked.id, now=now)


def _send(
    session: DbSession,
    sender_id: int,
    recipient: Person,
    text: str,
    *,
    answers: int | None,
    now: datetime,
) -> Message:
    if not text.strip():
        raise NothingToSend
    if is_stopped(session, sender_id):
        raise MayNotSend
    if is_blocked(session, sender_id=sender_id, by=recipient.id):
        raise TakesNoMessages
    if has_reported(session, sender_id=sender_id, by=recipient.id, only_open=True):
        raise TakesNoMessages
    if not count_and_check(session, A_DAY, str(sender_id), now):
        raise TooManyMessages
    if not count_and_check(session, TO_ONE, f"{sender_id}:{recipient.id}", now):
        raise TooManyToOne
    key = new_key(16)
    sent = Message(
        key=key,
        sender_id=sender_id,
        recipient_id=recipient.id,
        answers_id=answers,
        sealed=sealed_words(site_of(session), key, text),
        sent_at=now,
    )
    session.add(sent)
    session.flush()
    sender = session.get_one(Person, sender_id)
    letters.message(session, sent=sent, sender=sender, recipient=recipient, text=text, now=now)
    return sent


def block(session: DbSession, *, person_id: int, key: str, now: datetime) -> None:
    """Whoever sent this message reaches this person no more. Harmless when repeated."""
    sender_id = _received(session, person_id, key).sender_id
    row = insert_for(session, Block).values(
        person_id=person_id, blocked_id=sender_id, blocked_at=now
    )
    session.execute(row.on_conflict_do_nothing())


def unblock(session: DbSession, *, person_id: int, blocked: str) -> None:
    """``blocked`` is the public key of a person. Harmless when repeated."""
    theirs = select(Person.id).where(Person.key == blocked).scalar_subquery()
    session.execute(
        delete(Block)
        .where(Block.person_id == person_id, Block.blocked_id == theirs)
        .execution_options(synchronize_session=False)
    )


def report(session: DbSession, *, person_id: int, key: str, reason: str, now: datetime) -> None:
    """Show a message one was sent to the coordinators, and say why. The first report stands.

    Raises ``NotFound``, ``TextGone``.
    """
    sent = _received(session, person_id, key)
    if sent.sealed is None:
        raise TextGone
    if sent.reported_at is None:
        sent.reported_at, sent.report = now, reason
        session.flush()


def purge(session: DbSession, now: datetime) -> int:
    """Delete the words of old messages, and later the messages. For the worker."""
    is_held = Message.reported_at.is_not(None) & Message.handled_at.is_(None)
    gone = session.execute(
        delete(Message)
        .where(Message.sent_at < now - ROWS_KEPT, ~is_held)
        .execution_options(synchronize_session=False)
    )
    silent = session.execute(
        update(Message)
        .where(Message.sent_at < now - WORDS_KEPT, Message.sealed.is_not(None), ~is_held)
        .values(sealed=None)
        .execution_options(synchronize_session=False)
    )
    return sum(int(getattr(done, "rowcount", 0)) for done in (gone, silent))


def _received(session: DbSession, person_id: int, key: str) -> Message:
    """Held until the commit. Raises ``NotFound``."""
    held: Message | None = session.scalar(
        update(Message)
        .where(Message.key == key, Message.recipient_id == person_id)
        .values(id=Message.id)
        .returning(Message),
        execution_options={"populate_existing": True},
    )
    if held is None:
        raise NotFound
    return held
