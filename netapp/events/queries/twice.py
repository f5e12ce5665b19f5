"""Dates that are there already: a form sent twice, or a day added twice.

Sessions side by side have the same hours and differ in name or place.
"""

from datetime import datetime

from netapp.events.models import Event, EventSession, SessionStatus
from netapp.events.plans import DatePlan
from netapp.kernel.words import span_words

Looks = tuple[datetime, datetime, str, str]


def is_there(event: Event, plan: DatePlan, *, besides: EventSession | None = None) -> bool:
    """Whether a date with these hours, this name and this place stands already. ``sessions`` must
    be loaded."""
    return _looks(plan) in [_looks(date) for date in _standing(event) if date is not besides]


def is_at(event: Event, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether any date has exactly these hours."""
    hours = starts_at, ends_at
    return any((date.starts_at, date.ends_at) == hours for date in _standing(event))


def twice_words(event: Event) -> list[str]:
    """The dates that are there more than once, in words."""
    looks = [_looks(date) for date in _standing(event)]
    return [
        span_words(one[0], one[1], event.zone)
        for one in dict.fromkeys(looks)
        if looks.count(one) > 1
    ]


def looks_same(date: EventSession, plan: DatePlan) -> bool:
    return _looks(date) == _looks(plan)


def _standing(event: Event) -> list[EventSession]:
    return [date for date in event.sessions if date.status is SessionStatus.SCHEDULED]


def _looks(date: EventSession | DatePlan) -> Looks:
    return date.starts_at, date.ends_at, date.title or "", date.place or ""
