"""What would help somebody take part: apart from their booking, read by few, kept briefly."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base, PrimaryKey
from netapp.people.models import ProfileKind


class NeedState(enum.Enum):
    NEW = "new"
    ANSWERED = "answered"


class AccessNeed(Base):
    """Special category data (UK GDPR article 9): explicit consent, sealed text, a date to go.

    What one person on a booking told this event, and whether they share what they keep in their
    profile with it: that is not copied, but read there. Each reading is logged in the audit lines;
    deleted ``needs_keep_days`` after the last session.
    """

    __tablename__ = "access_needs"
    __table_args__ = (UniqueConstraint("booking_id", "person_id", "kind"),)

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[ProfileKind] = mapped_column(default=ProfileKind.ACCESS)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # For this event only; may be empty.
    consent_version: Mapped[str] = mapped_column(String(20))
    consented_at: Mapped[datetime]
    shared_at: Mapped[datetime | None]  # Since when they share their profile; None: they do not.
    changed_at: Mapped[datetime]
    state: Mapped[NeedState] = mapped_column(default=NeedState.NEW)
    answered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)  # Of what can be read, profile and all.


class RequestKind(enum.Enum):
    """What must be booked long before: see ``Event.ask_days``."""

    BSL = "bsl"
    CAPTIONS = "captions"


class RequestState(enum.Enum):
    NEW = "new"
    BOOKED = "booked"
    NOT_POSSIBLE = "not_possible"


class AccessRequest(Base):
    """Somebody asks for an interpreter or captions; it ends as booked or with an answer in words.

    Special category data like ``AccessNeed``, deleted with it. What is asked for is sealed;
    ``mark`` is a keyed hash of it, so that each is asked for once.
    """

    __tablename__ = "access_requests"
    __table_args__ = (UniqueConstraint("booking_id", "mark"),)

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    mark: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # What is asked for, and the answer.
    consent_version: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime]
    state: Mapped[RequestState] = mapped_column(default=RequestState.NEW)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)
