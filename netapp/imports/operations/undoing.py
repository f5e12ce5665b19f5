"""A whole import is undone: portion by portion of its people, each in a transaction of its own.

A new person goes with all that the import gave them, unless they did something since: then they
stay as they are. Of people whom we knew each thing is put back that has not been changed again.
What was put back is marked in the same transaction, so a worker that is killed goes on where it
was.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, select, update

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.imports.errors import UndoOver
from netapp.imports.models import UNDO_FOR, Import, ImportAct, ImportRow, ImportState, What
from netapp.imports.operations.putting_back import CHANGED_AGAIN, QUIETLY, STAYS, Portion
from netapp.imports.operations.starting import actor_of, held
from netapp.imports.queries.since import hanging_on
from netapp.kernel.db import DbSession
from netapp.kernel.revisions import raise_revision
from netapp.kernel.words import count_words
from netapp.organisations.models import Organisation
from netapp.organisations.operations.guard import DIRECTORY

PEOPLE_AT_ONCE: Final = 300


def start_undo(session: DbSession, *, key: str, actor: Actor, now: datetime) -> Import:
    """The worker does the rest. Raises ``UndoOver``, ``NotNowPossible``, ``NotFound``."""
    one = held(session, key, None, {ImportState.DONE})
    if one.done_at is None or now - one.done_at > UNDO_FOR:
        raise UndoOver
    one.state, one.position = ImportState.UNDOING, 0
    one.undone_by_id = actor.id
    one.version += 1
    no_more = update(ImportRow).where(ImportRow.import_id == one.id, ImportRow.to_invite)
    session.execute(no_more.values(to_invite=False), execution_options=QUIETLY)
    session.flush()
    return one


def undo_some(session: DbSession, one: Import, now: datetime) -> int:
    """One portion; how many people that was, 0 once all is undone."""
    hold = update(Import).where(Import.id == one.id, Import.state == ImportState.UNDOING)
    if session.scalar(hold.values(id=Import.id).returning(Import.id)) is None:
        return 0
    waiting = ImportAct.import_id == one.id, ImportAct.undone_at.is_(None), ImportAct.kept == ""
    people = session.scalars(
        select(ImportAct.person_id)
        .where(*waiting, ImportAct.person_id.is_not(None))
        .group_by(ImportAct.person_id)
        .order_by(ImportAct.person_id)
        .limit(PEOPLE_AT_ONCE)
    ).all()
    if not people:
        _undo_organisations(session, one, waiting, now)
        _finish(session, one, now)
        return 0
    acts = session.scalars(
        select(ImportAct).where(*waiting, ImportAct.person_id.in_(people)).order_by(ImportAct.id)
    ).all()
    Portion(session, one, acts, now).undo()
    raise_revision(session, DIRECTORY, now)
    one.position += len(people)
    session.flush()
    return len(people)


def _undo_organisations(
    session: DbSession, one: Import, waiting: tuple[Any, ...], now: datetime
) -> None:
    acts = session.scalars(
        select(ImportAct).where(*waiting, ImportAct.what == What.ORGANISATION)
    ).all()
    ids = [act.target_id for act in acts]
    used = hanging_on(session, "organisations", ids, {})
    same = set(
        session.scalars(
            select(Organisation.id).where(Organisation.id.in_(ids), Organisation.version == 1)
        )
    )
    for act in acts:
        if act.target_id in used:
            act.kept = "It is used in the register."
        elif act.target_id not in same:
            act.kept = CHANGED_AGAIN
        else:
            act.undone_at = now
    gone = [act.target_id for act in acts if not act.kept]
    session.flush()
    gone_now = delete(Organisation).where(Organisation.id.in_(gone))
    session.execute(gone_now, execution_options=QUIETLY)


def _finish(session: DbSession, one: Import, now: datetime) -> None:
    one.state, one.undone_at = ImportState.UNDONE, now
    one.version += 1
    raise_revision(session, DIRECTORY, now)
    removed = _count(session, one, ImportAct.undone_at.is_not(None), ImportAct.what == What.PERSON)
    stayed = _count(session, one, ImportAct.kept != "", ImportAct.what == What.PERSON)
    kept = _count(session, one, ImportAct.kept != "", ImportAct.kept != STAYS) - stayed
    one.tallies = one.tallies | {"removed": removed, "stayed": stayed, "kept": kept}
    session.flush()
    audit.record(
        session,
        actor=actor_of(session, one.undone_by_id),
        action="import.undo",
        subject=f"import:{one.key}",
        summary=(
            f"Undid the import of {one.filename}: "
            f"{count_words(removed, 'new person is', 'new people are')} gone, {stayed} stay."
        ),
        detail=one.tallies,
        now=now,
    )


def _count(session: DbSession, one: Import, *which: Any) -> int:
    counted = select(func.count()).select_from(ImportAct)
    return session.scalar(counted.where(ImportAct.import_id == one.id, *which)) or 0
