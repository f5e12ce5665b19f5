"""Kinds of membership as data, who holds one, and the seats of organisations."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netapp.kernel.db import Base, PrimaryKey
from netapp.organisations.models import Organisation


class Holder(enum.Enum):
    PERSON = "person"
    ORGANISATION = "organisation"


class Approval(enum.Enum):
    AT_ONCE = "at-once"  # The code that confirms the address is enough.
    COORDINATOR = "coordinator"


class TermRule(enum.Enum):
    ROLLING = "rolling"  # So many months from the day it was given.
    YEARLY = "yearly"  # Until the day before a date of the year, whenever it began.
    ENDLESS = "endless"  # Until somebody ends it.


class AskedField(enum.Enum):
    """What a form to join can ask; the order is that of the form."""

    ORGANISATION = "organisation"
    ROLE = "role"
    AREA = "area"
    AGE_BAND = "age-band"
    REASON = "reason"


class AgeBand(enum.Enum):
    """All that is known of the age of a young member."""

    FROM_16 = "16-17"
    FROM_18 = "18-20"
    FROM_21 = "21-25"


class MembershipKind(Base):
    """A kind of membership: what it asks, how long it runs, which rights it gives.

    What every member must be asked for is in ``asks``; the rights are the columns that say so.
    """

    __tablename__ = "membership_kinds"
    __table_args__ = (
        CheckConstraint("months BETWEEN 1 AND 60", "months"),
        CheckConstraint("grace_days BETWEEN 0 AND 366", "grace"),
        CheckConstraint("fee_pence >= 0", "fee"),
        CheckConstraint("(holder = 'organisation') = (seats IS NOT NULL)", "seats"),
    )

    id: Mapped[PrimaryKey]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    summary: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text, default="")
    holder: Mapped[Holder]
    position: Mapped[int]
    is_open: Mapped[bool] = mapped_column(default=True)  # People can ask for it.
    is_young: Mapped[bool] = mapped_column(default=False)  # Age band only; nothing public.
    approval: Mapped[Approval]
    needs_referee: Mapped[bool] = mapped_column(default=False)
    term: Mapped[TermRule]
    months: Mapped[int] = mapped_column(default=12)  # Of a rolling term.
    year_month: Mapped[int] = mapped_column(default=9)  # Of a yearly term: the month and …
    year_day: Mapped[int] = mapped_column(default=1)  # … the day on which a new one begins.
    grace_days: Mapped[int] = mapped_column(default=28)  # How long rights outlive a term.
    fee_pence: Mapped[int] = mapped_column(default=0)  # For one term.
    seats: Mapped[int | None]  # Of an organisation: how many people it can give its rights to.

    books_as_member: Mapped[bool] = mapped_column(default=True)
    sees_directory: Mapped[bool] = mapped_column(default=True)
    joins_groups: Mapped[bool] = mapped_column(default=True)
    votes: Mapped[bool] = mapped_column(default=False)
    welcome_words: Mapped[str] = mapped_column(Text, default="")  # In the mail that says yes.
    decline_words: Mapped[str] = mapped_column(Text, default="")  # To begin with, where it is no.
    version: Mapped[int] = mapped_column(default=1)

    asks: Mapped[list["KindField"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan"
    )
    reminders: Mapped[list["KindReminder"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="KindReminder.days"
    )


class KindField(Base):
    """Something that is asked of whoever wants this kind, beside name and address."""

    __tablename__ = "membership_kind_fields"

    kind_id: Mapped[int] = mapped_column(ForeignKey("membership_kinds.id"), primary_key=True)
    field: Mapped[AskedField] = mapped_column(primary_key=True)
    is_required: Mapped[bool] = mapped_column(default=False)


class KindReminder(Base):
    """A mail so many days after the last day of a term; before it where ``days`` is negative."""

    __tablename__ = "membership_kind_reminders"
    __table_args__ = (CheckConstraint("days BETWEEN -366 AND 366", "days"),)

    kind_id: Mapped[int] = mapped_column(ForeignKey("membership_kinds.id"), primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)


class Membership(Base):
    """One term of membership of one person or of one organisation.

    ``starts_on`` and ``ends_on`` are days in the network's zone, both included;
    without ``ends_on`` it runs until somebody ends it. After a term that ran out the rights of a
    member hold for the days of grace of its kind, to the end of ``rights_until``; after one that
    was ended early they do not.

    What an organisation holds is never copied to its people: their rights are read through
    their seats, so that ending one link cannot end, keep or renew another.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (organisation_id IS NULL)", "one_holder"),
        CheckConstraint("(ends_on IS NULL) = (rights_until IS NULL)", "rights_end_too"),
        CheckConstraint("ends_on <= rights_until", "rights_hold_as_long"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("membership_kinds.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    rights_until: Mapped[date | None]  # With the days of grace; None as ``ends_on`` is.
    ended_early: Mapped[bool] = mapped_column(default=False)
    seats: Mapped[int | None]  # Another number of seats than the kind's.
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    note: Mapped[str] = mapped_column(String(200), default="")
    age_band: Mapped[AgeBand | None]  # Of a young member, as they said when it began.

    kind: Mapped[MembershipKind] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")


class Seat(Base):
    """Somebody has the rights of an organisation's membership, for as long as it holds one.

    It belongs to the organisation and not to one term: a renewal gives everybody their rights
    back without another row.
    """

    __tablename__ = "membership_seats"
    __table_args__ = (
        Index(
            "ix_membership_seats_live",
            "organisation_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    called: Mapped[str] = mapped_column(String(120), default="")  # As whoever gave it named them.
    given_at: Mapped[datetime]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
