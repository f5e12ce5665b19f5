"""Rows by the thousand, without making objects of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update

from netapp.kernel.db import Base, DbSession, portions

Row = Mapping[str, Any]


def update_rows(session: DbSession, model: type[Base], rows: Sequence[Row]) -> None:
    """``rows`` all name the same columns, with the number of the row as ``id``."""
    if not rows:
        return
    table = table_of(model)
    named: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name != "id"}
    statement = update(table).where(table.c.id == bindparam("of_id")).values(**named)
    values = [
        {("of_id" if name == "id" else f"new_{name}"): value for name, value in row.items()}
        for row in rows
    ]
    session.connection().execute(statement, values)


def insert_rows(session: DbSession, model: type[Base], rows: Sequence[Row]) -> None:
    """``rows`` all name the same columns; the others get what the model gives new ones."""
    for some in portions(rows):
        session.execute(insert(table_of(model)), some)


def insert_keyed(session: DbSession, model: type[Base], rows: Sequence[Row]) -> dict[str, int]:
    """As ``insert_rows``, for tables with a ``key``: by it the number that each row was given.
    To ask for them afterwards is quicker than to have them returned, on either database."""
    insert_rows(session, model, rows)
    return ids_of(session, model, [row["key"] for row in rows])


def ids_of(session: DbSession, model: type[Base], keys: Sequence[str]) -> dict[str, int]:
    """Of those that are there."""
    table = table_of(model)
    found: dict[str, int] = {}
    for some in portions(keys):
        wanted = select(table.c.key, table.c.id).where(table.c.key.in_(some))
        found |= {row.key: row.id for row in session.execute(wanted)}
    return found


def table_of(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
