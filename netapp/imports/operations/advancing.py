"""One helping of what the worker does about imports; the command line does the same at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from netapp.imports.errors import Moved
from netapp.imports.models import MOST_TRIES, UNFINISHED_FOR, Import, ImportRow, ImportState, Step
from netapp.imports.operations.comparing import TRIES, compare_some
from netapp.imports.operations.reading_rows import read_some
from netapp.imports.operations.starting import actor_of, forget_rows
from netapp.imports.operations.undoing import undo_some
from netapp.imports.operations.writing import write
from netapp.kernel.db import DbSession
from netapp.people.models import Person
from netapp.people.operations import desk

BUSY: Final = {ImportState.READING, ImportState.STARTED, ImportState.UNDOING}
INVITED_AT_ONCE: Final = 20


def advance(session: DbSession, now: datetime) -> int:
    """A portion of the import that has waited longest; 0 where there is none to work on."""
    waiting = select(Import).where(Import.state.in_(BUSY)).order_by(Import.id).limit(1)
    one = session.scalar(waiting, execution_options={"populate_existing": True})
    if one is None:
        return 0
    return advance_one(session, one, now)


def advance_one(session: DbSession, one: Import, now: datetime) -> int:
    """At least 1 while there is more to do, be it the next step."""
    number, state = one.id, one.state
    try:
        _step(session, one, now)
    except (Moved, IntegrityError):
        session.rollback()
        _begin_again(session, number, state)
    return 1


def _begin_again(session: DbSession, number: int, state: ImportState) -> None:
    """The rows are compared again; where that led nowhere, people look at it."""
    one = session.get_one(Import, number, populate_existing=True)
    if one.state is not state:
        return
    tries = int(one.tallies.get(TRIES, 0)) + 1
    one.step, one.position = Step.PLANS, 0
    one.tallies = one.tallies | {TRIES: tries}
    if tries >= MOST_TRIES:
        one.state = ImportState.PREVIEW
        one.version += 1
    session.flush()


def _step(session: DbSession, one: Import, now: datetime) -> None:
    if one.state is ImportState.UNDOING:
        undo_some(session, one, now)
    elif one.step is Step.WRITE:
        write(session, one, now)
    else:
        portion: Callable[[], int] = (
            (lambda: read_some(session, one))
            if one.step is Step.VALUES
            else (lambda: compare_some(session, one, now))
        )
        portion()


def invite_some(session: DbSession, now: datetime) -> int:
    """Invitations that a coordinator ticked, some at a time."""
    due = (
        select(ImportRow, Person.key, Person.registered_at, Person.disabled_at)
        .join(Import, Import.id == ImportRow.import_id)
        .join(Person, Person.id == ImportRow.person_id)
        .where(Import.state == ImportState.DONE, ImportRow.to_invite)
        .order_by(ImportRow.id)
        .limit(INVITED_AT_ONCE)
    )
    rows = session.execute(due).all()
    for row, key, registered_at, disabled_at in rows:
        row.to_invite = False
        if registered_at is None and disabled_at is None:
            one = session.get_one(Import, row.import_id)
            actor = actor_of(session, one.started_by_id)
            desk.invite(session, key=key, actor=actor, now=now)
    session.flush()
    return len(rows)


def purge(session: DbSession, now: datetime) -> int:
    """Files that were loaded a week ago and never imported: nothing of them stays."""
    over = select(Import).where(
        Import.state.in_({ImportState.COLUMNS, ImportState.READING, ImportState.PREVIEW}),
        Import.loaded_at < now - UNFINISHED_FOR,
    )
    one = session.scalar(over.order_by(Import.id).limit(1))
    if one is None:
        return 0
    forget_rows(session, one.id)
    session.execute(delete(Import).where(Import.id == one.id))
    return 1
