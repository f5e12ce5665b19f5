"""The register of organisations: who they are, what they were called, where they work."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netapp.kernel.db import Base, PrimaryKey
from netapp.people.models import Person
from netapp.vocabulary.models import Term


class LegalForm(enum.Enum):
    """What an organisation is in law; what it does is its type, a term of the vocabulary."""

    CHARITY = "charity"
    CIO = "cio"  # Charitable incorporated organisation.
    CIC = "cic"  # Community interest company.
    COMPANY = "company"
    LOCAL_AUTHORITY = "local-authority"  # Part of a council.
    SCHOOL_OR_TRUST = "school-or-trust"
    PARTNERSHIP = "partnership"
    UNINCORPORATED = "unincorporated"
    SOLE_TRADER = "sole-trader"
    OTHER = "other"


class NameKind(enum.Enum):
    ALIAS = "alias"  # Also called.
    FORMER = "former"  # Formerly called.
    ABBREVIATION = "abbreviation"


class Organisation(Base):
    """One organisation of the register. Merged into another it stays as a signpost to that one."""

    __tablename__ = "organisations"
    __table_args__ = (Index("ix_organisations_name_id", "name", "id"),)

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    type_id: Mapped[int | None] = mapped_column(ForeignKey("terms.id"))
    legal_form: Mapped[LegalForm | None]
    website: Mapped[str] = mapped_column(String(300), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    office_area_id: Mapped[int | None] = mapped_column(ForeignKey("terms.id"))
    is_listed: Mapped[bool] = mapped_column(default=True)  # The public sees it.
    source: Mapped[str] = mapped_column(String(300), default="")  # Where we know this from.
    confirmed_on: Mapped[date | None]  # The last day on which somebody said it is still true.
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    type: Mapped[Term | None] = relationship(lazy="raise_on_sql", foreign_keys=type_id)
    office_area: Mapped[Term | None] = relationship(
        lazy="raise_on_sql", foreign_keys=office_area_id
    )
    areas: Mapped[list[Term]] = relationship(
        secondary="organisation_areas", lazy="raise_on_sql", order_by="Term.position"
    )
    names: Mapped[list["OrganisationName"]] = relationship(
        lazy="raise_on_sql", order_by="OrganisationName.id", cascade="all, delete-orphan"
    )
    affiliations: Mapped[list["Affiliation"]] = relationship(
        lazy="raise_on_sql", back_populates="organisation"
    )


class OrganisationArea(Base):
    """An area that an organisation serves, wherever its office is."""

    __tablename__ = "organisation_areas"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"), primary_key=True, index=True)


class OrganisationName(Base):
    """Another name of an organisation: search finds it, its address leads to the organisation."""

    __tablename__ = "organisation_names"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[PrimaryKey]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[NameKind]
    slug: Mapped[str] = mapped_column(String(100), unique=True)


class Affiliation(Base):
    """Somebody works, or worked, for an organisation: in one role at a time.

    It says where people work and gives no rights; those come from a seat in a membership. Days are
    of the network's zone, both included.
    """

    __tablename__ = "affiliations"
    __table_args__ = (
        Index(
            "ix_affiliations_live",
            "person_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR starts_on <= ends_on", "days"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[str] = mapped_column(String(120), default="")  # In their words: "SEND lead".
    is_contact: Mapped[bool] = mapped_column(default=False)  # Whom the network writes to.
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(
        lazy="raise_on_sql", back_populates="affiliations"
    )
