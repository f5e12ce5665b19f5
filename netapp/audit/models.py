"""Who did what on behalf of others. Rows are only ever added; the database refuses the rest."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base, PrimaryKey


class AuditLine(Base):
    """Names nobody by foreign key: a line outlives the person and the thing it speaks of."""

    __tablename__ = "audit_lines"
    __table_args__ = (
        Index("ix_audit_lines_subject", "subject"),
        Index("ix_audit_lines_at", "at"),
    )

    id: Mapped[PrimaryKey]
    at: Mapped[datetime]
    actor_id: Mapped[int | None]  # None: the command line or the worker.
    actor_name: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(60))  # noun.verb, e.g. booking.cancel
    subject: Mapped[str] = mapped_column(String(80))  # e.g. event:k3v9…, person:h7t2…
    summary: Mapped[str] = mapped_column(String(500))
    reason: Mapped[str] = mapped_column(String(500), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
