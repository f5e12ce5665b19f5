"""The kinds of check that a network begins with."""

from typing import Any, Final

from sqlalchemy import select

from netapp.kernel.db import DbSession
from netapp.safeguarding.models import CheckKind

STARTING_KINDS: Final[tuple[dict[str, Any], ...]] = (
    {
        "slug": "dbs-enhanced",
        "name": "Enhanced DBS certificate",
        "hint": "For whoever teaches, trains or supervises children regularly.",
        "months": 36,
    },
    {
        "slug": "dbs-update-service",
        "name": "DBS Update Service, status looked up",
        "hint": "With their consent, online. Look again each year.",
        "months": 12,
    },
    {
        "slug": "safeguarding-training",
        "name": "Safeguarding training",
        "hint": "Any level; say which in your own records.",
        "months": 24,
    },
    {
        "slug": "references",
        "name": "Two references",
        "hint": "Taken up before the first session.",
        "months": None,
    },
)


def load_kinds(session: DbSession) -> int:
    """Add those that are missing; returns how many."""
    known = set(session.scalars(select(CheckKind.slug)))
    missing = [
        CheckKind(position=position, **values)
        for position, values in enumerate(STARTING_KINDS, start=1)
        if values["slug"] not in known
    ]
    session.add_all(missing)
    session.flush()
    return len(missing)
