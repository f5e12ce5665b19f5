"""The days of a pattern: which there are, which are left out, and why."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from typing import Final

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

from netapp.events.errors import TooManyDates
from netapp.events.models import Rhythm
from netapp.events.pattern_plans import PatternPlan
from netapp.events.queries.days_off import DaysOff
from netapp.kernel.words import time_words
from netapp.kernel.zones import TimeSkipped, to_utc

MOST_DATES: Final = 200
LONGEST: Final = timedelta(days=5 * 366)
"""Nobody plans further than about five years; what runs on and on is asked for again."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One day of a pattern. Where ``why`` says why it is left out there are no moments."""

    day: date
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    why: str = ""


def slots_of(plan: PatternPlan, zone: str, off: DaysOff) -> list[Slot]:
    """Each day of the pattern in order. Days left out do not count towards ``number``.

    Times are those on the wall in ``zone``, before and after the clocks change. Raises
    ``TooManyDates``, and ``TimeAmbiguous`` where a time happens twice and ``second`` is not said.
    """
    slots: list[Slot] = []
    kept = 0
    for day in _days(plan):
        if plan.number is not None and kept == plan.number:
            break
        slot = _slot(plan, day, zone, off)
        kept += not slot.why
        if kept > MOST_DATES:
            raise TooManyDates
        slots.append(slot)
    while slots and slots[-1].why and plan.number is not None:
        slots.pop()  # Nothing follows these.
    return slots


def beginning_with_a_date(plan: PatternPlan) -> PatternPlan:
    """With the first day that the pattern has on or after the one that was typed, so that every
    second week is counted from there."""
    weekly = replace(plan, every=1, until=None, number=None)
    first = next((day for day in _days(weekly) if day >= plan.first_day), plan.first_day)
    return replace(plan, first_day=first)


def _days(plan: PatternPlan) -> Iterator[date]:
    """From the week, or the month, of the first day on.

    In that one nothing is before the first day, unless there would be nothing: a pattern whose
    Thursdays become Tuesdays begins on the Tuesday of the same week.
    """
    first = plan.first_day
    if plan.rhythm is Rhythm.WEEKLY:
        begin = first - timedelta(days=first.weekday())
        end = begin + timedelta(days=7)
        which = [weekday(number) for number in plan.weekdays]
        frequency = WEEKLY
    else:
        begin = first.replace(day=1)
        end = (begin + timedelta(days=31)).replace(day=1)
        which = [weekday(number)(plan.nth) for number in plan.weekdays]
        frequency = MONTHLY
    last = min(plan.until or date.max, first + LONGEST)
    rule = rrule(
        frequency,
        interval=plan.every,
        byweekday=which,
        wkst=weekday(0),
        dtstart=datetime.combine(begin, time()),
        until=datetime.combine(last, time()),
    )
    in_first = list(takewhile(lambda day: day < end, _dates(rule)))
    from_on = [day for day in in_first if day >= first]
    yield from from_on or in_first
    yield from (day for day in _dates(rule) if day >= end)


def _dates(rule: rrule) -> Iterator[date]:
    return (moment.date() for moment in rule)


def _slot(plan: PatternPlan, day: date, zone: str, off: DaysOff) -> Slot:
    if why := off.why(day):
        return Slot(day, why=why)
    last = day if plan.ends > plan.starts else day + timedelta(days=1)
    moments = []
    for local in (datetime.combine(day, plan.starts), datetime.combine(last, plan.ends)):
        try:
            moments.append(to_utc(local, zone, second=plan.second))
        except TimeSkipped:
            clock = time_words(to_utc(local, "UTC"), "UTC")
            return Slot(day, why=f"The clocks go forward that night: {clock} does not exist.")
    begins, ends = moments
    if ends <= begins:
        return Slot(day, why="The clocks change that night, and it would end before it begins.")
    return Slot(day, begins, ends)
