"""Controlled lists: the same terms tag events, people, offers and resources."""

import enum

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base, PrimaryKey


class TermKind(enum.Enum):
    CIRCUMSTANCE = "circumstance"
    SETTING = "setting"
    YOUTH_MUSIC_CATEGORY = "youth_music_category"
    AREA = "area"  # Where people work: the countries of the UK and the regions of England.
    LOCAL_AUTHORITY = "local_authority"  # Councils, as areas that organisations serve.
    ORGANISATION_TYPE = "organisation_type"
    REMIT = "remit"  # Whom an organisation is there for: everybody, or some.
    GENRE = "genre"
    APPROACH = "approach"
    SKILL = "skill"
    LANGUAGE = "language"


class Term(Base):
    __tablename__ = "terms"

    id: Mapped[PrimaryKey]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    label: Mapped[str] = mapped_column(String(120))
    kind: Mapped[TermKind]
    position: Mapped[int]
    abbreviations: Mapped[list[str]] = mapped_column(JSON, default=list)
    synonyms: Mapped[list[str]] = mapped_column(JSON, default=list)
