"""Dates, times and numbers the way people read them: Thursday 21 January 2021, 2pm to 5:30pm."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby

from netapp.kernel.zones import to_local


def date_words(moment: datetime, zone: str, *, year: bool = True) -> str:
    """Thursday 21 January 2021."""
    local = to_local(moment, zone)
    return f"{local:%A} {local.day} {local:%B}" + (f" {local.year}" if year else "")


def day_words(day: date) -> str:
    """21 January 2021."""
    return f"{day.day} {day:%B} {day.year}"


def short_date_words(moment: datetime, zone: str, *, year: bool = True) -> str:
    """Thu 21 Jan 2021."""
    local = to_local(moment, zone)
    return f"{local:%a} {local.day} {local:%b}" + (f" {local.year}" if year else "")


def time_words(moment: datetime, zone: str) -> str:
    """2pm, 5:30pm, midday, midnight."""
    local = to_local(moment, zone)
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    minutes = f":{local.minute:02d}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def zone_words(moment: datetime, zone: str) -> str:
    """GMT, BST, CET: the zone's own abbreviation at that moment, or its name."""
    abbreviation = f"{to_local(moment, zone):%Z}"
    return abbreviation if abbreviation.isalpha() else zone


def moment_words(moment: datetime, zone: str) -> str:
    """Monday 3 February 2027, 9am GMT."""
    return f"{date_words(moment, zone)}, {time_words(moment, zone)} {zone_words(moment, zone)}"


def hours_words(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """2pm to 5:30pm."""
    return f"{time_words(starts_at, zone)} to {time_words(ends_at, zone)}"


def span_words(starts_at: datetime, ends_at: datetime, zone: str) -> str:
    """Thursday 21 January 2021, 2pm to 5:30pm GMT; over midnight both days are named."""
    begin, end = to_local(starts_at, zone), to_local(ends_at, zone)
    if begin.date() == end.date():
        words = f"{date_words(starts_at, zone)}, {hours_words(starts_at, ends_at, zone)}"
    else:
        words = (
            f"{date_words(starts_at, zone)}, {time_words(starts_at, zone)} to "
            f"{date_words(ends_at, zone)}, {time_words(ends_at, zone)}"
        )
    return f"{words} {zone_words(starts_at, zone)}"


def dates_words(moments: Sequence[datetime], zone: str) -> str:
    """Thursdays 21 January, 18 March and 13 May 2021; Thursday 11 and Friday 12 March 2021;
    Tuesdays 19 January, 2 and 16 March, 13 and 27 April 2027.

    Weekdays are named once where all dates share one; months and years where they change.
    """
    days = list(dict.fromkeys(to_local(moment, zone).date() for moment in sorted(moments)))
    if not days:
        return ""
    shared = len({day.weekday() for day in days}) == 1
    parts: list[str] = []
    for (year, month), group in groupby(days, key=lambda day: (day.year, day.month)):
        in_month = list(group)
        names = [str(d.day) if shared else f"{d:%A} {d.day}" for d in in_month]
        last_of_year = not any(d.year == year and d.month > month for d in days)
        tail = f" {in_month[0]:%B}" + (f" {year}" if last_of_year else "")
        parts.append(join_words(names) + tail)
    prefix = f"{days[0]:%A}{'s' if len(days) > 1 else ''} " if shared else ""
    one_each = len(parts) == len(days)
    return prefix + (join_words(parts) if one_each else ", ".join(parts))


def join_words(parts: Sequence[str], last: str = "and") -> str:
    """a, b and c."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def sentence(text: str) -> str:
    """With a full stop, unless it ends with a mark of its own: for what people type."""
    tidy = text.rstrip()
    return tidy if not tidy or tidy[-1] in ".!?…" else f"{tidy}."


def count_words(number: int, one: str, many: str = "") -> str:
    """1 place, 4 places."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
