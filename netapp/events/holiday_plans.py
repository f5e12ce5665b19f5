"""What a coordinator typed, or a file said, about school holidays: values that are not rows yet."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class HolidayPlan:
    """Both days are without school."""

    name: str
    first_day: date
    last_day: date
    source: str
    checked_on: date
