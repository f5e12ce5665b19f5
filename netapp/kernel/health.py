"""Is everything in order? For /readyz and for whoever watches the machine."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from netapp.kernel.db import DbSession
from netapp.kernel.revisions import Revision

WORKER_SILENT_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; ``problem`` is empty where it is in order."""

    name: str
    problem: str = ""


def look(session: DbSession, *, migrations: str, now: datetime) -> list[Finding]:
    """Look at the database and its schema; never raises."""
    try:
        session.execute(select(Revision.number).limit(1))
        here = MigrationContext.configure(session.connection()).get_current_revision()
        newest = ScriptDirectory(migrations).get_current_head()
    except DBAPIError:
        return [Finding("database", "does not answer, or is not ours")]
    schema = "" if here == newest else "is not up to date: run flask --app wsgi db upgrade"
    return [Finding("database"), Finding("schema", schema)]
