"""What would help somebody take part: apart from their booking, read by few, kept briefly."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base, PrimaryKey


class NeedState(enum.Enum):
    NEW = "new"
    ANSWERED = "answered"


class AccessNeed(Base):
    """Special category data (UK GDPR article 9): explicit consent, sealed text, a date to go.

    Each reading is logged in the audit lines; deleted ``needs_keep_days`` after the last session.
    """

    __tablename__ = "access_needs"

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    consent_version: Mapped[str] = mapped_column(String(20))
    consented_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    state: Mapped[NeedState] = mapped_column(default=NeedState.NEW)
    answered_at: Mapped[datetime | None]
