"""The worker's first look at the rows: what they say, what is wrong with it."""

from typing import Any

from sqlalchemy import select

from netapp.imports.models import Import, ImportOrganisation, ImportRow, PlaceOf, RowState, Step
from netapp.imports.names import name_key
from netapp.imports.operations.bulk import update_rows
from netapp.imports.queries.lists import Lists, load_lists
from netapp.imports.queries.said import Said
from netapp.imports.queries.saying import Reader
from netapp.kernel.db import DbSession, insert_for

AT_ONCE = 1000


def read_some(session: DbSession, one: Import) -> int:
    """One portion; how many rows that was, 0 once all are read."""
    wanted = select(ImportRow.id, ImportRow.number, ImportRow.cells).where(
        ImportRow.import_id == one.id, ImportRow.number > one.position
    )
    rows = session.execute(wanted.order_by(ImportRow.number).limit(AT_ONCE)).all()
    if not rows:
        one.step, one.position = Step.PLANS, 0
        session.flush()
        return 0
    lists = load_lists(session)
    reader = Reader(one.headings, one.columns, lists)
    read = [(row.id, reader.read(row.cells)) for row in rows]
    one.position = rows[-1].number
    session.flush()
    update_rows(session, ImportRow, [_values(number, said) for number, said in read])
    _note_unknown(session, one, lists, [said for _, said in read])
    return len(rows)


def _values(row_id: int, said: Said) -> dict[str, Any]:
    return {
        "id": row_id,
        "email": said.email,
        "name_key": name_key(said.says.get("name", "")),
        "organisation_key": said.says.get("organisation_key", ""),
        "says": said.says,
        "faults": said.faults,
        "state": RowState.FAULT if said.faults else RowState.READ,
    }


def _note_unknown(session: DbSession, one: Import, lists: Lists, read: list[Said]) -> None:
    """Names that the register does not know, each once."""
    unknown: dict[str, str] = {}
    for said in read:
        key = said.says.get("organisation_key", "")
        if key and key not in lists.organisations and not said.faults:
            unknown.setdefault(key, said.says["organisation"])
    if not unknown:
        return
    row = insert_for(session, ImportOrganisation)
    session.execute(
        row.on_conflict_do_nothing(index_elements=["import_id", "name_key"]),
        [
            {"import_id": one.id, "name_key": key, "name": name, "place": PlaceOf.WORDS}
            for key, name in unknown.items()
        ],
    )
