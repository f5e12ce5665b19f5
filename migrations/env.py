"""Run by `flask --app wsgi db …`: brings the database of the application to a revision."""

from alembic import context
from flask import current_app

from netapp.extensions import db


def include_object(thing: object, name: str | None, kind: str, *rest: object) -> bool:
    """Search tables that SQLite keeps by itself are not ours to compare."""
    return not (kind == "table" and str(name).startswith("sqlite_"))


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            include_object=include_object,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
