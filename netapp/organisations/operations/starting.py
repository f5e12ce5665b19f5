"""The organisations that a network begins with; the sources are named row by row."""

import csv
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select

from netapp.kernel.db import DbSession
from netapp.kernel.revisions import raise_revision
from netapp.organisations.models import LegalForm, NameKind, Organisation, OrganisationName
from netapp.organisations.operations.guard import REGISTER, free_slug
from netapp.vocabulary.models import Term

FILE: Final = Path(__file__).parents[1] / "data" / "organisations.csv"
_NAMES: Final = {
    "aliases": NameKind.ALIAS,
    "former_names": NameKind.FORMER,
    "short_names": NameKind.ABBREVIATION,
}


def load_organisations(session: DbSession, *, now: datetime) -> int:
    """Add those that were never added; returns how many. One that is there, or was merged into
    another, stays as coordinators made it: its key tells, whatever it is called by now.

    Needs the terms. Nobody has confirmed any of them, so they bear no date.
    """
    known = set(session.scalars(select(Organisation.key)))
    rows = [row for row in _rows() if row["key"] not in known]
    if not rows:
        return 0
    raise_revision(session, REGISTER, now)
    terms = {term.slug: term for term in session.scalars(select(Term))}
    for row in rows:
        _add(session, row, terms, now)
    return len(rows)


def _rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _add(session: DbSession, row: dict[str, str], terms: dict[str, Term], now: datetime) -> None:
    kind = terms.get(row["type"])
    organisation = Organisation(
        key=row["key"],
        slug=free_slug(session, row["name"]),
        name=row["name"],
        type_id=kind.id if kind else None,
        legal_form=LegalForm(row["legal_form"]) if row["legal_form"] else None,
        description=row["description"],
        source=row["source"],
        created_at=now,
        areas=[terms[slug] for slug in _items(row["areas"]) if slug in terms],
    )
    session.add(organisation)
    session.flush()
    for column, name_kind in _NAMES.items():
        for name in _items(row[column]):
            session.add(
                OrganisationName(
                    organisation_id=organisation.id,
                    name=name,
                    kind=name_kind,
                    slug=free_slug(session, name),
                )
            )
            session.flush()


def _items(cell: str) -> list[str]:
    return cell.split("|") if cell else []
