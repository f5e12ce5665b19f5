"""What happened to an application, kept line by line."""

from datetime import datetime

from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.membership.application_models import Application, ApplicationStep, StepKind


def note_step(
    session: DbSession,
    application: Application,
    kind: StepKind,
    *,
    actor: Actor | None,
    now: datetime,
    words: str = "",
    name: str = "",
) -> None:
    """Keep that something happened; ``name`` where it was nobody of the network."""
    session.add(
        ApplicationStep(
            application_id=application.id,
            at=now,
            kind=kind,
            actor_id=actor.id if actor else None,
            actor_name=(actor.name if actor else name)[:120],
            words=words,
        )
    )
    session.flush()
