"""What the worker writes: who sends a mail now, and what came of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Update, select, update

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.mail.models import LEASE, PAUSES, MailState, OutboxMessage
from netapp.mail.queries import is_due
from netapp.mail.sealing import seal


@dataclass(frozen=True, slots=True)
class Claim:
    """One mail, leased to whoever holds this."""

    id: int
    key: str
    to_email: str
    queued_at: datetime
    sealed: bytes
    attempts: int  # Before this one.
    retry_until: datetime
    leased_until: datetime


def claim_next(session: DbSession, *, now: datetime) -> Claim | None:
    """Lease the oldest mail that is due; commit before sending it. None: nothing is due."""
    due = is_due(now)
    oldest = select(OutboxMessage.id).where(due).order_by(OutboxMessage.id).limit(1)
    while (number := session.scalar(oldest)) is not None:
        row = session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == number, due)
            .values(leased_until=now + LEASE, attempts=OutboxMessage.attempts + 1)
            .returning(
                OutboxMessage.key,
                OutboxMessage.to_email,
                OutboxMessage.queued_at,
                OutboxMessage.sealed,
                OutboxMessage.attempts,
                OutboxMessage.retry_until,
            )
            .execution_options(synchronize_session=False)
        ).one_or_none()
        if row is not None:
            return Claim(
                id=number,
                key=row.key,
                to_email=row.to_email,
                queued_at=row.queued_at,
                sealed=row.sealed or b"",
                attempts=row.attempts - 1,
                retry_until=row.retry_until,
                leased_until=now + LEASE,
            )
    return None


def mark_sent(session: DbSession, claim: Claim, *, data: bytes, now: datetime) -> None:
    """It is out, whoever holds the lease by now. ``data`` is kept: what was sent, to the letter,
    whatever later releases would make of the draft."""
    values = {
        "state": MailState.SENT,
        "sent_at": now,
        "leased_until": None,
        "last_error": "",
        "sealed": seal(site_of(session), claim.key, data),
    }
    session.execute(_queued(claim.id).values(values))


def mark_delayed(session: DbSession, claim: Claim, *, error: str, now: datetime) -> None:
    """A trouble that may pass: try again later, or give up when that went on for too long."""
    if now >= claim.retry_until:
        mark_dead(session, claim, error=error)
        return
    pause = PAUSES[min(claim.attempts, len(PAUSES) - 1)]
    values = {"next_attempt_at": now + pause, "leased_until": None, "last_error": error[:500]}
    session.execute(_held(claim).values(values))


def mark_dead(session: DbSession, claim: Claim, *, error: str) -> None:
    """It will not go out by itself; a coordinator sees it and may send it again."""
    values = {"state": MailState.DEAD, "leased_until": None, "last_error": error[:500]}
    session.execute(_held(claim).values(values))


def _queued(number: int) -> Update:
    row = update(OutboxMessage).where(
        OutboxMessage.id == number, OutboxMessage.state == MailState.QUEUED
    )
    return row.execution_options(synchronize_session=False)


def _held(claim: Claim) -> Update:
    """Only while the lease is still this one: after it ran out, others decide."""
    return _queued(claim.id).where(OutboxMessage.leased_until == claim.leased_until)
