"""What was changed in one go, cell by cell, so that it can be undone for a time.

A row of ``changes`` is one act on a person or an organisation, with the cells that it changed as
they were and as it left them. Undoing puts back each cell that still is as the act left it, the
last one first, so that it walks through the same states backwards: no constraint can be in the
way that was not in the way before. The rows go when their time is over (see privacy/retention).
"""

import base64
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
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
    """Cells of one row that changed together: where it is, what they said and say since. Nothing
    in ``old``: the row is new; nothing in ``new``: it was deleted."""

    __tablename__ = "change_moves"

    id: Mapped[PrimaryKey]
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"), index=True)
    place: Mapped[str] = mapped_column(String(80))  # The table.
    row: Mapped[dict[str, Any]] = mapped_column(JSON)  # Its primary key afterwards.
    old: Mapped[dict[str, Any]] = mapped_column(JSON)  # By column.
    new: Mapped[dict[str, Any]] = mapped_column(JSON)


Row: TypeAlias = tuple[tuple[str, Any], ...]
"""The primary key of a row, column by column."""

Picture: TypeAlias = Mapping[str, Mapping[Row, Mapping[str, Any]]]
"""Rows as JSON can say them: by table and key."""


class Journal:
    """Changes cells and writes down how they were. The caller holds what guards them."""

    def __init__(self, session: DbSession, change: Change) -> None:
        self.session, self.change = session, change

    def set(self, table: Table, row: Mapping[str, Any], cell: str, new: Any, **along: Any) -> None:
        """``row`` is the primary key; ``along``: other cells of it that must change in the same
        statement. Nothing is written of what says that already. Raises ``NotFound``,
        ``IntegrityError``."""
        cells = {cell: new, **along}
        here = here_in(table, row)
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

    def note(self, before: Picture, after: Picture, *, adds_to: Collection[str]) -> None:
        """Write down what an act has changed: from one picture of some rows to the other. Undone
        in reverse: first what is new goes, last what was deleted comes back. ``adds_to``: the
        tables to which the act adds rows; what is new in others is somebody else's."""
        for place, rows in before.items():
            for row, old in rows.items():
                if row not in after[place]:
                    self._add(place, row, old, {})
        for place, rows in before.items():
            for row, old in rows.items():
                new = after[place].get(row, old)
                changed = {name for name in old if old[name] != new[name]} - {"version"}
                if changed:
                    self._add(
                        place,
                        row,
                        {name: old[name] for name in changed},
                        {name: new[name] for name in changed},
                    )
        for place, rows in after.items():
            for row, new in rows.items():
                if place in adds_to and row not in before[place]:
                    self._add(place, row, {}, new)
        self.session.flush()

    def _add(self, place: str, row: Row, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        self.session.add(
            Move(
                change_id=self.change.id,
                place=place,
                row=dict(row),
                old=dict(old),
                new=dict(new),
            )
        )


def picture(session: DbSession, wanted: Iterable[tuple[Table, ColumnElement[bool]]]) -> Picture:
    """What these rows of these tables say now."""
    session.flush()
    found: dict[str, dict[Row, dict[str, Any]]] = {}
    for table, which in wanted:
        rows = found.setdefault(table.name, {})
        for each in session.execute(select(table).where(which)).mappings():
            cells = {column.name: packed(each[column]) for column in table.columns}
            key = tuple((column.name, cells[column.name]) for column in table.primary_key)
            rows[key] = cells
    return found


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


def row_of(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A primary key as the database has it."""
    return {name: unpacked(table.c[name], value) for name, value in row.items()}


def here_in(table: Table, row: Mapping[str, Any]) -> Any:
    """The condition that it is this row."""
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
