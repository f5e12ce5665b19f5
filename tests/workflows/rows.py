"""A row of any table, so that a test about all tables forgets none."""

import enum
from datetime import date
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Integer, LargeBinary, String, Table, select
from sqlalchemy import Enum as EnumType
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from netapp.kernel.db import UtcDateTime
from netapp.kernel.tokens import new_key
from tests.factories import NOW

AS_THEY_ARE = {"people", "bookings", "attendees", "places", "memberships", "group_members"}
"""Made by what makes them in earnest: they hang together in more than one way."""

SEALED = {"access_profiles", "access_requests"}
"""What they hold is opened by a merge, so it must be sealed in earnest, too."""


def add_row(session: Session, column: Column[Any], person_id: int, stranger: int) -> bool:
    """A row whose ``column`` names this person, and others the stranger; or, where it may name
    nobody, any row that names nobody yet. False where the database refuses: there can be only one,
    or it asks for more than types say."""
    table = column.table
    assert isinstance(table, Table)
    try:
        with session.begin_nested():
            if table.name not in AS_THEY_ARE | SEALED:
                _insert(session, table, {column.name: person_id}, stranger)
                return True
    except IntegrityError:
        pass
    return bool(column.nullable) and _name_in_a_row(session, table, column, person_id)


def _name_in_a_row(session: Session, table: Table, column: Column[Any], person_id: int) -> bool:
    keys = list(table.primary_key)
    found = session.execute(select(*keys).where(column.is_(None)).limit(1)).one_or_none()
    if found is None or column.name in ("person_id", "merged_into_id"):
        return False
    here = (key == value for key, value in zip(keys, found, strict=True))
    session.execute(table.update().where(*here).values({column.name: person_id}))
    return True


def _insert(session: Session, table: Table, given: dict[str, Any], stranger: int) -> None:
    values = dict(given)
    for column in table.columns:
        if column.name not in values and not _comes_by_itself(column):
            values[column.name] = _value(session, column, stranger)
    session.execute(table.insert().values(values))


def _comes_by_itself(column: Column[Any]) -> bool:
    if column.foreign_keys:
        return bool(column.nullable) and not column.primary_key
    is_number = column.primary_key and isinstance(column.type, Integer)
    return is_number or bool(column.nullable) or column.default is not None


def _value(session: Session, column: Column[Any], stranger: int) -> Any:
    for key in column.foreign_keys:
        if key.column.table.name == "people":
            return stranger
        found = session.execute(select(key.column).limit(1)).scalar()
        if found is None:
            _insert(session, key.column.table, {}, stranger)
            found = session.execute(select(key.column).limit(1)).scalar_one()
        return found
    match column.type:
        case EnumType(enum_class=kind) if kind is not None and issubclass(kind, enum.Enum):
            return next(iter(kind))
        case Boolean():
            return False
        case Integer():
            return 1
        case UtcDateTime():
            return NOW
        case Date():
            return date(2027, 1, 1)
        case LargeBinary():
            return new_key().encode()
        case JSON():
            return []
        case String(length=length):
            return new_key()[: length or 12]
    raise AssertionError(f"no value for {column}")
