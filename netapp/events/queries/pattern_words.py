"""Patterns as people say them: Every second Thursday, 2pm to 4pm, from 21 January 2027."""

from datetime import date, datetime, time
from typing import Final

from netapp.events.bank_holidays import NATION_WORDS, Nation
from netapp.events.models import Rhythm
from netapp.events.pattern_plans import PatternPlan
from netapp.kernel.words import count_words, day_words, join_words, time_words
from netapp.kernel.zones import to_utc

WEEKDAYS: Final = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
NTH: Final = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}


def pattern_words(plan: PatternPlan, area: str = "") -> str:
    """``area`` is that of its calendar of holidays."""
    parts = [rhythm_words(plan), clock_words(plan), _span(plan)]
    if left_out := left_out_words(plan.nation, area):
        parts.append(left_out)
    return ", ".join(parts)


def rhythm_words(plan: PatternPlan) -> str:
    """Every Thursday; Every second Monday and Thursday; The last Friday of each month."""
    days = join_words([WEEKDAYS[number] for number in plan.weekdays])
    if plan.rhythm is Rhythm.MONTHLY:
        of = "each month" if plan.every == 1 else f"every {_ordinal(plan.every)} month"
        return f"The {NTH[plan.nth or 1]} {days} of {of}"
    return f"Every {days}" if plan.every == 1 else f"Every {_ordinal(plan.every)} {days}"


def clock_words(plan: PatternPlan) -> str:
    """2pm to 4pm, by the clock on the wall."""
    return f"{_clock(plan.starts)} to {_clock(plan.ends)}"


def left_out_words(nation: Nation | None, area: str) -> str:
    if area:
        return f"in term time ({area})"
    return f"not on bank holidays ({NATION_WORDS[nation]})" if nation else ""


def weekday_words(day: date) -> str:
    """Thursday 21 January 2027."""
    return f"{WEEKDAYS[day.weekday()]} {day_words(day)}"


def short_day_words(day: date) -> str:
    """Thu 21 Jan 2027."""
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def _span(plan: PatternPlan) -> str:
    if plan.number is not None:
        return f"{count_words(plan.number, 'date')} from {day_words(plan.first_day)}"
    assert plan.until is not None
    return f"{day_words(plan.first_day)} to {day_words(plan.until)}"


def _clock(at: time) -> str:
    return time_words(to_utc(datetime.combine(date(2000, 1, 1), at), "UTC"), "UTC")


def _ordinal(number: int) -> str:
    words = {2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}
    last = {1: "st", 2: "nd", 3: "rd"} if number not in (11, 12, 13) else {}
    return words.get(number) or f"{number}{last.get(number % 10, 'th')}"
