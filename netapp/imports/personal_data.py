"""What is kept of files of people that coordinators load, and for how long."""

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select

from netapp.imports.models import ColumnMemory, Import, ImportAct, ImportOrganisation, ImportRow
from netapp.kernel.personal_data import About, DataClass, Delete, Holding, Rule, Shared
from netapp.people.models import Person

UNTIL: Final = "Thirty days, then it is deleted."
WHY: Final = "So that a whole import can be undone."


def _rows_of(person: int) -> ColumnElement[bool]:
    """Also rows of files that were never imported: they have the address."""
    address = select(Person.email).where(Person.id == person)
    return or_(ImportRow.person_id == person, ImportRow.email.in_(address))


HOLDINGS: Final[tuple[Holding | Shared, ...]] = (
    Holding(
        ImportRow,
        {
            DataClass.TECHNICAL: "id import_id number person_id other_id rule name_key"
            " organisation_key state choice to_invite faults",
            DataClass.CONTACT: "email",
            DataClass.WORDS: "cells",
            DataClass.BELONGING: "says plan",
        },
        (
            About(
                of=_rows_of,
                title="Lists that coordinators loaded",
                why=WHY,
                until=UNTIL,
                closing=Delete(),
                words={"cells": "What stood there", "email": "Address", "says": "What it meant"},
            ),
        ),
    ),
    Holding(
        ImportAct,
        {
            DataClass.TECHNICAL: "id import_id row_id person_id target_id undone_at",
            DataClass.BELONGING: "what before after kept",
        },
        (
            About(
                of=lambda person: or_(
                    ImportAct.person_id == person,
                    ImportAct.row_id.in_(select(ImportRow.id).where(_rows_of(person))),
                ),
                title="What a list changed about you",
                why=WHY,
                until=UNTIL,
                closing=Delete(),
                words={"what": "What", "before": "Before", "after": "After"},
            ),
        ),
    ),
    *(Shared(model) for model in (Import, ImportOrganisation, ColumnMemory)),
)


def _over(before: datetime) -> ColumnElement[bool]:
    finished = func.coalesce(Import.undone_at, Import.done_at)
    return ImportRow.import_id.in_(select(Import.id).where(finished < before))


RULES: Final = (
    Rule(
        "imports",
        "Rows of files of people, once imported",
        "So that an import can be looked at, and undone for 30 days.",
        days=30,
        at_least=30,
        at_most=90,
        model=ImportRow,
        due=_over,
        closing=Delete(),
        parts=(ImportAct.row_id,),
    ),
)
