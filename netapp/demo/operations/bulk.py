"""Rows by the thousand: ids known beforehand, written without making objects of them."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Table, func, insert, select

from netapp.kernel.db import Base, DbSession

AT_ONCE = 2000

Row = dict[str, Any]


def reserve_ids(session: DbSession, model: type[Base], number: int) -> Iterator[int]:
    """Ids that nobody else is given.

    PostgreSQL counts in a sequence, which is moved on; SQLite takes the highest id plus one, and
    the caller's earlier write keeps everybody else from writing.
    """
    table = _table(model)
    if session.get_bind().dialect.name == "postgresql":
        counter = func.pg_get_serial_sequence(table.name, "id")
        first = session.scalar(select(func.nextval(counter))) or 1
        session.execute(select(func.setval(counter, first + number - 1)))
    else:
        first = (session.scalar(select(func.max(table.c.id))) or 0) + 1
    return iter(range(first, first + number))


def insert_rows(session: DbSession, model: type[Base], rows: Iterable[Row]) -> int:
    """Insert rows that all name the same columns; returns how many."""
    statement = insert(_table(model))
    written = 0
    remaining = iter(rows)
    while chunk := list(islice(remaining, AT_ONCE)):
        session.execute(statement, chunk)
        written += len(chunk)
    return written


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
