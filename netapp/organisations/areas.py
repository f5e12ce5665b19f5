"""Areas as people write them: one on each line, by the name of a council, region or nation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from netapp.vocabulary.models import Term, TermKind


@dataclass(frozen=True, slots=True)
class Understood:
    """``slugs`` of the areas that were written; ``unknown``: what was not understood, each with
    the name that comes next to it, or nothing."""

    slugs: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...]


def read_areas(text: str, terms: Mapping[TermKind, Sequence[Term]]) -> Understood:
    """What a council is called besides its own name is understood too, and an old county as the
    councils that it became."""
    known, labels = _names(terms)
    slugs: list[str] = []
    unknown = []
    for line in text.splitlines():
        written = line.strip(" ,;.")
        if not written:
            continue
        found = known.get(_plain(written))
        if found is None:
            close = get_close_matches(_plain(written), labels, n=1, cutoff=0.7)
            unknown.append((written, labels[close[0]] if close else ""))
        else:
            slugs += [slug for slug in found if slug not in slugs]
    return Understood(tuple(slugs), tuple(unknown))


def written(areas: Iterable[Term]) -> str:
    return "\n".join(term.label for term in areas)


def _names(terms: Mapping[TermKind, Sequence[Term]]) -> tuple[dict[str, list[str]], dict[str, str]]:
    """What stands for which areas; and how each that is known is written."""
    regions = terms.get(TermKind.AREA, ())
    councils = terms.get(TermKind.LOCAL_AUTHORITY, ())
    taken = {_plain(term.label) for term in (*regions, *councils)}
    known: dict[str, list[str]] = {}
    for term in (*regions, *councils):
        known.setdefault(_plain(term.label), []).append(term.slug)
        for other in term.synonyms:
            if _plain(other) not in taken:
                known.setdefault(_plain(other), []).append(term.slug)
    return known, {_plain(term.label): term.label for term in (*regions, *councils)}


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("&", " and ").replace(",", " ").split())
