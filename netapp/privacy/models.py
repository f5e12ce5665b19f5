"""Accounts that were closed, and what people ask of the network about their data."""

import enum
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netapp.kernel.db import Base, PrimaryKey
from netapp.people.models import Person


class Closing(Base):
    """An account that its owner closed, or a coordinator for them: the receipt, without a name.

    The same key is a line of the file of closings (see privacy/ledger.py), so that a restored
    backup cannot bring back who has gone.
    """

    __tablename__ = "account_closings"

    id: Mapped[PrimaryKey]
    person_key: Mapped[str] = mapped_column(String(32), unique=True)
    closed_at: Mapped[datetime]
    by_coordinator: Mapped[bool] = mapped_column(default=False)
    done: Mapped[list[list[str | int]]] = mapped_column(JSON)  # Title, what became of it, rows.


class AskKind(enum.Enum):
    CORRECT = "correct"  # UK GDPR article 16.
    OBJECT = "object"  # Article 21.
    OTHER = "other"


class Ask(Base):
    """What somebody asks of the network about their data; a coordinator answers by email."""

    __tablename__ = "privacy_asks"

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[AskKind]
    words: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]  # A month later: article 12 (3).
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(index=True)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=person_id)


class RetentionRule(Base):
    """For how many days something is kept, where coordinators chose another number than ours."""

    __tablename__ = "retention_rules"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    days: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
