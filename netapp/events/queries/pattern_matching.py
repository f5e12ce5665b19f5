"""Which date of a pattern stands for which day after the pattern has changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date as date_type

from netapp.events.models import EventSession
from netapp.events.queries.pattern_days import Slot

Pairs = list[tuple["Entry", Slot]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A day of the pattern as it was, and the date that stands for it; None: somebody took that
    date out of the draft."""

    day: date_type
    date: EventSession | None
    by_hand: bool = False


def match(
    entries: Sequence[Entry], slots: Sequence[Slot], *, by_month: bool
) -> tuple[Pairs, list[Entry], list[Slot]]:
    """Pairs of old and new, old ones without a new one, new ones without an old one.

    First the same day, then the same week from Monday, then (``by_month``) the same month, each
    in order of time: a Thursday that becomes a Tuesday moves within its week, a first Monday that
    becomes a second Tuesday within its month.
    """
    left, free = sorted(entries, key=lambda one: one.day), list(slots)
    pairs: Pairs = []
    for of in (_day, _week, _month) if by_month else (_day, _week):
        left, free = _match_by(of, left, free, pairs)
    return sorted(pairs, key=lambda pair: pair[1].day), left, free


def _match_by(
    of: Callable[[date_type], tuple[int, ...]],
    entries: list[Entry],
    slots: list[Slot],
    pairs: Pairs,
) -> tuple[list[Entry], list[Slot]]:
    free: dict[tuple[int, ...], list[Slot]] = {}
    for slot in slots:
        free.setdefault(of(slot.day), []).append(slot)
    left = []
    for entry in entries:
        if there := free.get(of(entry.day)):
            pairs.append((entry, there.pop(0)))
        else:
            left.append(entry)
    return left, [slot for same in free.values() for slot in same]


def _day(day: date_type) -> tuple[int, ...]:
    return (day.toordinal(),)


def _week(day: date_type) -> tuple[int, ...]:
    return day.isocalendar()[:2]


def _month(day: date_type) -> tuple[int, ...]:
    return day.year, day.month
