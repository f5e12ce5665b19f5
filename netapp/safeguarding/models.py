"""Whom to talk to, and which checks on people have been seen: never a copy of one."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netapp.kernel.db import Base, PrimaryKey
from netapp.people.models import Person


class SafeguardingContact(Base):
    """Whom to talk to when somebody is worried about a child, a young person or an adult at risk.

    Of the network, or of one event alone: ``scope`` is ``network`` or ``event:`` and its id.
    """

    __tablename__ = "safeguarding_contacts"
    id: Mapped[PrimaryKey]
    scope: Mapped[str] = mapped_column(String(30), unique=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    hours: Mapped[str] = mapped_column(String(200), default="")  # When they can be reached.
    version: Mapped[int] = mapped_column(default=1)


class CheckKind(Base):
    """What can be seen of somebody: a DBS certificate, a training."""

    __tablename__ = "check_kinds"
    __table_args__ = (CheckConstraint("months BETWEEN 1 AND 120", "months"),)

    id: Mapped[PrimaryKey]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    hint: Mapped[str] = mapped_column(String(300), default="")
    months: Mapped[int | None]  # After so many it is due again; None: never by itself.
    position: Mapped[int]


class Check(Base):
    """Somebody saw a certificate of somebody else: when, and when to look again.

    Nothing of what it says: no number, no result, no copy. DBS code of practice, section on
    retention: information is not kept longer than it is needed.
    """

    __tablename__ = "checks"
    __table_args__ = (
        Index(
            "ix_checks_live",
            "person_id",
            "kind_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("check_kinds.id"))
    seen_on: Mapped[date]
    seen_by: Mapped[str] = mapped_column(String(120))  # The name of who saw it.
    due_on: Mapped[date | None] = mapped_column(index=True)
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reminded_on: Mapped[date | None]  # The last day on which a mail about ``due_on`` went out.
    ended_at: Mapped[datetime | None]  # A newer one took its place, or it was taken away.

    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=person_id)
    kind: Mapped[CheckKind] = relationship(lazy="raise_on_sql")
