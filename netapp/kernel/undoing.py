"""Undo a change: cell by cell, the last one first; what was changed since is left alone."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from netapp.kernel.changes import Change, Move, here_in, packed, row_of, unpacked
from netapp.kernel.db import Base, DbSession

VERSION = "version"
"""Of a row: that it was written to says nothing by itself, and is put back only if it was not."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What undoing left alone: it was changed since, or something new is in the way."""

    place: str
    cells: str


def is_as_left(session: DbSession, change_id: int) -> bool:
    """Whether every cell still is as the change left it, where it touched each once."""
    moves = session.scalars(select(Move).where(Move.change_id == change_id))
    return all(_is_as_left(session, move) for move in moves)


def undo(session: DbSession, change: Change) -> list[Kept]:
    """Put back what still is as it was left; says what is not. Call ``claim`` first."""
    session.flush()
    moves = session.scalars(
        select(Move).where(Move.change_id == change.id).order_by(Move.id.desc())
    ).all()
    kept = [
        Kept(move.place, ", ".join(move.new))
        for move in moves
        if not _is_as_left(session, move) or not _put_back(session, move)
    ]
    session.expire_all()
    return kept


def _put_back(session: DbSession, move: Move) -> bool:
    """False where the database does not take it: something new is in its place."""
    table = Base.metadata.tables[move.place]
    here = here_in(table, row_of(table, move.row))
    old = {name: unpacked(table.c[name], value) for name, value in move.old.items()}
    now = _now(session, move) if move.new else None
    if now is not None and now.get(VERSION) != move.new.get(VERSION):
        old.pop(VERSION, None)
    try:
        with session.begin_nested():
            if not move.old:
                session.execute(delete(table).where(here))
            elif not move.new:
                session.execute(insert(table).values(old))
            elif old:
                session.execute(update(table).where(here).values(old))
    except IntegrityError:
        return False
    return True


def _is_as_left(session: DbSession, move: Move) -> bool:
    if move.new:
        now = _now(session, move)
        return now is not None and _apart_from_version(now) == _apart_from_version(move.new)
    table = Base.metadata.tables[move.place]
    here = here_in(table, row_of(table, move.row))
    return session.execute(select(*table.primary_key).where(here)).one_or_none() is None


def _apart_from_version(cells: dict[str, Any]) -> dict[str, Any]:
    """Of a row that is new, that it was written to again says nothing by itself."""
    return {name: value for name, value in cells.items() if name != VERSION}


def _now(session: DbSession, move: Move) -> dict[str, Any] | None:
    """What its cells say; None where the row is gone."""
    table = Base.metadata.tables.get(move.place)
    if table is None or not set(move.new) <= set(table.c.keys()):
        return None
    here = here_in(table, row_of(table, move.row))
    found = session.execute(select(*(table.c[name] for name in move.new)).where(here)).one_or_none()
    if found is None:
        return None
    return {name: packed(value) for name, value in zip(move.new, found, strict=True)}
