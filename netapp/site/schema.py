"""The schema of the database, brought up to date by `serve` and `db`. For commands only: a web
server needs nothing of it, and Alembic is 11 MB."""

from collections.abc import Callable
from typing import Any

from alembic import command
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from flask_migrate import Migrate
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from netapp.site.errors import DatabaseAway, DatabaseNewer

migrate = Migrate(render_as_batch=True)


def bring_up_to_date(engine: Engine, config: Any, say: Callable[[str], None]) -> None:
    """Bring the database to the newest revision; `config` is Alembic's.

    Raises DatabaseAway, DatabaseNewer.
    """
    try:
        newest = set(ScriptDirectory.from_config(config).get_heads())
        with engine.connect() as connection:
            present = set(MigrationContext.configure(connection).get_current_heads())
        if present == newest:
            return
        say("Bringing the database up to date ..." if present else "Making the database ...")
        command.upgrade(config, "head")
    except OperationalError as away:
        first_line = str(away.orig).strip().partition("\n")[0]
        raise DatabaseAway(f"The database cannot be reached: {first_line}.") from away
    except CommandError as unknown:
        raise DatabaseNewer(
            f"The database does not fit this version of the platform ({unknown})."
            " Was it made by a newer one?"
        ) from unknown
