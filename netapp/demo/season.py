"""When the sample season is: the past series moved by whole weeks, all by the same number."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count

from netapp.demo.series import Series

FROM_NOW = timedelta(weeks=3)
"""How far ahead the season begins at least, so that there is time to book."""

WINTER_BREAK = ((12, 20), (1, 3))
"""No sample date falls between 20 December and 3 January."""


def moved_to_season(series: Sequence[Series], now: datetime) -> list[Series]:
    """The same weekdays, hours and gaps, in the first weeks that are far enough ahead.

    ``now`` is naive local time. Hours stay what they are on the wall, whether or not the clocks
    have changed by then.
    """
    weeks = _weeks_ahead(series, now)
    return [
        replace(
            each,
            dates=tuple(
                replace(day, starts_at=day.starts_at + weeks, ends_at=day.ends_at + weeks)
                for day in each.dates
            ),
        )
        for each in series
    ]


def first_day_of(season: Sequence[Series]) -> date:
    return min(day.starts_at for each in season for day in each.dates).date()


def _weeks_ahead(series: Sequence[Series], now: datetime) -> timedelta:
    starts = [day.starts_at for each in series for day in each.dates]
    earliest = now + FROM_NOW - min(starts)
    whole_weeks = -(-earliest // timedelta(weeks=1))
    for number in count(whole_weeks):
        if not any(_is_in_break((start + timedelta(weeks=number)).date()) for start in starts):
            return timedelta(weeks=number)
    raise AssertionError("there is no year without a free week")


def skip_break(day: date) -> date:
    """The same weekday, after the winter break if it falls into it."""
    while _is_in_break(day):
        day += timedelta(weeks=1)
    return day


def _is_in_break(day: date) -> bool:
    begins, ends = WINTER_BREAK
    return (day.month, day.day) >= begins or (day.month, day.day) <= ends
