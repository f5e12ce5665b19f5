"""Who helps with one event, without being a coordinator."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base


class HelperRole(enum.Enum):
    EVENTS_HELPER = "events_helper"  # Edits the event and looks after its bookings.
    DOOR = "door"  # Has the sign-in sheet, and nothing else.


class EventHelper(Base):
    """One person's part in one event. What it opens is asked for on each request."""

    __tablename__ = "event_helpers"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    role: Mapped[HelperRole]
    reads_needs: Mapped[bool] = mapped_column(default=False)  # Of events helpers alone.
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
