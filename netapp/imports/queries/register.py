"""Names of organisations in a file that the register does not know."""

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from sqlalchemy import func, select

from netapp.imports.models import Import, ImportOrganisation, ImportRow, PlaceOf
from netapp.imports.names import fold, share_a_word
from netapp.imports.queries.lists import NearNames, load_lists
from netapp.imports.queries.words import not_known
from netapp.kernel.db import DbSession
from netapp.organisations.models import Organisation

PLACES_A_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """An organisation that the register does not know; ``near``: some that it may be."""

    id: int
    name: str
    rows: int
    place: str
    near: list[tuple[str, str]] = field(default_factory=list)


def place_lines(session: DbSession, one: Import) -> list[PlaceLine]:
    """The most used first, up to a hundred."""
    counted = func.count(ImportRow.id)
    rows = session.execute(
        select(ImportOrganisation, counted, Organisation.key)
        .join(
            ImportRow,
            (ImportRow.import_id == ImportOrganisation.import_id)
            & (ImportRow.organisation_key == ImportOrganisation.name_key),
        )
        .outerjoin(Organisation, Organisation.id == ImportOrganisation.organisation_id)
        .where(ImportOrganisation.import_id == one.id)
        .group_by(ImportOrganisation.id, Organisation.key)
        .order_by(counted.desc(), ImportOrganisation.name)
        .limit(PLACES_A_PAGE)
    ).all()
    known = _register(session)
    return [
        PlaceLine(
            id=each.id,
            name=each.name,
            rows=number,
            place=key if each.place is PlaceOf.KNOWN and key else each.place.value,
            near=_near(each.name, known),
        )
        for each, number, key in rows
    ]


def _register(session: DbSession) -> dict[str, tuple[str, str]]:
    wanted = select(Organisation.key, Organisation.name).where(
        Organisation.merged_into_id.is_(None)
    )
    return {fold(name): (key, name) for key, name in session.execute(wanted)}


def _near(name: str, known: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
    alike = [each for each in known if share_a_word(fold(name), each)]
    return [known[each] for each in get_close_matches(fold(name), alike, n=3, cutoff=0.6)]


def not_known_words(session: DbSession, one: Import) -> list[str]:
    """Those that stand as words beside people, up to a hundred, each with what it may be."""
    wanted = select(ImportOrganisation).where(
        ImportOrganisation.import_id == one.id, ImportOrganisation.place == PlaceOf.WORDS
    )
    unknown = session.scalars(wanted.order_by(ImportOrganisation.id).limit(PLACES_A_PAGE)).all()
    if not unknown:
        return []
    near = NearNames({key: name for key, (_, name) in load_lists(session).organisations.items()})
    return [not_known(each.name, near.to(each.name_key)) for each in unknown]
