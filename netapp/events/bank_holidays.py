"""Bank holidays of the three parts of the United Kingdom, computed for any year.

Sources: the Banking and Financial Dealings Act 1971, schedule 1; the Common Law days; gov.uk,
"UK bank holidays". A day that falls on a weekend is kept on the next weekday that is free. What a
single proclamation gave or moved is in ``PROCLAIMED`` and ``MOVED``, from 2020 on; one that is
proclaimed later is added there, or by a coordinator to a calendar of holidays.
"""

import enum
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from dateutil.easter import easter

WEEKEND: Final = 5  # Saturday, counted from Monday as 0.


class Nation(enum.Enum):
    """Where bank holidays are alike."""

    ENGLAND_AND_WALES = "england_and_wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern_ireland"


NATION_WORDS: Final = {
    Nation.ENGLAND_AND_WALES: "England and Wales",
    Nation.SCOTLAND: "Scotland",
    Nation.NORTHERN_IRELAND: "Northern Ireland",
}
PROCLAIMED: Final = {
    date(2022, 6, 3): ("Platinum Jubilee of Elizabeth II", tuple(Nation)),
    date(2022, 9, 19): ("State Funeral of Queen Elizabeth II", tuple(Nation)),
    date(2023, 5, 8): ("Coronation of Charles III", tuple(Nation)),
    date(2026, 6, 15): ("Bank holiday for the World Cup", (Nation.SCOTLAND,)),
}
MOVED: Final = {date(2020, 5, 4): date(2020, 5, 8), date(2022, 5, 30): date(2022, 6, 2)}


@lru_cache(maxsize=256)
def bank_holidays(nation: Nation, year: int) -> dict[date, str]:
    """The name of each, by day."""
    scotland, northern = nation is Nation.SCOTLAND, nation is Nation.NORTHERN_IRELAND
    found = {
        _monday(year, 5, first=True): "Early May bank holiday",
        _monday(year, 5, first=False): "Spring bank holiday",
        _monday(year, 8, first=scotland): "Summer bank holiday",
        _easter(year) - timedelta(days=2): "Good Friday",
    }
    found = {MOVED.get(day, day): name for day, name in found.items()}
    if not scotland:
        found[_easter(year) + timedelta(days=1)] = "Easter Monday"
    fixed = [(1, 1, "New Year’s Day"), (12, 25, "Christmas Day"), (12, 26, "Boxing Day")]
    if scotland:
        fixed += [(1, 2, "2 January"), (11, 30, "St Andrew’s Day")]
    if northern:
        fixed += [(3, 17, "St Patrick’s Day"), (7, 12, "Battle of the Boyne")]
    found |= _kept(sorted((date(year, month, day), name) for month, day, name in fixed))
    for day, (name, nations) in PROCLAIMED.items():
        if day.year == year and nation in nations:
            found[day] = name
    return dict(sorted(found.items()))


def bank_holiday(nation: Nation, day: date) -> str:
    """What it is called; empty for any other day."""
    return bank_holidays(nation, day.year).get(day, "")


def _kept(days: list[tuple[date, str]]) -> dict[date, str]:
    """Fixed days, those on a weekend moved on. A weekday keeps its own."""
    found = {day: name for day, name in days if day.weekday() < WEEKEND}
    for day, name in days:
        if day.weekday() >= WEEKEND:
            instead = day
            while instead.weekday() >= WEEKEND or instead in found:
                instead += timedelta(days=1)
            found[instead] = f"{name} (substitute day)"
    return found


def _monday(year: int, month: int, *, first: bool) -> date:
    """The first Monday of a month, or its last."""
    if first:
        begin = date(year, month, 1)
        return begin + timedelta(days=-begin.weekday() % 7)
    end = date(year, month, 31)  # May and August.
    return end - timedelta(days=end.weekday())


def _easter(year: int) -> date:
    found: date = easter(year)
    return found
