"""What was changed in one go, cell by cell, so that it can be undone for a time.

A row of ``changes`` is one act on a person or an organisation, with the cells that it changed as
they were and as it left them. Undoing puts back each cell that still is as the act left it, the
last one first, so that it walks through the same states backwards: no constraint can be in the
way that was not in the way before. The rows go when their time is over (see privacy/retention).
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    and_,
    select,
    update,
)
from sqlalchemy import Enum as EnumType
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base, DbSession, PrimaryKey, UtcDateTime
from netapp.kernel.errors import NotFound
from netapp.kernel.tokens import new_key

LONGEST_WORDS: Final = 500


class Change(Base):
    """``subject`` and ``other`` are as in the activity log, ``person:h7t2…``: of a merge, what
    stays and what goes."""

    __tablename__ = "changes"
    __table_args__ = (
        Index("ix_changes_subject", "subject"),
        Index("ix_changes_other", "other"),
        Index("ix_changes_at", "at"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(40))  # noun.verb, e.g. person.edit
    subject: Mapped[str] = mapped_column(String(80))
    other: Mapped[str] = mapped_column(String(80), default="")
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    at: Mapped[datetime]
    by_name: Mapped[str] = mapped_column(String(120))
    undone_at: Mapped[datetime | None]


class Move(Base):
    """Cells of one row that changed together: where it is, what they said and say since."""

    __tablename__ = "change_moves"

    id: Mapped[PrimaryKey]
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"), index=True)
    place: Mapped[str] = mapped_column(String(80))  # The table.
    row: Mapped[dict[str, Any]] = mapped_column(JSON)  # Its primary key afterwards.
    old: Mapped[dict[str, Any]] = mapped_column(JSON)  # By column.
    new: Mapped[dict[str, Any]] = mapped_column(JSON)


@dataclass(frozen=True, slots=True)
class Kept:
    """What undoing left alone: it was changed since, or something new is in the way."""

    place: str
    cells: str


class Journal:
    """Changes cells and writes down how they were. The caller holds what guards them."""

    def __init__(self, session: DbSession, change: Change) -> None:
        self.session, self.change = session, change

    def set(self, table: Table, row: Mapping[str, Any], cell: str, new: Any, **along: Any) -> None:
        """``row`` is the primary key; ``along``: other cells of it that must change in the same
        statement. Nothing is written of what says that already. Raises ``NotFound``,
        ``IntegrityError``."""
        cells = {cell: new, **along}
        here = _here(table, row)
        found = self.session.execute(select(*(table.c[name] for name in cells)).where(here))
        was = found.one_or_none()
        if was is None:
            raise NotFound
        changed = {
            name: (old, cells[name])
            for name, old in zip(cells, was, strict=True)
            if old != cells[name]
        }
        if not changed:
            return
        values = {name: value for name, (_, value) in changed.items()}
        self.session.execute(update(table).where(here).values(values))
        after = {name: values.get(name, value) for name, value in row.items()}
        self.session.add(
            Move(
                change_id=self.change.id,
                place=table.name,
                row={name: packed(value) for name, value in after.items()},
                old={name: packed(old) for name, (old, _) in changed.items()},
                new={name: packed(value) for name, value in values.items()},
            )
        )
        self.session.flush()


def begin(
    session: DbSession,
    *,
    kind: str,
    subject: str,
    words: str,
    by_name: str,
    now: datetime,
    other: str = "",
) -> Journal:
    """``words``: one sentence that says what was done, for whoever may undo it."""
    change = Change(
        key=new_key(),
        kind=kind,
        subject=subject,
        other=other,
        words=words[:LONGEST_WORDS],
        at=now,
        by_name=by_name[:120],
    )
    session.add(change)
    session.flush()
    return Journal(session, change)


def find(session: DbSession, key: str) -> Change | None:
    return session.scalar(
        select(Change).where(Change.key == key), execution_options={"populate_existing": True}
    )


def changes_of(session: DbSession, subject: str, *, since: datetime) -> Sequence[Change]:
    """What was done to it that is not undone, the newest first."""
    return session.scalars(
        select(Change)
        .where(Change.subject == subject, Change.at > since, Change.undone_at.is_(None))
        .order_by(Change.at.desc(), Change.id.desc())
    ).all()


def is_as_left(session: DbSession, change_id: int) -> bool:
    """Whether every cell still is as the change left it, where it touched each once."""
    moves = session.scalars(select(Move).where(Move.change_id == change_id))
    return all(_now(session, move) == move.new for move in moves)


def claim(session: DbSession, change: Change, now: datetime) -> bool:
    """Whether it was for the caller to undo: one UPDATE decides between two who try."""
    claimed = session.scalar(
        update(Change)
        .where(Change.id == change.id, Change.undone_at.is_(None))
        .values(undone_at=now)
        .returning(Change.id)
        .execution_options(synchronize_session=False)
    )
    return claimed is not None


def undo(session: DbSession, change: Change) -> list[Kept]:
    """Put back what still is as it was left; says what is not. Call ``claim`` first."""
    session.flush()
    moves = session.scalars(
        select(Move).where(Move.change_id == change.id).order_by(Move.id.desc())
    ).all()
    kept = [
        Kept(move.place, ", ".join(move.new))
        for move in moves
        if _now(session, move) != move.new or not _put_back(session, move)
    ]
    session.expire_all()
    return kept


def _put_back(session: DbSession, move: Move) -> bool:
    """False where the database does not take it: something new is in its place."""
    table = Base.metadata.tables[move.place]
    old = {name: unpacked(table.c[name], value) for name, value in move.old.items()}
    try:
        with session.begin_nested():
            session.execute(update(table).where(_here(table, _row(table, move.row))).values(old))
    except IntegrityError:
        return False
    return True


def _now(session: DbSession, move: Move) -> dict[str, Any] | None:
    """What its cells say; None where the row is gone."""
    table = Base.metadata.tables.get(move.place)
    if table is None or not set(move.new) <= set(table.c.keys()):
        return None
    here = _here(table, _row(table, move.row))
    found = session.execute(select(*(table.c[name] for name in move.new)).where(here)).one_or_none()
    if found is None:
        return None
    return {name: packed(value) for name, value in zip(move.new, found, strict=True)}


def _row(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: unpacked(table.c[name], value) for name, value in row.items()}


def _here(table: Table, row: Mapping[str, Any]) -> Any:
    return and_(*(table.c[name] == value for name, value in row.items()))


def packed(value: Any) -> Any:
    """As JSON can say it."""
    match value:
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode()
    return value


def unpacked(column: Column[Any], value: Any) -> Any:
    """What ``packed`` was given, as the column has it."""
    if value is None:
        return None
    match column.type:
        case UtcDateTime():
            return datetime.fromisoformat(value)
        case Date():
            return date.fromisoformat(value)
        case LargeBinary():
            return base64.b64decode(value)
        case EnumType(enum_class=enum_class) if enum_class is not None:
            return enum_class(value)
    return value
