"""Import: all that the rows would do is written in one transaction, or nothing of it.

The rows were compared just before, portion by portion, so that here only ready rows are written
and the database is locked for moments. Whatever could have changed in between is looked at once
more: new addresses by their unique index, people by their version, everything else of people by
the revision of the directory. If any of it moved nothing is written, and the rows are compared
again.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from netapp.audit import operations as audit
from netapp.audit.models import AuditLine
from netapp.audit.operations import Actor
from netapp.imports.errors import ChecksAreNotYours, Moved, NothingToImport, StillToDecide
from netapp.imports.fields import columns_of_checks
from netapp.imports.models import Import, ImportAct, ImportRow, ImportState, RowState, Step, What
from netapp.imports.operations.belonging import write_belonging
from netapp.imports.operations.bulk import ids_of, insert_rows, table_of, update_rows
from netapp.imports.operations.comparing import tally
from netapp.imports.operations.organisations import add_organisations
from netapp.imports.operations.starting import actor_of, held, sees_checks
from netapp.kernel.db import DbSession, insert_for, portions
from netapp.kernel.revisions import raise_revision, revision_of
from netapp.kernel.tokens import new_key
from netapp.kernel.words import count_words
from netapp.organisations.operations.guard import DIRECTORY
from netapp.people.apart_models import ToldApart
from netapp.people.models import Person

ROWS_AT_ONCE: Final = 1000
FIELDS: Final = ("name", "organisation", "area")
QUIETLY: Final = {"synchronize_session": False}


def start(
    session: DbSession, *, key: str, version: int, invites: bool, actor: Actor, now: datetime
) -> Import:
    """Import was pressed: the worker does the rest. Raises ``StillToDecide``,
    ``ChecksAreNotYours``, ``NothingToImport``, ``NotNowPossible``, ``NotFound``."""
    one = held(session, key, version, {ImportState.PREVIEW})
    if columns_of_checks(one.columns) and not sees_checks(session, actor):
        raise ChecksAreNotYours
    found = tally(session, one.id)
    if found.get(RowState.ASK.value):
        raise StillToDecide
    if not found.get(RowState.NEW.value) and not found.get(RowState.CHANGE.value):
        raise NothingToImport
    one.state, one.step, one.position = ImportState.STARTED, Step.PLANS, 0
    one.invites, one.tallies = invites, found
    one.started_at, one.started_by_id = now, actor.id
    one.version += 1
    session.flush()
    return one


def write(session: DbSession, one: Import, now: datetime) -> None:
    """Raises ``Moved``; then the caller rolls back."""
    claim = update(Import).where(
        Import.id == one.id, Import.state == ImportState.STARTED, Import.step == Step.WRITE
    )
    claimed = claim.values(state=ImportState.DONE, done_at=now, position=0).returning(Import.id)
    if session.scalar(claimed, execution_options=QUIETLY) is None:
        return  # Another worker did it.
    _hold_people(session, one)
    actor = actor_of(session, one.started_by_id)
    added = add_organisations(session, one, actor, now)
    raise_revision(session, DIRECTORY, now)
    if revision_of(session, DIRECTORY)[0] != one.revision + 1:
        raise Moved
    _add_people(session, one, actor, now)
    _change_people(session, one)
    done = write_belonging(session, one, added, actor, now)
    session.refresh(one)
    one.tallies = tally(session, one.id) | done | {"organisations": len(added)}
    one.version += 1
    _record(session, one, actor, now)


def _hold_people(session: DbSession, one: Import) -> None:
    """Nobody changes those whom rows change, until the commit; and nobody has since."""
    theirs = select(ImportRow.person_id).where(
        ImportRow.import_id == one.id, ImportRow.state == RowState.CHANGE
    )
    hold = update(Person).where(Person.id.in_(theirs)).values(version=Person.version)
    session.execute(hold, execution_options=QUIETLY)


def rows_to_write(session: DbSession, one: Import, states: set[RowState]) -> Iterator[list[Any]]:
    """A thousand at a time: id, number, state, person, other row, plan, name."""
    position = 0
    while True:
        wanted = (
            select(ImportRow.id, ImportRow.number, ImportRow.state, ImportRow.person_id,
                   ImportRow.other_id, ImportRow.plan, ImportRow.to_invite)
            .where(ImportRow.import_id == one.id, ImportRow.state.in_(states))
            .where(ImportRow.number > position)
            .order_by(ImportRow.number)
            .limit(ROWS_AT_ONCE)
        )  # fmt: skip
        rows = session.execute(wanted).all()
        if not rows:
            return
        yield list(rows)
        position = rows[-1].number


def _add_people(session: DbSession, one: Import, actor: Actor, now: datetime) -> None:
    for rows in rows_to_write(session, one, {RowState.NEW}):
        keys = {new_key(): row for row in rows}
        people = [
            {
                "key": key,
                **row.plan["does"]["person"],
                "created_at": now,
                "invitations": True,
                "is_demo": False,
                "version": 1,
            }
            for key, row in keys.items()
        ]
        ids = _insert_people(session, people)
        update_rows(
            session,
            ImportRow,
            [{"id": row.id, "person_id": ids[key]} for key, row in keys.items()],
        )
        insert_rows(
            session,
            ImportAct,
            [
                {
                    "import_id": one.id,
                    "row_id": row.id,
                    "person_id": ids[key],
                    "what": What.PERSON,
                    "target_id": ids[key],
                    "after": {"version": 1},
                }
                for key, row in keys.items()
            ],
        )
        insert_rows(
            session,
            AuditLine,
            [
                _line(
                    one,
                    actor,
                    now,
                    key,
                    "person.add",
                    f"Added {row.plan['does']['person']['name']}",
                )
                for key, row in keys.items()
            ],
        )
        told = [(ids[key], row.plan["apart"]) for key, row in keys.items() if "apart" in row.plan]
        _keep_apart(session, told, actor, now)
    _follow_other_rows(session, one)


def _keep_apart(
    session: DbSession, told: list[tuple[int, int]], actor: Actor, now: datetime
) -> None:
    """Whom a coordinator said to be somebody else is no possible duplicate of them afterwards.
    ``told``: the numbers of the new person and of the other."""
    rows = [
        {
            "first_id": min(two),
            "second_id": max(two),
            "decided_at": now,
            "decided_by_id": actor.id,
        }
        for two in told
    ]
    insert_rows(session, ToldApart, rows)


def _insert_people(session: DbSession, people: list[dict[str, Any]]) -> dict[str, int]:
    """By key. Raises ``Moved`` where somebody came with one of the addresses meanwhile."""
    table = table_of(Person)
    new = insert_for(session, table).on_conflict_do_nothing(index_elements=[table.c.email])
    for some in portions(people):
        session.execute(new, some)
    found = ids_of(session, Person, [person["key"] for person in people])
    if len(found) != len(people):
        raise Moved
    return found


def _follow_other_rows(session: DbSession, one: Import) -> None:
    """Rows about somebody whom an earlier row has brought are about them from now on."""
    earlier = aliased(ImportRow)
    theirs = select(earlier.person_id).where(earlier.id == ImportRow.other_id).scalar_subquery()
    follow = update(ImportRow).where(
        ImportRow.import_id == one.id,
        ImportRow.other_id.is_not(None),
        ImportRow.person_id.is_(None),
    )
    session.execute(follow.values(person_id=theirs), execution_options=QUIETLY)


def _change_people(session: DbSession, one: Import) -> None:
    """Raises ``Moved`` where somebody's details changed since they were compared."""
    for rows in rows_to_write(session, one, {RowState.CHANGE}):
        changed = [row for row in rows if "details" in row.plan["does"]]
        ids = [row.person_id for row in changed]
        now_are: dict[int, Any] = {}
        columns = [getattr(Person, name) for name in ("id", "version", *FIELDS)]
        for some in portions(sorted(set(ids))):
            found = session.execute(select(*columns).where(Person.id.in_(some)))
            now_are |= {person.id: person for person in found}
        values: dict[int, dict[str, Any]] = {}
        acts = []
        for row in changed:
            person = now_are[row.person_id]
            details = row.plan["does"]["details"]
            kept = values.setdefault(
                person.id,
                {"id": person.id, **{name: getattr(person, name) for name in FIELDS}},
            )
            if any(kept[name] != old for name, (old, _) in details.items()):
                raise Moved
            kept |= {name: new for name, (_, new) in details.items()}
            kept["version"] = person.version + 1
            acts.append(
                {
                    "import_id": one.id,
                    "row_id": row.id,
                    "person_id": person.id,
                    "what": What.DETAILS,
                    "target_id": person.id,
                    "before": {name: old for name, (old, _) in details.items()},
                    "after": {name: new for name, (_, new) in details.items()},
                }
            )
        update_rows(session, Person, list(values.values()))
        insert_rows(session, ImportAct, acts)


def _record(session: DbSession, one: Import, actor: Actor, now: datetime) -> None:
    """One line for the whole, and one about each person who was known before."""
    for rows in rows_to_write(session, one, {RowState.CHANGE}):
        known = dict.fromkeys(row.person_id for row in rows)
        names = select(Person.id, Person.key, Person.name)
        lines = []
        for some in portions(known):
            for _, key, name in session.execute(names.where(Person.id.in_(some))):
                lines.append(
                    _line(one, actor, now, key, "person.edit", f"Changed what we hold of {name}")
                )
        insert_rows(session, AuditLine, lines)
    new, changed = one.tallies.get("new", 0), one.tallies.get("change", 0)
    audit.record(
        session,
        actor=actor,
        action="import.write",
        subject=f"import:{one.key}",
        summary=(
            f"Imported {one.filename}: {count_words(new, 'new person', 'new people')}, "
            f"{count_words(changed, 'row')} that changed somebody."
        ),
        detail=one.tallies,
        now=now,
    )


def _line(
    one: Import, actor: Actor, now: datetime, key: str, action: str, summary: str
) -> dict[str, Any]:
    return {
        "at": now,
        "actor_id": actor.id,
        "actor_name": actor.name[:120],
        "action": action,
        "subject": f"person:{key}",
        "summary": f"{summary}, from the file {one.filename}."[:500],
    }
