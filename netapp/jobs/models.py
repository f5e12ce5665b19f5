"""Leases: which worker has which kind of work, until when, and when it is due again."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base


class JobState(Base):
    """One row a kind of work. ``leased_until`` in the past: anyone may take it."""

    __tablename__ = "job_states"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    holder: Mapped[str] = mapped_column(String(60), default="")
    leased_until: Mapped[datetime | None]
    last_run_at: Mapped[datetime | None]  # When it last came to an end, well or not.
    next_run_at: Mapped[datetime | None]  # None: at once.
    failures: Mapped[int] = mapped_column(default=0)  # In a row.
    last_error: Mapped[str] = mapped_column(String(500), default="")  # "" after a good run.
