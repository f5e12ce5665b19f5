"""School holidays of a council that does not exist: near enough to what is usual, to try out."""

from collections.abc import Sequence
from datetime import date, timedelta

from dateutil.easter import easter

Holiday = tuple[str, date, date]
"""What it is, first and last day without school."""


def invented_holidays(today: date, years: int = 3) -> list[Holiday]:
    """From the school year that is now on, in order of time."""
    first = today.year if today.month >= 9 else today.year - 1
    return [each for year in range(first, first + years) for each in _school_year(year)]


def next_term_day(day: date, holidays: Sequence[Holiday]) -> date:
    """The same weekday, in the first week that is no holiday."""
    while any(first <= day <= last for _, first, last in holidays):
        day += timedelta(weeks=1)
    return day


def _school_year(year: int) -> list[Holiday]:
    sunday = easter(year + 1)
    return [
        ("Autumn half term", *_week_of(date(year, 10, 28))),
        ("Christmas", date(year, 12, 20), date(year + 1, 1, 3)),
        ("February half term", *_week_of(date(year + 1, 2, 17))),
        ("Easter", sunday - timedelta(days=6), sunday + timedelta(days=5)),
        ("May half term", *_week_of(date(year + 1, 5, 31))),
        ("Summer", date(year + 1, 7, 22), date(year + 1, 8, 31)),
    ]


def _week_of(day: date) -> tuple[date, date]:
    """Monday to Friday."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=4)
