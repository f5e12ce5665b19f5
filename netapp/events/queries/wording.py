"""How pages say when an event is, and how many places there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from netapp.kernel.words import (
    count_words,
    date_words,
    dates_words,
    hours_words,
    time_words,
    zone_words,
)
from netapp.kernel.zones import to_local

MOST_DATES_NAMED: Final = 5
UK: Final = "Europe/London"


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, both UTC."""

    starts_at: datetime
    ends_at: datetime


def when_words(spans: Sequence[Span], zone: str) -> str:
    """Thursdays 21 January, 18 March and 13 May 2027; a long row only by its number and ends."""
    moments = sorted(span.starts_at for span in spans)
    days = {to_local(moment, zone).date() for moment in moments}
    if len(days) <= MOST_DATES_NAMED:
        return dates_words(moments, zone)
    first, last = date_words(moments[0], zone), date_words(moments[-1], zone)
    return f"{len(days)} dates from {first} to {last}"


def daily_hours_words(spans: Sequence[Span], zone: str) -> str:
    """2pm to 5:30pm GMT, where that is true of each day; empty where days differ."""
    if not spans:
        return ""
    by_day: dict[object, Span] = {}
    for span in spans:
        day = to_local(span.starts_at, zone).date()
        other = by_day.get(day, span)
        begins, ends = min(span.starts_at, other.starts_at), max(span.ends_at, other.ends_at)
        by_day[day] = Span(begins, ends)
    said = {session_hours_words(span, zone) for span in by_day.values()}
    if len(said) > 1:
        return ""
    return f"{said.pop()} {zones_words([span.starts_at for span in spans], zone)}"


def session_hours_words(span: Span, zone: str) -> str:
    """2pm to 5:30pm; over midnight the second day is named."""
    begins, ends = to_local(span.starts_at, zone), to_local(span.ends_at, zone)
    if begins.date() == ends.date():
        return hours_words(span.starts_at, span.ends_at, zone)
    last_day = date_words(span.ends_at, zone, year=False)
    return f"{time_words(span.starts_at, zone)} to {time_words(span.ends_at, zone)} on {last_day}"


def start_words(moment: datetime, zone: str) -> str:
    """Thursday 21 January, 2pm: which of several dates, where a year would be in the way."""
    return f"{date_words(moment, zone, year=False)}, {time_words(moment, zone)}"


def zones_words(moments: Sequence[datetime], zone: str) -> str:
    """GMT; where summer and winter time both occur: UK time, Paris time."""
    names = {zone_words(moment, zone) for moment in moments}
    if len(names) == 1:
        return names.pop()
    if zone == UK:
        return "UK time"
    return f"{zone.rsplit('/', 1)[-1].replace('_', ' ')} time"


def free_words(free: int | None, *, waits: bool, waiting_list: bool) -> str:
    """4 places left; Full, waiting list open. Empty where there is no limit."""
    if waits:
        return "Full, waiting list open" if waiting_list else "Full"
    return "" if free is None else f"{count_words(free, 'place')} left"


def by_mode_words(modes: Sequence[tuple[str, int | None, bool]]) -> str:
    """Full in person, 23 places left online; 4 places left in person, 23 online. Each is how one
    takes part, what is free (None without limit), and whether it is full. Empty where there is no
    limit to any."""
    if all(free is None and not full for _, free, full in modes):
        return ""
    parts = [f"Full {how}" for how, _, full in modes if full]
    for how, free, full in modes:
        if full:
            continue
        said = any(part[0].isdigit() for part in parts)
        left = (
            "places"
            if free is None
            else str(free)
            if said
            else f"{count_words(free, 'place')} left"
        )
        parts.append(f"{left} {how}")
    words = ", ".join(parts)
    return words[0].upper() + words[1:]
