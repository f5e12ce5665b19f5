"""VTIMEZONE, derived from the transitions of the time zone data. RFC 5545 section 3.6.5.

The form is the one that the strictest reader takes: one DAYLIGHT and one STANDARD by yearly rule,
beginning in 1970. Where the clocks follow no rule of the form "the n-th such weekday of the month"
over the years in question (Morocco and Israel by custom, Vancouver by a change of law) each change
is written as an observance of its own, without RDATE, which Outlook ignores.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from netapp.kernel import zones
from netapp.kernel.ical.lines import joined, local

FIRST_YEAR = 1970
"""Rules begin here, so nothing earlier can be written."""

LAST_YEAR = 2199

_AREA_AND_CITY = re.compile(r"[A-Z][A-Za-z]+(/[A-Za-z0-9_+-]+)+")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MONTHS_LEAP = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YEARS_AHEAD = 10  # A rule must hold this much longer: three years can look like any of several.


@dataclass(frozen=True, slots=True)
class Transition:
    """The clocks change: the moment in UTC, the offsets on both sides, the new abbreviation."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def local(self) -> datetime:
        """What the clocks showed when they were changed, naive: the form of DTSTART."""
        return (self.at + self.before).replace(tzinfo=None)

    @property
    def forward(self) -> bool:
        return self.after > self.before


def zone_name(name: str, fallback: str) -> str:
    """The TZID for a zone: the name itself if it is an Area/City we know, else the fallback's.

    ``GMT``, ``GB`` or ``Singapore`` are misread by one program or another; the moments stay right
    in any zone, so another zone is better than no event.
    """
    for candidate in (name, fallback):
        if _is_area_and_city(candidate):
            return candidate
    return "Etc/UTC"


@lru_cache(maxsize=256)
def _is_area_and_city(name: str) -> bool:
    if not _AREA_AND_CITY.fullmatch(name) or name.startswith(("Etc/", "SystemV/")):
        return False
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return False
    return True


@lru_cache(maxsize=256)
def vtimezone(name: str, first_year: int, last_year: int) -> bytes:
    """The VTIMEZONE of a zone, right for every moment of these local years."""
    zone = zones.zone(name)
    changes = list(_transitions(zone, first_year - 2, last_year + 1 + _YEARS_AHEAD))
    inside = [change for change in changes if change.local.year >= first_year]
    rules = _yearly_rules(inside, first_year, last_year + _YEARS_AHEAD)
    if not any(change.local.year <= last_year for change in inside):
        observances = _unchanging(zone, first_year)
    elif rules is not None:
        observances = rules
    else:
        observances = _each_change(changes, zone, first_year, last_year)
    return joined(["BEGIN:VTIMEZONE", f"TZID:{name}", *observances, "END:VTIMEZONE"])


def _transitions(zone: ZoneInfo, first_year: int, last_year: int) -> Iterator[Transition]:
    """Every change of offset in these UTC years, found by looking at each day."""
    step = timedelta(days=1)
    here = datetime(first_year, 1, 1, tzinfo=UTC)
    end = datetime(last_year + 1, 1, 1, tzinfo=UTC)
    offset = _offset(zone, here)
    while here < end:
        there = here + step
        if (new := _offset(zone, there)) != offset:
            at = _moment_of_change(zone, here, there)
            yield Transition(at, offset, new, at.astimezone(zone).tzname() or "")
            offset = new
        here = there


def _moment_of_change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second with the later offset."""
    old = _offset(zone, before)
    second = timedelta(seconds=1)
    while after - before > second:
        middle = before + (after - before) // second // 2 * second
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _yearly_rules(changes: list[Transition], first_year: int, last_year: int) -> list[str] | None:
    """Two observances by rule, or None where these years follow no rule."""
    changes = [change for change in changes if change.local.year <= last_year]
    lines: list[str] = []
    for forward in (True, False):
        same_way = [change for change in changes if change.forward is forward]
        if [change.local.year for change in same_way] != list(range(first_year, last_year + 1)):
            return None
        rule = _rule(same_way)
        if rule is None:
            return None
        lines += rule
    return lines


def _rule(changes: list[Transition]) -> list[str] | None:
    """The observance that one yearly change follows, or None."""
    model = changes[0]
    month, weekday, clock = model.local.month, model.local.weekday(), model.local.time()
    alike = all(
        (change.before, change.after, change.local.month, change.local.weekday())
        == (model.before, model.after, month, weekday)
        and change.local.time() == clock
        for change in changes
    )
    if not alike:
        return None
    for nth in (-1, 1, 2, 3, 4):
        if all(
            change.local.day == _nth_weekday(change.local.year, month, nth, weekday)
            for change in changes
        ):
            begins = datetime.combine(
                date(FIRST_YEAR, month, _nth_weekday(FIRST_YEAR, month, nth, weekday)), clock
            )
            rule = f"FREQ=YEARLY;BYMONTH={month};BYDAY={nth}{_WEEKDAYS[weekday]}"
            return _observance(model, begins, changes[-1].name, rule)
    return None


def _nth_weekday(year: int, month: int, nth: int, weekday: int) -> int:
    """Day of the month of the n-th such weekday, n from 1 to 4, or -1 for the last."""
    if nth > 0:
        return 1 + (weekday - date(year, month, 1).weekday()) % 7 + 7 * (nth - 1)
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    last = 28 if month == 2 and not leap else _MONTHS_LEAP[month - 1]
    return last - (date(year, month, last).weekday() - weekday) % 7


def _each_change(
    changes: list[Transition], zone: ZoneInfo, first_year: int, last_year: int
) -> list[str]:
    """One observance a change, from the last one before these years on."""
    earlier = [change for change in changes if change.local.year < first_year][-1:]
    inside = [change for change in changes if first_year <= change.local.year <= last_year]
    lines = [] if earlier else _unchanging(zone, first_year)
    for change in earlier + inside:
        lines += _observance(change, change.local, change.name)
    return lines


def _unchanging(zone: ZoneInfo, year: int) -> list[str]:
    """One STANDARD with the offset of the first day of a year."""
    here = datetime(year, 1, 1, tzinfo=zone)
    still = _offset(zone, here)
    same = Transition(here, still, still, here.tzname() or "")
    return _observance(same, datetime(FIRST_YEAR, 1, 1), same.name)  # noqa: DTZ001


def _observance(change: Transition, begins: datetime, name: str, rule: str = "") -> list[str]:
    """DAYLIGHT is the step forward, whatever a zone's own data call it (Dublin: the reverse)."""
    kind = "DAYLIGHT" if change.forward else "STANDARD"
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{local(begins)}",
        *([f"RRULE:{rule}"] if rule else []),
        f"TZOFFSETFROM:{_offset_words(change.before)}",
        f"TZOFFSETTO:{_offset_words(change.after)}",
        *([f"TZNAME:{name}"] if name else []),
        f"END:{kind}",
    ]


def _offset_words(offset: timedelta) -> str:
    """UTC-OFFSET: hours and minutes, seconds only where there are any."""
    seconds = int(offset.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("+", seconds)
    words = f"{sign}{seconds // 3600:02d}{seconds // 60 % 60:02d}"
    return words + (f"{seconds % 60:02d}" if seconds % 60 else "")
