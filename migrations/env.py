"""Run by `flask --app wsgi db …`: brings the database of the application to a revision."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from netapp.extensions import db


def include_object(thing: object, name: str | None, kind: str, *rest: object) -> bool:
    """Search tables that SQLite keeps by itself are not ours to compare."""
    return not (kind == "table" and str(name).startswith("sqlite_"))


@contextmanager
def rebuilding(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew and dropping the old one, which nothing may point
    at meanwhile: https://www.sqlite.org/lang_altertable.html#otheralter. The switch holds for
    the connection, and only outside a transaction."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.rollback()
    try:
        yield
        if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise RuntimeError(f"A migration left a row that points at nothing: {broken}")
    finally:
        connection.rollback()
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")


def run() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection, rebuilding(connection):
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
