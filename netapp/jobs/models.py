"""Leases: which worker has which kind of work, until when, and when it is due again."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base

LEASE: Final = timedelta(seconds=60)
"""How long the work of a worker that died is left alone."""

LONGEST_PAUSE: Final = timedelta(minutes=10)


class JobState(Base):
    """One row a kind of work. ``leased_until`` in the past: anyone may take it.

    Both questions allow for a clock that was set back: a moment later than anybody could have
    written down does not count.
    """

    __tablename__ = "job_states"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    holder: Mapped[str] = mapped_column(String(60), default="")
    leased_until: Mapped[datetime | None]
    last_run_at: Mapped[datetime | None]  # When it last came to an end, well or not.
    next_run_at: Mapped[datetime | None]  # None: at once.
    failures: Mapped[int] = mapped_column(default=0)  # In a row.
    last_error: Mapped[str] = mapped_column(String(500), default="")  # "" after a good run.

    def is_free(self, now: datetime, holder: str = "") -> bool:
        """Also for its own holder, who does one thing at a time and so has dropped it: its
        connection broke before it could give the work back."""
        if self.leased_until is None or (holder and self.holder == holder):
            return True
        return not now < self.leased_until <= now + LEASE

    def is_due(self, now: datetime, every: timedelta) -> bool:
        latest = now + max(every, LONGEST_PAUSE)
        return self.next_run_at is None or not now < self.next_run_at <= latest
