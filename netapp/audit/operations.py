"""Write an audit line in the transaction of the act itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from netapp.audit.models import AuditLine
from netapp.kernel.db import DbSession


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, or (without an id) the command line or the worker."""

    id: int | None
    name: str


COMMAND_LINE = Actor(None, "Command line")
WORKER = Actor(None, "Worker")


def record(
    session: DbSession,
    *,
    actor: Actor,
    action: str,
    subject: str,
    summary: str,
    now: datetime,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """``summary`` is one sentence for a coordinator to read; never access needs, never secrets."""
    session.add(
        AuditLine(
            at=now,
            actor_id=actor.id,
            actor_name=actor.name[:120],
            action=action,
            subject=subject,
            summary=summary[:500],
            reason=reason[:500],
            detail=detail or {},
        )
    )
