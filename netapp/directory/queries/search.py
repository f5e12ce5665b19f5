"""A search of the directory as members have it: words, filters with counts, one page by name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Final

from netapp.directory.fields import Audience, ProfileField
from netapp.directory.models import Profile
from netapp.directory.queries.catalogue import Catalogue, catalogue
from netapp.directory.queries.seen import Entry, entries
from netapp.directory.words import Bits, folded
from netapp.kernel.db import DbSession
from netapp.kernel.pages import Page

PER_PAGE: Final = 10
MOST_WORDS: Final = 8

GROUPS: Final = {
    "need": ProfileField.NEEDS,
    "setting": ProfileField.SETTINGS,
    "genre": ProfileField.GENRES,
    "approach": ProfileField.APPROACHES,
    "area": ProfileField.AREAS,
    "skill": ProfileField.SKILLS,
    "language": ProfileField.LANGUAGES,
}
GROUP_TITLES: Final = {
    "need": "Need they work with",
    "setting": "Setting",
    "genre": "Genre",
    "approach": "Approach",
    "area": "Area",
    "skill": "Skill",
    "language": "Language",
}


@dataclass(frozen=True, slots=True)
class FilterOption:
    """``count`` is how many people there would be with this one ticked, of its group alone."""

    value: str
    words: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class FilterGroup:
    name: str
    title: str
    options: tuple[FilterOption, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of people, by name, and the filters with how many each would leave."""

    page: Page[Entry]
    groups: tuple[FilterGroup, ...]
    words: str
    everybody: int  # Without any filter or word.

    @property
    def applied(self) -> list[tuple[str, FilterOption]]:
        return [(g.name, option) for g in self.groups for option in g.options if option.chosen]


def search(
    session: DbSession,
    *,
    words: str,
    asked: Mapping[str, Sequence[str]],
    number: int,
    now: datetime,
) -> Found:
    """People whose entry holds every word, in what members see of it, and one ticked value of
    each group that has any. The number of queries is the same for any number of people."""
    known = catalogue(session, now)
    holders = {
        name: {term.slug: term.holders for term in known.terms.get(field, ())}
        for name, field in GROUPS.items()
    }
    chosen = {
        name: [value for value in dict.fromkeys(asked.get(name, ())) if value in holders[name]]
        for name in GROUPS
    }
    with_words = _with_words(known, words)
    fits = {
        name: reduce(or_, (holders[name][value] for value in values), 0)
        for name, values in chosen.items()
        if values
    }
    found = reduce(lambda bits, each: bits & each, fits.values(), with_words)
    return Found(
        page=_page(session, known, found, number, now),
        groups=tuple(_groups(known, chosen, fits, with_words)),
        words=words,
        everybody=len(known.ids),
    )


def _with_words(known: Catalogue, words: str) -> Bits:
    found = known.everybody
    for word in folded(words).split()[:MOST_WORDS]:
        by_term = (
            term.holders for terms in known.terms.values() for term in terms if word in term.words
        )
        found &= reduce(or_, by_term, known.words.with_word(word))
    return found


def _groups(
    known: Catalogue,
    chosen: Mapping[str, Sequence[str]],
    fits: Mapping[str, Bits],
    with_words: Bits,
) -> Iterator[FilterGroup]:
    for name, field in GROUPS.items():
        others = (bits for other, bits in fits.items() if other != name)
        left = reduce(lambda bits, each: bits & each, others, with_words)
        options = tuple(
            FilterOption(
                term.slug, term.label, (term.holders & left).bit_count(), term.slug in chosen[name]
            )
            for term in known.terms.get(field, ())
        )
        if options:
            yield FilterGroup(name, GROUP_TITLES[name], options)


def _places(found: Bits, skipped: int, most: int) -> Iterator[int]:
    """Which bits are set, from the lowest: after the first ``skipped``, at most so many."""
    row, place = f"{found:b}"[::-1], -1
    for number in range(skipped + most):
        place = row.find("1", place + 1)
        if place < 0:
            return
        if number >= skipped:
            yield place


def _page(
    session: DbSession, known: Catalogue, found: Bits, number: int, now: datetime
) -> Page[Entry]:
    """Read from the database once more: who has left or hidden something a moment ago is not
    shown, whatever the catalogue knows."""
    total = found.bit_count()
    number = min(number, max(1, -(-total // PER_PAGE)))
    ids = [known.ids[place] for place in _places(found, (number - 1) * PER_PAGE, PER_PAGE)]
    rows = entries(session, Profile.id.in_(ids), audience=Audience.MEMBERS, at=now)
    by_id = {entry.profile_id: entry for entry in rows}
    shown = [by_id[profile_id] for profile_id in ids if profile_id in by_id]
    return Page(shown, number, total, PER_PAGE)
