"""The four series of events that took place in 2021: titles, days and hours, as published.

Nothing else was published, so nothing else stands in data/past_events.csv. ``kind`` says which of
our five words fits the title. The hours of the two days in March are those of each day.
"""

import csv
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from netapp.events.models import EventKind

FILE = Path(__file__).parent / "data" / "past_events.csv"


@dataclass(frozen=True, slots=True)
class LocalDate:
    """One date by the clock on the wall; ``followed_by`` begins where it ends, its end is open."""

    starts_at: datetime
    ends_at: datetime
    followed_by: str


@dataclass(frozen=True, slots=True)
class Series:
    slug: str
    title: str
    kind: EventKind
    zone: str
    dates: tuple[LocalDate, ...]


def past_series() -> list[Series]:
    """In the order of their first dates."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [_series(list(group)) for _, group in groupby(rows, key=lambda row: row["series_slug"])]


def _series(rows: list[dict[str, str]]) -> Series:
    first = rows[0]
    return Series(
        slug=first["series_slug"],
        title=first["series_title"],
        kind=EventKind(first["kind"]),
        zone=first["zone"],
        dates=tuple(
            LocalDate(
                datetime.fromisoformat(row["starts_at"]),
                datetime.fromisoformat(row["ends_at"]),
                row["followed_by"],
            )
            for row in rows
        ),
    )
