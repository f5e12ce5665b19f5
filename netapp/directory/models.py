"""What people say of themselves, who may see each part of it, and what coordinators lock."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netapp.directory.fields import ProfileField, Visibility
from netapp.kernel.db import Base, PrimaryKey
from netapp.people.models import Person
from netapp.vocabulary.models import Term


class Profile(Base):
    """One person's entry of the directory. ``see_…`` is what they chose; what others see in the
    end is for ``policies.seen_fields`` to say."""

    __tablename__ = "profiles"

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)  # The end of the entry's address.
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), unique=True)
    role: Mapped[str] = mapped_column(String(160), default="")
    pronouns: Mapped[str] = mapped_column(String(60), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    takes_messages: Mapped[bool] = mapped_column(default=True)
    answered_at: Mapped[datetime | None]  # They said whether they want to be in the directory.
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    see_entry: Mapped[Visibility]
    see_role: Mapped[Visibility]
    see_pronouns: Mapped[Visibility]
    see_about: Mapped[Visibility]
    see_organisations: Mapped[Visibility]
    see_needs: Mapped[Visibility]
    see_settings: Mapped[Visibility]
    see_genres: Mapped[Visibility]
    see_approaches: Mapped[Visibility]
    see_skills: Mapped[Visibility]
    see_languages: Mapped[Visibility]
    see_areas: Mapped[Visibility]
    see_website: Mapped[Visibility]
    see_phone: Mapped[Visibility]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    terms: Mapped[list[Term]] = relationship(
        secondary="profile_terms", lazy="raise_on_sql", order_by="Term.position"
    )

    def choice(self, field: ProfileField) -> Visibility:
        return cast(Visibility, getattr(self, f"see_{field.value}"))

    def choices(self) -> dict[ProfileField, Visibility]:
        return {field: self.choice(field) for field in ProfileField}


class ProfileTerm(Base):
    """Something of the controlled lists that somebody says of their work."""

    __tablename__ = "profile_terms"

    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id"), primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"), primary_key=True, index=True)


class FieldRule(Base):
    """For the whole network: this part is never seen by more people than ``most``."""

    __tablename__ = "profile_rules"

    field: Mapped[ProfileField] = mapped_column(primary_key=True)
    most: Mapped[Visibility]
    reason: Mapped[str] = mapped_column(String(300))
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class FieldLock(Base):
    """Nobody sees this part of one person's profile, whatever they choose; they read why."""

    __tablename__ = "profile_locks"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    field: Mapped[ProfileField] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(String(300))
    locked_at: Mapped[datetime]
    locked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Sightings(Base):
    """Which entries a member saw in the last ten minutes, and when first: so that nobody can copy
    the directory out. ``seen``: number of the profile → second since 1970."""

    __tablename__ = "directory_sightings"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    seen: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    ends_at: Mapped[datetime] = mapped_column(index=True)  # When none of them counts any more.
