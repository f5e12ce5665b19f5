"""Organisations that a file brings into the register."""

from datetime import datetime

from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.imports.models import Import, ImportAct, ImportOrganisation, ImportRow, PlaceOf, What
from netapp.imports.models import RowState as State
from netapp.imports.operations.bulk import insert_rows
from netapp.imports.queries.lists import load_lists
from netapp.kernel.db import DbSession
from netapp.kernel.slugs import slugify
from netapp.kernel.tokens import new_key
from netapp.organisations.models import Organisation, OrganisationName
from netapp.organisations.operations.editing import record
from netapp.organisations.operations.guard import hold_register


def add_organisations(
    session: DbSession, one: Import, actor: Actor, now: datetime
) -> dict[str, int]:
    """Those that a coordinator chose to add and that a row needs; by their key in the file. One
    that somebody added meanwhile is taken as it is."""
    needed = select(ImportRow.organisation_key).where(
        ImportRow.import_id == one.id, ImportRow.state.in_({State.NEW, State.CHANGE})
    )
    chosen = session.scalars(
        select(ImportOrganisation)
        .where(
            ImportOrganisation.import_id == one.id,
            ImportOrganisation.place == PlaceOf.ADD,
            ImportOrganisation.name_key.in_(needed),
        )
        .order_by(ImportOrganisation.id)
    ).all()
    if not chosen:
        return {}
    hold_register(session, now)
    known = load_lists(session).organisations
    slugs = set(session.scalars(select(Organisation.slug)))
    slugs |= set(session.scalars(select(OrganisationName.slug)))
    added, acts = {}, []
    for each in chosen:
        if each.name_key in known:
            added[each.name_key] = known[each.name_key][0]
            continue
        organisation = Organisation(
            key=new_key(),
            slug=_free(slugify(each.name, fallback="organisation"), slugs),
            name=each.name,
            is_listed=False,
            source=f"A file of people: {one.filename}",
            created_at=now,
        )
        session.add(organisation)
        session.flush()
        record(session, organisation, "add", f"Added {each.name} from a file.", actor, now)
        added[each.name_key] = organisation.id
        acts.append(
            {
                "import_id": one.id,
                "row_id": None,
                "person_id": None,
                "what": What.ORGANISATION,
                "target_id": organisation.id,
                "after": {"version": 1, "name": each.name},
            }
        )
    insert_rows(session, ImportAct, acts)
    return added


def _free(wanted: str, used: set[str]) -> str:
    number, slug = 1, wanted
    while slug in used:
        number += 1
        slug = f"{wanted}-{number}"
    used.add(slug)
    return slug
