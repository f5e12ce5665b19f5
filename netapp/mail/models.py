"""The outbox: each message is a row of the transaction that caused it, and waits for the worker."""

import enum
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base, PrimaryKey

LEASE: Final = timedelta(seconds=60)
"""How long a mail is left alone that a worker began to send and said no more about."""

RETRY_FOR: Final = timedelta(days=3)

PAUSES: Final = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 240, 480, 600))
"""After each try that failed: until the next one, the last repeated."""


class MailState(enum.Enum):
    QUEUED = "queued"
    SENT = "sent"
    DEAD = "dead"  # Given up; a coordinator may send it again.


class OutboxMessage(Base):
    """A message: what it says and its Message-ID are fixed when it is queued."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        Index(
            "ix_outbox_messages_due",
            "next_attempt_at",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index("ix_outbox_messages_state_id", "state", "id"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    message: Mapped[str] = mapped_column(
        String(80)
    )  # Which template, e.g. events/booking_confirmed
    about: Mapped[str] = mapped_column(String(80), index=True)  # e.g. booking:7KQ4-X9PD-M2
    to_name: Mapped[str] = mapped_column(String(120))
    to_email: Mapped[str] = mapped_column(String(254), index=True)
    subject: Mapped[str] = mapped_column(String(200))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    # A draft (see mail/drafts.py), once it was sent the bytes that were; None once purged.
    state: Mapped[MailState] = mapped_column(default=MailState.QUEUED)
    queued_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    retry_until: Mapped[datetime]  # A message that still did not go out by then is given up.
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(500), default="")
    sent_at: Mapped[datetime | None]
