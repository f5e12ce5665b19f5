"""The groups that a network begins with; the sources are named row by row."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select

from netapp.groups.models import Group, GroupKind, GroupOrganisation, Joining, ProgrammeStatus
from netapp.groups.operations.editing import free_slug
from netapp.kernel.db import DbSession
from netapp.organisations.models import Organisation

FOLDER: Final = Path(__file__).parents[1] / "data"


def load_groups(session: DbSession, *, now: datetime) -> int:
    """Add those that were never added; returns how many. One that is there stays as coordinators
    made it: its key tells, whatever it is called by now. Nobody is in them.

    Needs the register of organisations; an organisation that is not in it is left out.
    """
    known = set(session.scalars(select(Group.key)))
    rows = [row for row in _rows("groups.csv") if row["key"] not in known]
    register = session.execute(select(Organisation.key, Organisation.id))
    organisations = {row.key: row.id for row in register}
    for row in rows:
        group = Group(
            key=row["key"],
            slug=free_slug(session, row["slug"]),
            name=row["name"],
            other_names=row["other_names"],
            kind=GroupKind(row["kind"]),
            stage=ProgrammeStatus(row["stage"]) if row["stage"] else None,
            joining=Joining(row["joining"]),
            purpose=row["purpose"],
            description=row["description"],
            length=row["length"],
            source=row["source"],
            created_at=now,
        )
        session.add(group)
        session.flush()
        theirs = [each for each in _rows("group_organisations.csv") if each["group"] == row["key"]]
        session.add_all(
            [
                GroupOrganisation(
                    group_id=group.id,
                    organisation_id=organisations[each["organisation"]],
                    part=each["part"],
                    position=number,
                )
                for number, each in enumerate(theirs, start=1)
                if each["organisation"] in organisations
            ]
        )
    session.flush()
    return len(rows)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
