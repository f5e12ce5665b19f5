"""Consents that hold no more: what is left of them when what was kept by them has gone."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base, PrimaryKey


class ConsentEnd(enum.Enum):
    TAKEN_BACK = "taken-back"  # By whoever gave it.
    DELETED = "deleted"  # What it was for was over, and we deleted what was kept by it.
    REPLACED = "replaced"  # They agreed to other words about the same thing.


class PastConsent(Base):
    """To what somebody had agreed, from when to when. Nothing of what they told by it is here, nor
    for which event: this row shows that there was a consent, and that its end was heeded
    (UK GDPR articles 5(2) and 7(1)). Those that hold stand with what is kept by them.
    """

    __tablename__ = "past_consents"

    id: Mapped[PrimaryKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    what: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)  # The very words.
    version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime] = mapped_column(index=True)
    how: Mapped[ConsentEnd]
