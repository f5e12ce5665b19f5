"""Is everything in order? For /readyz and for whoever watches the machine.

Alembic keeps the schema's revision in a table and its successors in files. We read both by
ourselves: to load it, and all the migrations, would cost the web process 11 MB.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import String, column, select, table
from sqlalchemy.exc import DBAPIError

from netapp.kernel.db import DbSession
from netapp.kernel.revisions import Revision

WORKER_SILENT_AFTER = timedelta(minutes=2)
_PRESENT = select(column("version_num", String)).select_from(table("alembic_version"))
_NAMES = re.compile(r"^(down_)?revision\b[^=]*= *[\"'](\w+)[\"']", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; ``problem`` is empty where it is in order."""

    name: str
    problem: str = ""


def look(session: DbSession, *, migrations: Path, now: datetime) -> list[Finding]:
    """Look at the database and its schema. ``migrations`` is their folder."""
    try:
        session.execute(select(Revision.number).limit(1))
        here = set(session.scalars(_PRESENT))
    except DBAPIError:
        return [Finding("database", "does not answer, or is not ours")]
    schema = (
        "" if here == newest(migrations) else "is not up to date: run flask --app wsgi db upgrade"
    )
    return [Finding("database"), Finding("schema", schema)]


def newest(migrations: Path) -> set[str]:
    """The revisions in the folder that no other one follows."""
    all_there: set[str] = set()
    followed: set[str] = set()
    for path in (migrations / "versions").glob("*.py"):
        for is_former, revision in _NAMES.findall(path.read_text(encoding="utf-8")):
            (followed if is_former else all_there).add(revision)
    return all_there - followed
