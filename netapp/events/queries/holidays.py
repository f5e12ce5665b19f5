"""Days on which nobody expects an event, for whoever takes a date from another year or week."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from netapp.kernel.zones import to_local

TO_CHECK: Final = {(12, 25), (12, 26), (1, 1)}
"""Christmas Day, Boxing Day, New Year's Day, as (month, day). Other holidays move."""


def check_words(day: date | None) -> str:
    """25 December: check this date. Empty for any other day."""
    if day is None or (day.month, day.day) not in TO_CHECK:
        return ""
    return f"{day.day} {day:%B}: check this date."


def copied_check_words(starts: Iterable[datetime], zone: str, first_day: date | None) -> list[str]:
    """What to check where dates move by whole days, so that the first falls on ``first_day``."""
    days = sorted(to_local(moment, zone).date() for moment in starts)
    if not days or first_day is None:
        return []
    by = first_day - days[0]
    return list(dict.fromkeys(words for day in days if (words := check_words(day + by))))
