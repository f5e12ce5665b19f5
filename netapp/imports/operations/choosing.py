"""What coordinators say of pairs who may be one person, and of organisations that are new."""

from collections.abc import Mapping

from sqlalchemy import select, update

from netapp.imports.errors import NotNowPossible
from netapp.imports.models import (
    Choice,
    Import,
    ImportOrganisation,
    ImportRow,
    ImportState,
    PlaceOf,
    RowState,
    Step,
)
from netapp.imports.operations.starting import begin_reading, held
from netapp.imports.queries.matching import OTHER_NAME, ROW_OTHER_NAME
from netapp.kernel.db import DbSession
from netapp.organisations.models import Organisation

ONE_ADDRESS = {OTHER_NAME, ROW_OTHER_NAME}
"""Rules by which two have one address: they cannot be two people here."""


def choose(
    session: DbSession,
    *,
    key: str,
    version: int,
    choices: Mapping[int, Choice],
    for_all: Choice | None = None,
) -> Import:
    """By the number of the row; ``for_all``: the same for each that is not decided. Once all are,
    the rows are compared anew. Raises ``NotNowPossible``, ``NotFound``."""
    one = held(session, key, version, {ImportState.PREVIEW})
    asked = select(ImportRow).where(ImportRow.import_id == one.id, ImportRow.state == RowState.ASK)
    if for_all:
        _choose_all(session, one, for_all)
    else:
        for row in session.scalars(asked.where(ImportRow.number.in_(choices))):
            chosen = choices[row.number]
            if chosen is Choice.APART and row.rule in ONE_ADDRESS:
                raise NotNowPossible
            row.choice = chosen
    session.flush()
    if session.scalar(asked.where(ImportRow.choice.is_(None)).limit(1)) is None:
        begin_reading(session, one, Step.PLANS)
    return one


def _choose_all(session: DbSession, one: Import, chosen: Choice) -> None:
    open_ones = update(ImportRow).where(
        ImportRow.import_id == one.id,
        ImportRow.state == RowState.ASK,
        ImportRow.choice.is_(None),
    )
    if chosen is Choice.APART:
        open_ones = open_ones.where(ImportRow.rule.not_in(ONE_ADDRESS))
    session.execute(
        open_ones.values(choice=chosen), execution_options={"synchronize_session": False}
    )


def place_organisations(
    session: DbSession, *, key: str, version: int, places: Mapping[int, str]
) -> Import:
    """By the number of the row: ``words``, ``add``, or the key of the organisation that it is.
    Raises ``NotNowPossible``, ``NotFound``."""
    one = held(session, key, version, {ImportState.PREVIEW})
    theirs = select(ImportOrganisation).where(
        ImportOrganisation.import_id == one.id, ImportOrganisation.id.in_(places)
    )
    for each in session.scalars(theirs):
        chosen = places[each.id]
        each.organisation_id = None
        if chosen in {PlaceOf.WORDS.value, PlaceOf.ADD.value}:
            each.place = PlaceOf(chosen)
            continue
        known = session.scalar(
            select(Organisation.id).where(
                Organisation.key == chosen, Organisation.merged_into_id.is_(None)
            )
        )
        if known is None:
            raise NotNowPossible
        each.place, each.organisation_id = PlaceOf.KNOWN, known
    begin_reading(session, one, Step.PLANS)
    return one


def follow_organisation(session: DbSession, *, gone_id: int, left_id: int) -> None:
    """Two of the register are one now: what a file calls the one means the other. Everything else
    is compared once more before it is written."""
    session.execute(
        update(ImportOrganisation)
        .where(ImportOrganisation.organisation_id == gone_id)
        .values(organisation_id=left_id)
        .execution_options(synchronize_session=False)
    )
