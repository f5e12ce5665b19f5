"""Bring the controlled lists to what data/terms.csv says; its sources are in NOTICE."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from netapp.kernel.db import DbSession
from netapp.kernel.revisions import raise_revision
from netapp.vocabulary.models import Term, TermKind

FILE = Path(__file__).parent / "data" / "terms.csv"


def load_terms(session: DbSession, *, now: datetime) -> int:
    """Add the terms that are missing and correct those that differ; returns how many that were.

    The order of the file is the order of the lists. A term that the file does not name stays:
    something may be tagged with it.
    """
    known = {term.slug: term for term in session.scalars(select(Term))}
    changed = 0
    for values in _terms_of_file():
        term = known.get(values["slug"])
        if term is None:
            session.add(Term(**values))
        elif any(getattr(term, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(term, name, value)
        else:
            continue
        changed += 1
    if changed:
        raise_revision(session, "events", now)  # What the public sees of events shows the labels.
    session.flush()
    return changed


def _terms_of_file() -> Iterator[dict[str, Any]]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        for position, row in enumerate(csv.DictReader(lines), start=1):
            yield {
                "slug": row["slug"],
                "label": row["label"],
                "kind": TermKind(row["kind"]),
                "position": position,
                "abbreviations": _items(row["abbreviations"]),
                "synonyms": _items(row["synonyms_in_sources"]) + _items(row["synonyms_added"]),
            }


def _items(cell: str) -> list[str]:
    return cell.split("|") if cell else []
