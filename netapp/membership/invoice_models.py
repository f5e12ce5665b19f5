"""Invoices and credit notes for fees. Money is whole pence."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netapp.kernel.db import Base, PrimaryKey
from netapp.membership.models import Membership


class InvoiceKind(enum.Enum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit-note"


class InvoiceState(enum.Enum):
    OPEN = "open"
    PAID = "paid"
    CANCELLED = "cancelled"  # A credit note took it back; that one has this state from the start.


class InvoiceYear(Base):
    """The last number given in a year. One UPDATE gives the next and waits for whoever gives one
    at the same time; undone with its transaction, it leaves no gap."""

    __tablename__ = "invoice_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class InvoiceDetails(Base):
    """What stands on every invoice from now on: one row, changed on the desk."""

    __tablename__ = "invoice_details"
    __table_args__ = (CheckConstraint("id = 1", "one_row"),)

    id: Mapped[PrimaryKey]
    sender: Mapped[str] = mapped_column(Text, default="")  # Name and address, line by line.
    payment: Mapped[str] = mapped_column(Text, default="")  # How to pay.
    due_days: Mapped[int] = mapped_column(default=30)
    remind_days: Mapped[int] = mapped_column(default=7)  # After the day it was due; again as often.
    version: Mapped[int] = mapped_column(default=1)


class Invoice(Base):
    """As it was sent, for ever: names, address and payment are copies of that day.

    A credit note takes back one invoice (``credits_id``) and has a number of the same sequence.
    """

    __tablename__ = "invoices"
    __table_args__ = (
        UniqueConstraint("year", "sequence"),
        CheckConstraint("pence > 0", "pence"),
        CheckConstraint("(kind = 'credit-note') = (credits_id IS NOT NULL)", "credits"),
        CheckConstraint("(state = 'paid') = (paid_on IS NOT NULL)", "paid"),
        Index("uq_invoices_credits_id", "credits_id", unique=True),
        Index("ix_invoices_state_due_on", "state", "due_on"),
        Index(
            "ix_invoices_unsent",
            "id",
            sqlite_where=text("sent_at IS NULL"),
            postgresql_where=text("sent_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[InvoiceKind] = mapped_column(default=InvoiceKind.INVOICE)
    year: Mapped[int]
    sequence: Mapped[int]
    membership_id: Mapped[int | None] = mapped_column(
        ForeignKey("memberships.id", ondelete="SET NULL"), index=True
    )
    credits_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)  # To whom.
    name: Mapped[str] = mapped_column(String(160))
    email: Mapped[str] = mapped_column(String(254))
    words: Mapped[str] = mapped_column(String(200))  # For what.
    pence: Mapped[int]
    order_number: Mapped[str] = mapped_column(String(60), default="")
    sender: Mapped[str] = mapped_column(Text)
    payment: Mapped[str] = mapped_column(Text)
    issued_on: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[InvoiceState] = mapped_column(default=InvoiceState.OPEN)
    sent_at: Mapped[datetime | None]  # When its mail was written.
    reminded_on: Mapped[date | None]
    paid_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)

    membership: Mapped[Membership | None] = relationship(lazy="raise_on_sql")
    credits: Mapped["Invoice | None"] = relationship(lazy="raise_on_sql", remote_side="Invoice.id")

    @property
    def number(self) -> str:
        """2027-0001: the year, and how many there were in it."""
        return f"{self.year}-{self.sequence:04d}"
