"""A file comes in: its rows are kept for a while, the file itself is not."""

from datetime import datetime
from itertools import islice
from typing import Final

from sqlalchemy import delete, select, update

from netapp.audit.operations import COMMAND_LINE, Actor
from netapp.imports.errors import ChecksAreNotYours, ColumnsWrong, NothingIn, NotNowPossible
from netapp.imports.fields import (
    CHECKS,
    LABELS,
    SEVERAL,
    Field,
    columns_of_checks,
    guess,
    is_ours,
    perhaps_checks,
    signature,
    source_of,
)
from netapp.imports.models import (
    ColumnMemory,
    Import,
    ImportOrganisation,
    ImportRow,
    ImportState,
    Keep,
    Step,
)
from netapp.imports.operations.bulk import insert_rows
from netapp.imports.reading import read_table
from netapp.kernel.db import DbSession, insert_for
from netapp.kernel.errors import NotFound
from netapp.kernel.tokens import new_key
from netapp.people.models import Person
from netapp.safeguarding.queries import is_lead

ROWS_AT_ONCE: Final = 1000
CHANGEABLE: Final = {ImportState.COLUMNS, ImportState.PREVIEW}


def load(
    session: DbSession, *, content: bytes, filename: str, actor: Actor, now: datetime
) -> Import:
    """Raises a ``FileRefused``; then nothing of it is kept. What seems to be about checks is not
    kept either, unless ``actor`` looks after them."""
    table = read_table(content)
    columns = remembered(session, table.headings)
    hides = not sees_checks(session, actor)
    unseen = perhaps_checks(table.headings, columns) if hides else set()
    name = filename[:90] or "A file"
    one = Import(
        key=new_key(),
        filename=f"{name}, sheet “{table.sheet[:20]}”" if table.sheet else name,
        source=source_of(table.headings),
        headings=table.headings,
        columns=["" if n in unseen else each for n, each in enumerate(columns)],
        tallies={},
        places={},
        loaded_at=now,
        loaded_by_id=actor.id,
    )
    session.add(one)
    session.flush()
    rows = table.rows
    while some := list(islice(rows, ROWS_AT_ONCE)):
        insert_rows(
            session,
            ImportRow,
            [
                {"import_id": one.id, "number": number, "cells": _without(cells, unseen)}
                for number, cells in some
            ],
        )
        one.total += len(some)
    if not one.total:
        raise NothingIn
    session.flush()
    return one


def _without(cells: list[str], unseen: set[int]) -> list[str]:
    return ["" if n in unseen else each for n, each in enumerate(cells)] if unseen else cells


def sees_checks(session: DbSession, actor: Actor) -> bool:
    """Whether they look after checks; the command line is nobody who does."""
    return actor.id is not None and is_lead(session, actor.id)


def remembered(session: DbSession, headings: list[str]) -> list[str]:
    """What the columns were the last time, or what they seem to be."""
    kept = session.get(ColumnMemory, signature(headings))
    if kept is None:
        return [field.value if field else "" for field in guess(headings)]
    columns = iter(kept.columns)
    return ["" if is_ours(heading) else next(columns, "") for heading in headings]


def is_remembered(session: DbSession, headings: list[str]) -> bool:
    return session.get(ColumnMemory, signature(headings)) is not None


def set_columns(
    session: DbSession,
    *,
    key: str,
    columns: list[str],
    version: int,
    now: datetime,
    actor: Actor = COMMAND_LINE,
) -> Import:
    """What each column is; kept for the next file with the same headings. Raises
    ``ColumnsWrong``, ``ChecksAreNotYours``, ``NotNowPossible``, ``NotFound``."""
    one = held(session, key, version, CHANGEABLE)
    check_columns(columns, len(one.headings))
    to_keep = columns
    if not sees_checks(session, actor):
        if columns_of_checks(columns):
            raise ChecksAreNotYours
        before = remembered(session, one.headings)  # What is not theirs they do not change.
        hidden = columns_of_checks(before)
        to_keep = [before[n] if n in hidden else each for n, each in enumerate(columns)]
    one.columns = columns
    kept = [each for each, name in zip(to_keep, one.headings, strict=True) if not is_ours(name)]
    memory = insert_for(session, ColumnMemory).values(
        headings=signature(one.headings), columns=kept, used_at=now
    )
    session.execute(
        memory.on_conflict_do_update(
            index_elements=["headings"], set_={"columns": kept, "used_at": now}
        )
    )
    session.execute(delete(ImportOrganisation).where(ImportOrganisation.import_id == one.id))
    begin_reading(session, one, Step.VALUES)
    return one


def check_columns(columns: list[str], number: int) -> None:
    """Raises ``ColumnsWrong``."""
    known = {field.value for field in Field}
    if len(columns) != number or any(each and each not in known for each in columns):
        raise ColumnsWrong("Choose from the lists what each column is.")
    fields = [Field(each) for each in columns if each]
    for field in fields:
        if field not in SEVERAL and fields.count(field) > 1:
            raise ColumnsWrong(f"Two columns are “{LABELS[field]}”. Leave one of them out.")
    if CHECKS & set(fields) and Field.CHECK_SEEN_ON not in fields:
        raise ColumnsWrong("Say which column has the day on which the check was seen.")
    if Field.EMAIL not in fields:
        raise ColumnsWrong("Say which column has the email address: each person needs one.")
    if Field.NAME in fields and {Field.FIRST_NAME, Field.LAST_NAME} & set(fields):
        raise ColumnsWrong("Take either the whole name or first and last name, not both.")


def begin_reading(session: DbSession, one: Import, step: Step) -> None:
    one.state, one.step, one.position = ImportState.READING, step, 0
    one.version += 1
    session.flush()


def set_manner(
    session: DbSession, *, key: str, keep: Keep, takes_leavers: bool, version: int
) -> None:
    """What counts where file and platform differ, and whether who left comes too: all rows are
    compared anew. Raises ``NotNowPossible``, ``NotFound``."""
    one = held(session, key, version, {ImportState.PREVIEW})
    one.keep, one.takes_leavers = keep, takes_leavers
    begin_reading(session, one, Step.PLANS)


def discard(session: DbSession, *, key: str) -> None:
    """Nothing was imported, and nothing of the file stays. Until all of it is written at once that
    is possible, so that one which cannot be written does not stand in the way of the next.

    Raises ``NotNowPossible``, ``NotFound``.
    """
    one = held(session, key, None, {*CHANGEABLE, ImportState.READING, ImportState.STARTED})
    forget_rows(session, one.id)
    session.delete(one)
    session.flush()


def forget_rows(session: DbSession, import_id: int) -> None:
    quietly = {"synchronize_session": False}
    theirs = ImportRow.import_id == import_id
    session.execute(delete(ImportRow).where(theirs), execution_options=quietly)
    session.execute(
        delete(ImportOrganisation).where(ImportOrganisation.import_id == import_id),
        execution_options=quietly,
    )


def held(session: DbSession, key: str, version: int | None, states: set[ImportState]) -> Import:
    """The import, which nobody else changes until the commit."""
    hold = update(Import).where(Import.key == key).values(id=Import.id).returning(Import)
    one = session.scalar(hold, execution_options={"populate_existing": True})
    if one is None:
        raise NotFound
    if one.state not in states or (version is not None and one.version != version):
        raise NotNowPossible
    return one


def actor_of(session: DbSession, person_id: int | None) -> Actor:
    """Whoever started or undid it, for lines that the worker writes in their name."""
    if person_id is None:
        return COMMAND_LINE
    name = session.scalar(select(Person.name).where(Person.id == person_id))
    return Actor(person_id, name or "")


def find(session: DbSession, key: str) -> Import:
    """As it is now. Raises ``NotFound``."""
    wanted = select(Import).where(Import.key == key).execution_options(populate_existing=True)
    one = session.scalar(wanted)
    if one is None:
        raise NotFound
    return one
