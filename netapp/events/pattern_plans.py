"""What a coordinator typed about a pattern of dates: values that are not rows yet."""

from dataclasses import dataclass
from datetime import date, time

from netapp.events.bank_holidays import Nation
from netapp.events.models import Rhythm


@dataclass(frozen=True, slots=True)
class PatternPlan:
    """A pattern of dates, in local days and times of the event; see ``EventPattern``."""

    rhythm: Rhythm
    every: int
    weekdays: tuple[int, ...]
    nth: int | None
    starts: time
    ends: time
    second: bool | None
    first_day: date
    until: date | None = None
    number: int | None = None
    nation: Nation | None = None
    calendar_id: int | None = None
    title: str | None = None
    place: str | None = None
    join_link: str | None = None
    capacity: int | None = None
    online_capacity: int | None = None
