"""Files of people, and the worker that reads them, for tests."""

import io
import warnings
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.imports.models import Import, ImportRow, RowState
from netapp.imports.operations import advancing, starting, undoing, writing
from netapp.imports.queries.overview import BUSY
from netapp.imports.queries.words import does_words
from tests.factories import NOW

JO = Actor(None, "Jo Field")


def workbook(rows: Sequence[Sequence[Any]], *, others: int = 0) -> bytes:
    """An Excel file with these rows on its first sheet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = Workbook()
        book.active.title = "Members"
        for row in rows:
            book.active.append(list(row))
        for _ in range(others):
            book.create_sheet()
        kept = io.BytesIO()
        book.save(kept)
    return kept.getvalue()


def load(
    session, text: str | bytes, *, filename: str = "members.csv", actor: Actor = JO, now=NOW
) -> Import:
    """Loaded, its columns as they were guessed or remembered, read and compared."""
    content = text.encode() if isinstance(text, str) else text
    one = starting.load(session, content=content, filename=filename, actor=actor, now=now)
    session.commit()
    starting.set_columns(
        session, key=one.key, columns=one.columns, version=one.version, actor=actor, now=now
    )
    return work(session, one, now=now)


def work(session, one: Import, *, now=NOW) -> Import:
    """As the worker does: a portion, a commit, until nothing is left."""
    session.commit()
    while (one := starting.find(session, one.key)).state in BUSY:
        advancing.advance_one(session, one, now)
        session.commit()
    session.expire_all()
    return starting.find(session, one.key)


def bring_in(
    session,
    text: str | bytes,
    *,
    invites: bool = False,
    actor: Actor = JO,
    now=NOW,
    **more: Any,
) -> Import:
    one = load(session, text, actor=actor, now=now, **more)
    writing.start(session, key=one.key, version=one.version, invites=invites, actor=actor, now=now)
    return work(session, one, now=now)


def undo(session, one: Import, *, now=NOW) -> Import:
    undoing.start_undo(session, key=one.key, actor=JO, now=now)
    return work(session, one, now=now)


def rows_of(session, one: Import, state: RowState) -> list[ImportRow]:
    wanted = select(ImportRow).where(ImportRow.import_id == one.id, ImportRow.state == state)
    return list(session.scalars(wanted.order_by(ImportRow.number)))


def faults(session, one: Import) -> list[tuple[int, str, str]]:
    return [
        (row.number, fault[0], fault[1])
        for row in rows_of(session, one, RowState.FAULT)
        for fault in row.faults
    ]


def effects(session, one: Import, state: RowState) -> list[tuple[int, list[str]]]:
    """As who looks after checks reads them."""
    rows = rows_of(session, one, state)
    words = [does_words(row.plan.get("does", {}), {}, sees_checks=True) for row in rows]
    return [(row.number, each) for row, each in zip(rows, words, strict=True)]
