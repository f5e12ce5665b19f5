"""Who asked to become a member, what became of it and why, and who spoke for them."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netapp.kernel.db import Base, PrimaryKey
from netapp.membership.models import AgeBand, Membership, MembershipKind
from netapp.organisations.models import Organisation
from netapp.people.models import Person


class ApplicationState(enum.Enum):
    WAITING = "waiting"  # For a coordinator.
    ASKED = "asked"  # For the applicant, who was asked something.
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN_STATES = (ApplicationState.WAITING, ApplicationState.ASKED)
OPEN = text("state IN ('waiting', 'asked')")


class Application(Base):
    """Somebody asks for a kind of membership, for themselves or in an organisation's name.

    ``organisation_name`` is what they typed; ``organisation_id`` the one of the register that a
    name led to, or that a coordinator chose.
    """

    __tablename__ = "membership_applications"
    __table_args__ = (
        Index(
            "uq_membership_applications_open",
            "person_id",
            "kind_id",
            "organisation_name",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_membership_applications_state", "state", "sent_at"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("membership_kinds.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    organisation_name: Mapped[str] = mapped_column(String(160), default="")
    role: Mapped[str] = mapped_column(String(120), default="")
    area: Mapped[str] = mapped_column(String(80), default="")  # Slug of the term.
    age_band: Mapped[AgeBand | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    order_number: Mapped[str] = mapped_column(String(60), default="")  # For an invoice.
    state: Mapped[ApplicationState] = mapped_column(default=ApplicationState.WAITING)
    sent_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    membership_id: Mapped[int | None] = mapped_column(
        ForeignKey("memberships.id", ondelete="SET NULL")
    )
    version: Mapped[int] = mapped_column(default=1)

    kind: Mapped[MembershipKind] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=person_id)
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    membership: Mapped[Membership | None] = relationship(lazy="raise_on_sql")
    steps: Mapped[list["ApplicationStep"]] = relationship(
        lazy="raise_on_sql", order_by="ApplicationStep.id"
    )
    referees: Mapped[list["Referee"]] = relationship(
        lazy="raise_on_sql", order_by="Referee.id", back_populates="application"
    )

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class StepKind(enum.Enum):
    SENT = "sent"
    NOTE = "note"  # Between coordinators; the applicant never sees it.
    ASKED = "asked"
    ANSWERED = "answered"
    REFEREE_ASKED = "referee-asked"
    REFEREE_REPLIED = "referee-replied"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ApplicationStep(Base):
    """One thing that happened to an application: who, when, and what they wrote."""

    __tablename__ = "membership_application_steps"

    id: Mapped[PrimaryKey]
    application_id: Mapped[int] = mapped_column(
        ForeignKey("membership_applications.id"), index=True
    )
    at: Mapped[datetime]
    kind: Mapped[StepKind]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    actor_name: Mapped[str] = mapped_column(String(120), default="")
    words: Mapped[str] = mapped_column(Text, default="")


class RefereeView(enum.Enum):
    YES = "yes"
    UNSURE = "unsure"
    NO = "no"


class Referee(Base):
    """Somebody who knows the applicant's work and is asked by email; the link works once.

    They need not be known to the network, so they are no person of it.
    """

    __tablename__ = "membership_referees"

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("membership_applications.id"), index=True
    )
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    replied_at: Mapped[datetime | None]
    view: Mapped[RefereeView | None]
    words: Mapped[str] = mapped_column(Text, default="")

    application: Mapped[Application] = relationship(lazy="raise_on_sql", back_populates="referees")
