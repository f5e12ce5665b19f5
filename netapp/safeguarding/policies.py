"""When a check is to be looked at again, and when somebody is reminded."""

import calendar
from datetime import date, timedelta
from typing import Final, Protocol

REMIND_BEFORE: Final = timedelta(days=56)
"""Eight weeks: about what a new certificate takes."""

REMIND_EVERY: Final = timedelta(days=14)
"""From then on as often, until it is seen again or taken away."""


class DueAgain(Protocol):
    @property
    def months(self) -> int | None: ...


def due_again(kind: DueAgain, seen_on: date) -> date | None:
    """So many months after it was seen; from 29 February the 28th in other years."""
    if kind.months is None:
        return None
    year, month = divmod(seen_on.year * 12 + seen_on.month - 1 + kind.months, 12)
    day = min(seen_on.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day)


def reminder_is_due(due_on: date | None, reminded_on: date | None, today: date) -> bool:
    if due_on is None or today < due_on - REMIND_BEFORE:
        return False
    return reminded_on is None or today >= reminded_on + REMIND_EVERY
