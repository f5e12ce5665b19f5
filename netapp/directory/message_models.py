"""Messages between members that show nobody's address."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netapp.kernel.db import Base, PrimaryKey
from netapp.people.models import Person


class Message(Base):
    """One message. Its words are sealed: the two it is between read them, and a coordinator only
    once it was reported. After a while the words go, and later the row."""

    __tablename__ = "directory_messages"
    __table_args__ = (
        Index("ix_directory_messages_recipient_sent", "recipient_id", "sent_at"),
        Index("ix_directory_messages_sender_sent", "sender_id", "sent_at"),
        Index("ix_directory_messages_sent_at", "sent_at"),
        Index(
            "ix_directory_messages_open_reports",
            "reported_at",
            sqlite_where=text("reported_at IS NOT NULL AND handled_at IS NULL"),
            postgresql_where=text("reported_at IS NOT NULL AND handled_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    sender_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    answers_id: Mapped[int | None] = mapped_column(
        ForeignKey("directory_messages.id", ondelete="SET NULL"), index=True
    )
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # None: the words are deleted.
    sent_at: Mapped[datetime]
    reported_at: Mapped[datetime | None]
    report: Mapped[str] = mapped_column(String(500), default="")  # Why, in the recipient's words.
    handled_at: Mapped[datetime | None]
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    outcome: Mapped[str] = mapped_column(String(300), default="")

    sender: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=sender_id)
    recipient: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=recipient_id)


class Block(Base):
    """Messages of ``blocked_id`` do not reach ``person_id``; the blocked are not told."""

    __tablename__ = "directory_blocks"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    blocked_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    blocked_at: Mapped[datetime]


class SendingStop(Base):
    """A coordinator has stopped the messages of somebody."""

    __tablename__ = "directory_stops"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(String(300))
    stopped_at: Mapped[datetime]
    stopped_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
