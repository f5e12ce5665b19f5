"""Who may book before booking opens for everyone."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base, PrimaryKey


class WindowFor(enum.Enum):
    MEMBERS = "members"
    AREA = "area"  # People who say that they work there.
    FIRST_TIMERS = "first_timers"  # People who have not been to anything of ours yet.


class BookingWindow(Base):
    """From when some people may book an event, earlier than everyone.

    Everyone else books from ``Event.booking_opens_at``. The order of the windows is also the order
    of the waiting list: see ``Place.window_rank``.
    """

    __tablename__ = "booking_windows"
    __table_args__ = (
        CheckConstraint("(who = 'area') = (area IS NOT NULL)", name="area_of_area_windows"),
    )

    id: Mapped[PrimaryKey]
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    who: Mapped[WindowFor]
    area: Mapped[str | None] = mapped_column(String(80), ForeignKey("terms.slug"))
    opens_at: Mapped[datetime]
