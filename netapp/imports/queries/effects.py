"""What undoing an import would do now: said before it is done."""

from typing import Any

from sqlalchemy import func, select

from netapp.imports.models import Import, ImportAct, What
from netapp.imports.queries.overview import KeptLine, UndoEffects
from netapp.imports.queries.since import staying
from netapp.kernel.db import DbSession, portions
from netapp.people.models import Person


def undo_effects(session: DbSession, one: Import) -> UndoEffects:
    mine = ImportAct.import_id == one.id
    new = session.scalars(
        select(ImportAct.target_id).where(mine, ImportAct.what == What.PERSON)
    ).all()
    stay: dict[int, str] = {}
    for some in portions(new):
        stay |= staying(session, one.id, some)
    names: dict[int, Any] = {}
    for some in portions(stay):
        found = select(Person.id, Person.key, Person.name).where(Person.id.in_(some))
        names |= {row.id: row for row in session.execute(found)}
    known = select(func.count(func.distinct(ImportAct.person_id))).where(
        mine,
        ImportAct.person_id.not_in(
            select(ImportAct.target_id).where(mine, ImportAct.what == What.PERSON)
        ),
    )
    organisations = select(func.count()).where(mine, ImportAct.what == What.ORGANISATION)
    lines = [KeptLine(names[n].key, names[n].name, "The person", why) for n, why in stay.items()]
    return UndoEffects(
        removed=len(new) - len(stay),
        put_back=session.scalar(known) or 0,
        organisations=session.scalar(organisations) or 0,
        stay=sorted(lines, key=lambda line: line.name.casefold()),
    )
