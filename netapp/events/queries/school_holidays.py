"""School holidays for the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from netapp.events.bank_holidays import NATION_WORDS, bank_holidays
from netapp.events.models import EventPattern, HolidayCalendar, SchoolHoliday
from netapp.kernel.db import DbSession
from netapp.kernel.words import day_words

FRESH = {"populate_existing": True}


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """``next_words``: the holiday that is or comes next; empty where none is written down."""

    key: str
    area: str
    nation_words: str
    is_sample: bool
    holidays: int
    next_words: str
    patterns: int


def calendar_rows(session: DbSession, today: date) -> list[CalendarRow]:
    """Two queries."""
    calendars = session.scalars(
        select(HolidayCalendar)
        .options(selectinload(HolidayCalendar.holidays))
        .order_by(HolidayCalendar.area)
    ).all()
    used = select(EventPattern.calendar_id, func.count()).group_by(EventPattern.calendar_id)
    patterns = {calendar_id: int(number) for calendar_id, number in session.execute(used)}
    return [
        CalendarRow(
            key=calendar.key,
            area=calendar.area,
            nation_words=NATION_WORDS[calendar.nation],
            is_sample=calendar.is_sample,
            holidays=len(calendar.holidays),
            next_words=_next(calendar.holidays, today),
            patterns=patterns.get(calendar.id, 0),
        )
        for calendar in calendars
    ]


def calendar_by_key(session: DbSession, key: str) -> HolidayCalendar | None:
    """With its holidays in order of time, as the database has it now."""
    wanted = select(HolidayCalendar).where(HolidayCalendar.key == key)
    return session.scalar(
        wanted.options(selectinload(HolidayCalendar.holidays)), execution_options=FRESH
    )


def patterns_of(session: DbSession, calendar: HolidayCalendar) -> int:
    """How many patterns leave these holidays out."""
    mine = EventPattern.calendar_id == calendar.id
    return session.scalar(select(func.count()).select_from(EventPattern).where(mine)) or 0


def coming_bank_holidays(calendar: HolidayCalendar, today: date) -> list[tuple[date, str]]:
    """Those of about a year from today."""
    years = bank_holidays(calendar.nation, today.year) | bank_holidays(
        calendar.nation, today.year + 1
    )
    coming = [(day, name) for day, name in years.items() if day >= today]
    return [each for each in coming if each[0] < today.replace(year=today.year + 1, day=1)]


def span_words(holiday: SchoolHoliday) -> str:
    """15 to 19 February 2027; 22 March to 2 April 2027; one day alone stands once."""
    first, last = holiday.first_day, holiday.last_day
    if first == last:
        return day_words(first)
    if first.year != last.year:
        return f"{day_words(first)} to {day_words(last)}"
    month = f" {first:%B}" if first.month != last.month else ""
    return f"{first.day}{month} to {day_words(last)}"


def _next(holidays: Sequence[SchoolHoliday], today: date) -> str:
    found = next((each for each in holidays if each.last_day >= today), None)
    return f"{found.name}, {span_words(found)}" if found else ""
