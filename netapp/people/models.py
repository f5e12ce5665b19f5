"""People, how they sign in, and what they may do."""

import enum
from datetime import datetime
from typing import cast

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netapp.kernel.db import Base, PrimaryKey
from netapp.people.addresses import CLOSED_HOST


class Role(enum.Enum):
    COORDINATOR = "coordinator"
    SAFEGUARDING_LEAD = "safeguarding-lead"  # Sees and notes checks on people.


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
    invitations: Mapped[bool] = mapped_column(default=True)  # Calendar invitations by email.
    is_demo: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    # They turned out to be that person: this row leads on, and nobody signs in with it.
    version: Mapped[int] = mapped_column(default=1)

    roles: Mapped[list["RoleGrant"]] = relationship(
        lazy="raise_on_sql", foreign_keys="RoleGrant.person_id"
    )

    # What Flask-Login asks of whoever is signed in.
    is_authenticated = True
    is_anonymous = False

    # Known of whoever is signed in, and of nobody else: people.queries.signed_in sets them.
    has_second_factor = False
    proved_at = cast("datetime | None", None)

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    def get_id(self) -> str:
        return self.key

    @property
    def is_gone(self) -> bool:
        """For good: what was theirs is deleted or emptied, and nothing brings them back."""
        return self.email.endswith(f"@{CLOSED_HOST}")

    @property
    def is_coordinator(self) -> bool:
        """Needs ``roles`` loaded, as people.queries does for whoever is signed in."""
        return any(grant.role is Role.COORDINATOR for grant in self.roles)

    @property
    def is_safeguarding_lead(self) -> bool:
        """As ``is_coordinator``."""
        return any(grant.role is Role.SAFEGUARDING_LEAD for grant in self.roles)

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
    proved_at: Mapped[datetime]  # When they last showed that it is them: signing in, or again.
    is_strong: Mapped[bool] = mapped_column(default=False)  # With a second factor.


class SecondStep(Base):
    """A browser that gave a right password or code and has the second factor still to show. It is
    signed in nowhere: this row opens the page of the second step and nothing else."""

    __tablename__ = "second_steps"

    id: Mapped[PrimaryKey]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Authenticator(Base):
    """An app that shows six digits, new every 30 seconds (RFC 6238). One that is in use for each
    person, and beside it one that is being set up."""

    __tablename__ = "authenticators"
    __table_args__ = (
        Index(
            "uq_authenticators_in_use",
            "person_id",
            unique=True,
            sqlite_where=text("confirmed_at IS NOT NULL"),
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
        Index(
            "uq_authenticators_new",
            "person_id",
            unique=True,
            sqlite_where=text("confirmed_at IS NULL"),
            postgresql_where=text("confirmed_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    sealed: Mapped[bytes]  # The seed, bound to key and person.
    last_step: Mapped[int] = mapped_column(default=0)  # Of the newest code used: it and older end.
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One of ten codes on paper, for when the phone is lost. The database keeps an HMAC."""

    __tablename__ = "recovery_codes"

    id: Mapped[PrimaryKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A key pair of which the phone, computer or stick keeps the secret half (WebAuthn)."""

    __tablename__ = "passkeys"

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)  # Up to 2 to the 32.
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class PasskeyChallenge(Base):
    """What a passkey is to sign: once, in the browser that asked, for the purpose it asked for."""

    __tablename__ = "passkey_challenges"

    id: Mapped[PrimaryKey]
    browser_hash: Mapped[str] = mapped_column(String(64), index=True)
    purpose: Mapped[str] = mapped_column(String(20))  # add, sign-in, second-step, again
    challenge: Mapped[bytes]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class SignInCode(Base):
    """Six digits sent by email. Good in the browser that asked, for ten minutes and five tries."""

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


class AddressChange(Base):
    """Somebody gives themselves another address: a link to the new one confirms it, and a link to
    the old one undoes it, for seven days."""

    __tablename__ = "address_changes"

    id: Mapped[PrimaryKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    old_email: Mapped[str] = mapped_column(String(254))
    new_email: Mapped[str] = mapped_column(String(254))
    confirm_hash: Mapped[str] = mapped_column(String(64), unique=True)
    undo_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]  # Until when it can be confirmed.
    confirmed_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # A newer one took its place.


class ProfileKind(enum.Enum):
    ACCESS = "access"  # What helps them take part.
    FOOD = "food"  # What they eat and do not eat.


class AccessProfile(Base):
    """Special category data (UK GDPR article 9), kept once by the person: see people/access.py.

    Sealed, with explicit consent; nobody else reads it but through an event it is shared with.
    """

    __tablename__ = "access_profiles"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[ProfileKind]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    consent_version: Mapped[str] = mapped_column(String(20))
    consented_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
