"""Two people turn out to be one: what points at people, and how each follows.

Each package says it of its own columns in ``person_references.py``; a test compares that with the
schema, so that no column is forgotten. A merge goes through the declarations and writes each cell
that it changes into a journal (see ``changes``).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeAlias, cast

from sqlalchemy import ColumnElement, Table, select, true
from sqlalchemy.orm import InstrumentedAttribute

from netapp.kernel.changes import Journal
from netapp.kernel.db import DbSession

Cell: TypeAlias = InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class When:
    """The moment of the merge, and its day in the network's zone."""

    now: datetime
    today: date


End: TypeAlias = Callable[[When, Any], Any]
"""From the moment and what a cell says to what it says of a thing of the past."""

Lend: TypeAlias = Callable[[Any, Any], Any]
"""From what the row that stays says, and the one that goes, to what holds of both."""


@dataclass(frozen=True, slots=True)
class Once:
    """Of some rows there can be only one for a person: for each value of ``per``, ``among`` those
    of a condition.

    Where both have one, that of the person who stays is kept, with what ``lend`` takes from the
    other. The other gets the values of ``ends`` and follows as a thing of the past; without
    ``ends`` it stays behind, with the row of who was merged, until the undoing is over.
    """

    per: tuple[Cell, ...] = ()
    among: ColumnElement[bool] = field(default_factory=true)
    ends: Mapping[str, End] = field(default_factory=dict)
    lend: Mapping[str, Lend] = field(default_factory=dict)
    words: str = ""  # For the preview: "Both have a seat of one organisation: one stays."


@dataclass(frozen=True, slots=True)
class Follows:
    """A column that names the kept person after a merge. ``one`` and ``many`` count its rows for
    the preview; empty: not worth a line. ``apart``: a column of the same row that must name
    somebody else; where it would not, the row stays behind."""

    column: Cell
    one: str = ""
    many: str = ""
    once: Once | None = None
    apart: Cell | None = None


@dataclass(frozen=True, slots=True)
class StaysBehind:
    """A column that goes on naming who was merged, whose row nobody signs in with; or one that a
    package moves by itself, with a rule of its own."""

    column: Cell
    why: str
    is_moved: bool = False


Reference: TypeAlias = Follows | StaysBehind


@dataclass(frozen=True, slots=True)
class Clash:
    """Rows, by primary key, of two people of which there can be only one."""

    gone: Mapping[str, Any]
    kept: Mapping[str, Any]


def count(session: DbSession, rule: Follows, person_id: int) -> int:
    return len(_rows(session, rule, person_id))


def clashes(session: DbSession, rule: Follows, *, gone: int, kept: int) -> list[Clash]:
    if rule.once is None:
        return []
    there = dict(_with_per(session, rule, kept, rule.once))
    return [
        Clash(row, there[per])
        for per, row in _with_per(session, rule, gone, rule.once)
        if per in there
    ]


def follow(journal: Journal, rule: Follows, *, gone: int, kept: int, when: When) -> None:
    """Everything of this column that names ``gone`` names ``kept``, or stays behind."""
    session, table = journal.session, table_of(rule.column)
    session.flush()
    behind: list[Mapping[str, Any]] = []
    for clash in clashes(session, rule, gone=gone, kept=kept):
        once = cast(Once, rule.once)
        for cell, lend in once.lend.items():
            mine, theirs = (_cell(session, table, row, cell) for row in (clash.kept, clash.gone))
            journal.set(table, clash.kept, cell, lend(mine, theirs))
        if once.ends:
            for cell, end in once.ends.items():
                was = _cell(session, table, clash.gone, cell)
                journal.set(table, clash.gone, cell, end(when, was))
        else:
            behind.append(clash.gone)
    for row in _rows(session, rule, gone, apart_from=(gone, kept)):
        if row not in behind:
            journal.set(table, row, rule.column.key, kept)


def table_of(column: Cell) -> Table:
    return cast(Table, column.class_.__table__)


def _rows(
    session: DbSession, rule: Follows, person_id: int, *, apart_from: Iterable[int] = ()
) -> list[dict[str, Any]]:
    table = table_of(rule.column)
    names = [column.name for column in table.primary_key]
    found = select(*(table.c[name] for name in names)).where(rule.column == person_id)
    if rule.apart is not None and apart_from:
        found = found.where(rule.apart.not_in(tuple(apart_from)))
    return [dict(zip(names, row, strict=True)) for row in session.execute(found)]


def _with_per(
    session: DbSession, rule: Follows, person_id: int, once: Once
) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
    table = table_of(rule.column)
    names = [column.name for column in table.primary_key]
    found = select(*(table.c[name] for name in names), *once.per).where(
        rule.column == person_id, once.among
    )
    return [
        (tuple(row[len(names) :]), dict(zip(names, row, strict=False)))
        for row in session.execute(found)
    ]


def _cell(session: DbSession, table: Table, row: Mapping[str, Any], cell: str) -> Any:
    here = (table.c[name] == value for name, value in row.items())
    return session.execute(select(table.c[cell]).where(*here)).scalar_one()
