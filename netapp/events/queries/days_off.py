"""Days on which a pattern has no date: school holidays of a calendar, bank holidays."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from netapp.events.bank_holidays import Nation, bank_holiday
from netapp.events.models import HolidayCalendar
from netapp.events.pattern_plans import PatternPlan
from netapp.kernel.db import DbSession


@dataclass(frozen=True, slots=True)
class DaysOff:
    """``spans``: first and last day of each school holiday, and what it is called."""

    nation: Nation | None = None
    spans: tuple[tuple[date, date, str], ...] = field(default=())

    def why(self, day: date) -> str:
        """Half term, Sampleshire; Good Friday. Empty where nothing speaks against that day."""
        if self.nation and (name := bank_holiday(self.nation, day)):
            return name
        return next((words for first, last, words in self.spans if first <= day <= last), "")


def days_off(session: DbSession, plan: PatternPlan) -> DaysOff:
    """What the plan leaves out, as the holidays are written down now."""
    if plan.calendar_id is None:
        return DaysOff(plan.nation)
    calendar = session.scalar(
        select(HolidayCalendar)
        .where(HolidayCalendar.id == plan.calendar_id)
        .options(selectinload(HolidayCalendar.holidays)),
        execution_options={"populate_existing": True},
    )
    if calendar is None:
        return DaysOff(plan.nation)
    spans = [(h.first_day, h.last_day, f"{h.name}, {calendar.area}") for h in calendar.holidays]
    return DaysOff(calendar.nation, tuple(spans))
