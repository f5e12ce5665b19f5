"""Groups: named sets of people and organisations, with roles that have terms."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netapp.kernel.db import Base, PrimaryKey
from netapp.organisations.models import Organisation
from netapp.people.models import Person


class GroupKind(enum.Enum):
    WORKING_GROUP = "working-group"
    PROGRAMME = "programme"
    COMMITTEE = "committee"
    COHORT = "cohort"  # One round of people through a programme.
    SMALL_GROUP = "small-group"
    PAIR = "pair"


class Joining(enum.Enum):
    OPEN = "open"  # Whoever may join groups joins at once.
    REQUEST = "request"  # They ask, and somebody who leads the group answers.
    INVITATION = "invitation"


class ProgrammeStatus(enum.Enum):
    CALL = "call"
    PILOT = "pilot"
    ROLL_OUT = "roll-out"
    CLOSED = "closed"


class RoleKind(enum.Enum):
    """What somebody does in a group; who has none of these is simply in it."""

    CHAIR = "chair"
    LEAD = "lead"
    FACILITATOR = "facilitator"
    SECRETARY = "secretary"
    TREASURER = "treasurer"
    REPRESENTATIVE = "representative"


class RequestState(enum.Enum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TAKEN_BACK = "taken-back"


class EndOfMembership(enum.Enum):
    LEFT = "left"
    REMOVED = "removed"
    CLOSED = "closed"  # Their account was.


LIVE_SQL = "left_at IS NULL"


class Group(Base):
    """A group. ``people`` counts who is in it now and is the lock under which somebody joins:
    the CHECK holds even against a mistake in the code.

    Days are of the network's zone. A hidden group exists for its people and coordinators only.
    """

    __tablename__ = "groups"
    __table_args__ = (
        CheckConstraint("people >= 0", "people_not_negative"),
        CheckConstraint("size_limit IS NULL OR people <= size_limit", "never_too_many"),
        CheckConstraint("(kind = 'programme') = (stage IS NOT NULL)", "stage_of_programmes"),
        CheckConstraint("starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", "days"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    other_names: Mapped[str] = mapped_column(String(300), default="")  # Also called; one line.
    kind: Mapped[GroupKind]
    purpose: Mapped[str] = mapped_column(String(300), default="")
    description: Mapped[str] = mapped_column(Text, default="")  # Markdown.
    joining: Mapped[Joining] = mapped_column(default=Joining.REQUEST)
    size_limit: Mapped[int | None]
    people: Mapped[int] = mapped_column(default=0)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"), index=True)
    stage: Mapped[ProgrammeStatus | None]  # Of programmes only.
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    length: Mapped[str] = mapped_column(String(80), default="")  # In words: "two terms".
    source: Mapped[str] = mapped_column(String(300), default="")  # Where we know this from.
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str] = mapped_column(String(300), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    @property
    def is_full(self) -> bool:
        return self.size_limit is not None and self.people >= self.size_limit


class FormerGroupSlug(Base):
    """Addresses a group once had: they lead on for ever."""

    __tablename__ = "group_former_slugs"

    slug: Mapped[str] = mapped_column(String(100), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), index=True)


class GroupMember(Base):
    """Somebody in a group, from when to when. Who leaves and comes back gets another row."""

    __tablename__ = "group_members"
    __table_args__ = (
        Index(
            "ix_group_members_live",
            "group_id",
            "person_id",
            unique=True,
            sqlite_where=text(LIVE_SQL),
            postgresql_where=text(LIVE_SQL),
        ),
        CheckConstraint("(left_at IS NULL) = (left_by IS NULL)", "left_somehow"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    joined_at: Mapped[datetime]
    is_named: Mapped[bool] = mapped_column(default=False)
    # They let everyone see that they lead the group. Their role's name is shown, nothing else.
    left_at: Mapped[datetime | None]
    left_by: Mapped[EndOfMembership | None]

    group: Mapped[Group] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    roles: Mapped[list["GroupRole"]] = relationship(
        lazy="raise_on_sql", order_by="GroupRole.starts_on, GroupRole.id"
    )


class GroupRole(Base):
    """A role for a term: days of the network's zone, both included. Rows stay as the history.

    Without ``ends_on`` it lasts until somebody ends it, or its holder leaves the group.
    """

    __tablename__ = "group_roles"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", "days"),
        Index("ix_group_roles_ends_on", "ends_on"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("group_members.id"), index=True)
    role: Mapped[RoleKind]
    title: Mapped[str] = mapped_column(String(80), default="")  # Another name: "co-chair".
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    reminded_on: Mapped[date | None]  # Of the end that stands in ``ends_on``.

    member: Mapped[GroupMember] = relationship(lazy="raise_on_sql", back_populates="roles")


class GroupOrganisation(Base):
    """An organisation that takes part: a partner of a programme, a member of a committee."""

    __tablename__ = "group_organisations"
    __table_args__ = (UniqueConstraint("group_id", "organisation_id"),)

    id: Mapped[PrimaryKey]
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    part: Mapped[str] = mapped_column(String(120), default="")  # In words: "pilot service".
    position: Mapped[int] = mapped_column(default=0)

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")


class GroupSite(Base):
    """A place where a programme works: a school, a centre, a ward."""

    __tablename__ = "group_sites"

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))

    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")


class GroupRequest(Base):
    """Somebody asks to join; one open request each. The answer is kept with its words."""

    __tablename__ = "group_requests"
    __table_args__ = (
        Index(
            "ix_group_requests_open",
            "group_id",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    words: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[RequestState] = mapped_column(default=RequestState.OPEN)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answer: Mapped[str] = mapped_column(String(1000), default="")

    group: Mapped[Group] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=person_id)


class GroupInvitation(Base):
    """A one-time link to join, for one address; the database keeps its hash."""

    __tablename__ = "group_invitations"
    __table_args__ = (Index("ix_group_invitations_ends_at", "ends_at"),)

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))  # Canonical.
    name: Mapped[str] = mapped_column(String(120))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_at: Mapped[datetime]
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
