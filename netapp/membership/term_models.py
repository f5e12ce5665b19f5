"""What was told about a term, and when somebody last said that what we know is still true."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base


class Notice(Base):
    """A mail about the end of a term that was sent, or passed over because a later one was due.

    ``notice`` is the number of days after the last day (``-60``, ``0``, ``14``), or ``lapse``.
    """

    __tablename__ = "membership_notices"

    membership_id: Mapped[int] = mapped_column(
        ForeignKey("memberships.id", ondelete="CASCADE"), primary_key=True
    )
    notice: Mapped[str] = mapped_column(String(10), primary_key=True)
    at: Mapped[datetime]


class StillTrue(Base):
    """Once a year a member is asked whether their profile, access profile and consents still
    hold."""

    __tablename__ = "membership_still_true"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    asked_at: Mapped[datetime | None] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]
