"""What coordinators do with mail that is stuck, and what is deleted when its time is over."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, or_, select, update

from netapp.audit.models import AuditLine
from netapp.audit.operations import Actor, record
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.site import site_of
from netapp.mail.errors import BeingSent, NotGivenUp, NotWaiting, TextDeleted
from netapp.mail.models import LEASE, RETRY_FOR, MailState, OutboxMessage

READING_NOTED_FOR: Final = timedelta(minutes=5)


def send_again(session: DbSession, *, key: str, actor: Actor, now: datetime) -> OutboxMessage:
    """Put a mail that was given up back into the queue, with the same Message-ID.

    Raises ``NotFound``, ``NotGivenUp`` and ``TextDeleted``.
    """
    again = (
        update(OutboxMessage)
        .where(OutboxMessage.key == key, OutboxMessage.state == MailState.DEAD)
        .where(OutboxMessage.sealed.is_not(None))
        .values(
            state=MailState.QUEUED,
            next_attempt_at=now,
            retry_until=now + RETRY_FOR,
            attempts=0,
            last_error="",
            leased_until=None,
        )
        .returning(OutboxMessage)
    )
    row = session.scalar(again, execution_options={"populate_existing": True})
    if row is None:
        found = _find(session, key)
        raise TextDeleted if found.state is MailState.DEAD else NotGivenUp
    _note(session, row, actor, "mail.send_again", f"Sent “{row.subject}” again", now)
    return row


def give_up(session: DbSession, *, key: str, actor: Actor, now: datetime) -> OutboxMessage:
    """Stop trying to send a mail. Raises ``NotFound``, ``NotWaiting`` and ``BeingSent``."""
    lease = OutboxMessage.leased_until
    stop = (
        update(OutboxMessage)
        .where(OutboxMessage.key == key, OutboxMessage.state == MailState.QUEUED)
        .where(or_(lease.is_(None), lease <= now, lease > now + LEASE))
        .values(
            state=MailState.DEAD, leased_until=None, last_error=f"Given up by {actor.name}."[:500]
        )
        .returning(OutboxMessage)
    )
    row = session.scalar(stop, execution_options={"populate_existing": True})
    if row is None:
        found = _find(session, key)
        raise BeingSent if found.state is MailState.QUEUED else NotWaiting
    _note(session, row, actor, "mail.give_up", f"Gave up sending “{row.subject}”", now)
    return row


def note_reading(session: DbSession, *, key: str, actor: Actor, now: datetime) -> None:
    """Write down that somebody read somebody else's mail; once for all parts of one reading."""
    row = _find(session, key)
    lately = select(AuditLine.id).where(
        AuditLine.subject == f"mail:{key}",
        AuditLine.action == "mail.read",
        AuditLine.actor_id == actor.id,
        AuditLine.at > now - READING_NOTED_FOR,
    )
    if session.scalar(lately.limit(1)) is None:
        _note(session, row, actor, "mail.read", f"Read the mail “{row.subject}”", now)


def _note(
    session: DbSession, row: OutboxMessage, actor: Actor, action: str, what: str, now: datetime
) -> None:
    record(
        session,
        actor=actor,
        action=action,
        subject=f"mail:{row.key}",
        summary=f"{what} to {row.to_email}.",
        detail={"about": row.about},
        now=now,
    )


def _find(session: DbSession, key: str) -> OutboxMessage:
    found = session.scalar(
        select(OutboxMessage)
        .where(OutboxMessage.key == key)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def purge(session: DbSession, now: datetime) -> int:
    """Delete the texts of mails that are done with; the rows stay, to say what was sent when."""
    before = now - timedelta(days=site_of(session).mail_keep_days)
    done = or_(
        and_(OutboxMessage.state == MailState.SENT, OutboxMessage.sent_at < before),
        and_(OutboxMessage.state == MailState.DEAD, OutboxMessage.retry_until < before),
    )
    gone = session.execute(
        update(OutboxMessage)
        .where(done, OutboxMessage.sealed.is_not(None))
        .values(sealed=None)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(gone, "rowcount", 0))
