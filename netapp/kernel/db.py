"""What every model and every operation shares: base class, column types, unit of work, guards.

The two databases differ in how they lock; what differs is in this module, both forms side by side.
"""

import enum
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    String,
    TypeDecorator,
    event,
    insert,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, scoped_session

from netapp.kernel.turns import Turns

DbSession: TypeAlias = Session | scoped_session[Any]
PrimaryKey = Annotated[int, mapped_column(primary_key=True)]

Value = TypeVar("Value")

AT_ONCE = 1000

LOCK_SECONDS = 15
"""How long a statement waits for a lock before the request is answered with 503."""


WRITING = ("INSERT", "UPDATE", "DELETE")
HAS_TURN = "has a turn"
OUT_OF_TURN = "out of turn"
"""In ``Connection.info``: it writes at once or not at all."""

SILENCE = {
    "connect_timeout": 10,  # Seconds.
    "tcp_user_timeout": 20_000,  # Milliseconds until what we sent must have arrived.
    "keepalives_idle": 20,  # Seconds of silence until we ask whether anybody is there …
    "keepalives_interval": 5,
    "keepalives_count": 3,  # … so often.
}
"""How long we wait for a PostgreSQL server that does not answer; options of libpq."""


class UtcDateTime(TypeDecorator[datetime]):
    """Aware in, UTC out. A naive datetime is a bug, so it is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime: {value!r}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcDateTime(),
        str: String(255),
        enum.Enum: Enum(
            enum.Enum, native_enum=False, length=32, values_callable=lambda e: [m.value for m in e]
        ),
    }


class DatabaseBusy(Exception):
    """Another writer held the lock for longer than ``LOCK_SECONDS``; trying again may work."""


@contextmanager
def unit_of_work(session: DbSession) -> Iterator[None]:
    """Commit if the block succeeds, roll back if anything at all is raised.

    Raises ``DatabaseBusy`` where the database gave up waiting for a lock.
    """
    try:
        yield
        session.commit()
    except BaseException as error:
        session.rollback()
        if is_lock_timeout(error):
            raise DatabaseBusy from error
        raise


def is_lock_timeout(error: BaseException) -> bool:
    """Whether the database gave up waiting: SQLITE_BUSY, SQLITE_LOCKED; PostgreSQL 55P03, 40P01."""
    if not isinstance(error, OperationalError):
        return False
    code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    return str(code).startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "40P01"))


def portions(values: Iterable[Value]) -> Iterator[list[Value]]:
    """As many at a time as one statement can name, on either database."""
    remaining = iter(values)
    while some := list(islice(remaining, AT_ONCE)):
        yield some


def insert_for(session: DbSession, table: Any) -> Any:
    """An INSERT that knows ``on_conflict_do_update`` and ``…_do_nothing``, on either database."""
    return insert_on(session.get_bind().dialect.name, table)


def insert_on(dialect: str, table: Any) -> Any:
    """The same for statements that are built once for each dialect."""
    forms = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    return forms.get(dialect, insert)(table)


def prepare_engine(engine: Engine) -> None:
    """Set on each new connection what this application relies on.

    SQLite opens its transaction at the first write (the driver's own way): do not add a listener
    that begins every transaction, a read would then hold an old snapshot and its write would fail.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        _write_in_turns(engine)
        if engine.url.database and engine.url.database != ":memory:":
            _watch_file(engine, Path(engine.url.database))
    else:
        event.listen(engine, "do_connect", _limit_waiting)
        event.listen(engine, "connect", _prepare_postgresql)


def _prepare_sqlite(connection: Any, record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA busy_timeout = {LOCK_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_size_limit = 67108864")
    cursor.close()


def _write_in_turns(engine: Engine) -> None:
    """The threads of a process wait for SQLite's one write lock in the order in which they came.

    SQLite itself lets each look again and again after pauses that grow to a tenth of a second: the
    lock stands idle meanwhile, and whoever has bad luck waits longest. A turn is over when the
    connection goes back to the pool. Other processes are waited for as before.
    """
    turns = Turns()

    def wait(connection: Connection, cursor: object, statement: str, *rest: object) -> None:
        held = connection.info
        if held.get(HAS_TURN) or held.get(OUT_OF_TURN) or not statement.startswith(WRITING):
            return
        if not turns.take(LOCK_SECONDS):
            busy = sqlite3.OperationalError("database is locked")
            busy.sqlite_errorname = "SQLITE_BUSY"
            raise OperationalError(statement, None, busy)
        held[HAS_TURN] = True

    def end(connection: object, record: Any) -> None:
        if record.info.pop(HAS_TURN, False):
            turns.give()

    event.listen(engine, "before_cursor_execute", wait)
    event.listen(engine, "checkin", end)


def _watch_file(engine: Engine, path: Path) -> None:
    """An open connection goes on with a file that was moved away or replaced, and whatever it
    writes is lost: so each use looks whether the file is still the one that was opened."""

    def remember(connection: Any, record: Any) -> None:
        record.info["file"] = path.stat().st_ino

    def compare(connection: Any, record: Any, proxy: object) -> None:
        try:
            same = path.stat().st_ino == record.info.get("file")
        except FileNotFoundError as lost:
            raise OperationalError("the database file is gone", None, lost) from lost
        if not same:
            raise DisconnectionError("the database file was replaced")  # The pool opens it anew.

    event.listen(engine, "connect", remember)
    event.listen(engine, "checkout", compare)


def _limit_waiting(dialect: object, record: object, args: object, options: dict[str, Any]) -> None:
    """A server that has vanished says nothing, and by default is waited for until the system gives
    up, which takes many minutes. What the address of the database says goes first."""
    for name, value in SILENCE.items():
        options.setdefault(name, value)


def _prepare_postgresql(connection: Any, record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        cursor.execute("SET timezone = 'UTC'")
    connection.commit()
