"""People, how they sign in, and what they may do."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netapp.kernel.db import Base, PrimaryKey


class Role(enum.Enum):
    COORDINATOR = "coordinator"


class Person(Base):
    """Anyone we know: guest, member, speaker, coordinator. One row for each address."""

    __tablename__ = "people"
    __table_args__ = (Index("ix_people_name_id", "name", "id"),)

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # Canonical: people/addresses.py.
    name: Mapped[str] = mapped_column(String(120))
    organisation: Mapped[str] = mapped_column(String(120), default="")
    area: Mapped[str] = mapped_column(String(80), default="")  # Slug of the term: where they work.
    created_at: Mapped[datetime]
    email_confirmed_at: Mapped[datetime | None]  # They have shown that the address is theirs.
    registered_at: Mapped[datetime | None]  # None: a guest, without an account.
    disabled_at: Mapped[datetime | None]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_set_at: Mapped[datetime | None]
    invitations: Mapped[bool] = mapped_column(default=True)  # Calendar invitations by mail.
    is_demo: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    roles: Mapped[list["RoleGrant"]] = relationship(
        lazy="raise_on_sql", foreign_keys="RoleGrant.person_id"
    )

    # What Flask-Login asks of whoever is signed in.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    def get_id(self) -> str:
        return self.key

    @property
    def is_coordinator(self) -> bool:
        """Needs ``roles`` loaded, as people.queries does for whoever is signed in."""
        return any(grant.role is Role.COORDINATOR for grant in self.roles)

    @property
    def first_name(self) -> str:
        return self.name.split()[0] if self.name.split() else self.name


class RoleGrant(Base):
    __tablename__ = "role_grants"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class SignIn(Base):
    """A signed-in browser. The cookie holds the token, the database its hash."""

    __tablename__ = "sign_ins"

    id: Mapped[PrimaryKey]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)  # Names it when its owner ends it.
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    device: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    ends_at: Mapped[datetime]  # Absolute limit; the idle limit counts from last_used_at.


class SignInCode(Base):
    """Six digits sent by mail. Good in the browser that asked, for ten minutes and five tries."""

    __tablename__ = "sign_in_codes"

    id: Mapped[PrimaryKey]
    email: Mapped[str] = mapped_column(String(254), index=True)
    browser_hash: Mapped[str] = mapped_column(String(64), index=True)
    code_hash: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(20))  # sign-in, register
    name: Mapped[str] = mapped_column(String(120), default="")  # What a newcomer typed.
    password_hash: Mapped[str | None] = mapped_column(String(200))  # What a newcomer chose.
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    tries_left: Mapped[int] = mapped_column(default=5)
    used_at: Mapped[datetime | None]


class OneTimeLink(Base):
    """A link that does one thing once: reset a password, accept an invitation."""

    __tablename__ = "one_time_links"
    __table_args__ = (
        Index(
            "uq_one_time_links_open",
            "person_id",
            "purpose",
            unique=True,
            sqlite_where=text("used_at IS NULL"),
            postgresql_where=text("used_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))  # reset, invitation, account
    email: Mapped[str] = mapped_column(String(254))  # The address it was sent to.
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]  # Also set when a newer link takes its place.
