"""What is kept about people who were checked, and about who can be talked to."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from netapp.kernel.db import DbSession
from netapp.kernel.personal_data import About, DataClass, Delete, Holding, Shared
from netapp.safeguarding.models import Check, CheckKind, SafeguardingContact


def _kind(session: DbSession, row: Check) -> Mapping[str, Any]:
    return {"Check": session.scalar(select(CheckKind.name).where(CheckKind.id == row.kind_id))}


HOLDINGS: Final[tuple[Holding | Shared, ...]] = (
    Holding(
        Check,
        {
            DataClass.TECHNICAL: "id key person_id kind_id noted_by_id",
            DataClass.IDENTITY: "seen_by",
            DataClass.ACTIVITY: "seen_on due_on noted_at reminded_on ended_at",
        },
        (
            About(
                of=lambda person: Check.person_id == person,
                title="Checks that were seen",
                why="So that young people are safe with whoever works with them.",
                until="Until you close your account. Never a copy, a number or a result.",
                closing=Delete(),
                reads=_kind,
                words={
                    "seen_on": "Seen on",
                    "seen_by": "Seen by",
                    "due_on": "Due again",
                    "ended_at": "Until",
                },
            ),
        ),
    ),
    *(Shared(model) for model in (CheckKind, SafeguardingContact)),
)
