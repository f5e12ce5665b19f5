"""The filters of the list of events: what can be ticked, and how many events each would leave."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from netapp.events.models import EventKind
from netapp.events.models import Theme as ThemeOfEvent
from netapp.events.queries.calendar import KIND_WORDS
from netapp.events.queries.catalogue import (
    GROUPS,
    Catalogue,
    Filters,
    GroupName,
    Listed,
    Revision,
)
from netapp.kernel.kept import Kept

TITLES: Final[dict[GroupName, str]] = {
    "kind": "Kind of event",
    "mode": "Online or in person",
    "theme": "Theme",
    "month": "Month",
    "term": "Young people’s circumstances",
}
MODE_WORDS: Final = {"in_person": "In person", "online": "Online"}
THEME_WORDS: Final = {
    "inclusion": "Inclusion in practice",
    "workforce": "Workforce and training",
    "progression": "Progression routes",
    "evidence": "Evidence and evaluation",
    "partnership": "Partnership and advocacy",
}
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class FilterOption:
    """``count`` is how many events there would be with this one ticked, of its group alone."""

    value: str
    words: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class FilterGroup:
    name: GroupName
    title: str
    options: tuple[FilterOption, ...]


_without_filters: Kept[Revision, tuple[FilterGroup, ...]] = Kept(2)


def filter_groups(known: Catalogue, filters: Filters, now: datetime) -> tuple[FilterGroup, ...]:
    """The groups in which there is something to choose."""
    if any(filters.values()):
        return _groups(known, filters)
    kept = _without_filters.find(known.revision, now)
    if kept is not None:
        return kept
    made = _groups(known, filters)
    if known.revision[1] is None:  # Never raised: nothing tells that it is out of date.
        return made
    return _without_filters.keep(known.revision, made, now=now, until=known.changes_at)


def _groups(known: Catalogue, filters: Filters) -> tuple[FilterGroup, ...]:
    counts = _counts(known.coming, filters)
    groups = []
    for group in GROUPS:
        chosen = filters.get(group, frozenset())
        present = {value for one in known.coming for value in one.facets[group]}
        values = _in_order(group, present | chosen, known)
        if len(values) > 1 or chosen:
            options = [
                FilterOption(value, words, counts[group][value], value in chosen)
                for value, words in values
            ]
            groups.append(FilterGroup(group, TITLES[group], tuple(options)))
    return tuple(groups)


def accepted(asked: Mapping[str, Sequence[str]], known: Catalogue) -> Filters:
    """What an address asks for, as far as we know it; anything else in it is passed over."""
    return {
        group: frozenset(value for value in asked.get(group, ()) if _is_known(group, value, known))
        for group in GROUPS
    }


def _is_known(group: GroupName, value: str, known: Catalogue) -> bool:
    if group == "month":
        year, _, month = value.partition("-")
        return value.isascii() and len(value) == 7 and year.isdigit() and month in _MONTH_NUMBERS
    return value in _words_of(group, known)


_MONTH_NUMBERS: Final = frozenset(f"{number:02d}" for number in range(1, 13))


def _counts(coming: Sequence[Listed], filters: Filters) -> dict[GroupName, Counter[str]]:
    counts: dict[GroupName, Counter[str]] = {group: Counter() for group in GROUPS}
    for one in coming:
        has = one.facets
        missed = [
            group for group in GROUPS if filters.get(group) and not has[group] & filters[group]
        ]
        if not missed:
            for group in GROUPS:
                counts[group].update(has[group])
        elif len(missed) == 1:
            counts[missed[0]].update(has[missed[0]])
    return counts


def _in_order(group: GroupName, values: Set[str], known: Catalogue) -> list[tuple[str, str]]:
    """The values with their words, as they stand in the list."""
    if group == "month":
        return [(month, month_words(month)) for month in sorted(values)]
    return [(value, words) for value, words in _words_of(group, known).items() if value in values]


def month_words(month: str) -> str:
    """January 2027, of "2027-01"."""
    year, _, number = month.partition("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def _words_of(group: GroupName, known: Catalogue) -> dict[str, str]:
    if group == "kind":
        return {kind.value: KIND_WORDS[kind.value] for kind in EventKind}
    if group == "mode":
        return dict(MODE_WORDS)
    if group == "theme":
        return {theme.value: THEME_WORDS[theme.value] for theme in ThemeOfEvent}
    return dict(known.terms)
