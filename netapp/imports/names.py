"""When two names are the same, and when they are nearly so."""

import re
import unicodedata
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

_MARKS: Final = str.maketrans(
    {chr(n): " " for n in range(128) if not chr(n).isalnum()} | {"'": "", "`": "", "&": " and "}
)
_LEGAL: Final = {"ltd", "limited", "cic", "cio", "plc", "llp"}
_USUAL: Final = {
    *("academy", "and", "arts", "centre", "community", "council", "county", "education", "for"),
    *("hub", "music", "network", "of", "school", "service", "services", "the", "trust"),
}
_SHORTEST: Final = 8
"""Of the letters of a name, for one wrong letter to mean little."""


def fold(text: str) -> str:
    """``Siân O’Neill-Jones`` becomes ``sian oneill jones``: case and accents mean nothing."""
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
        plain = re.sub(r"[^\w&']+", " ", plain.replace("’", ""))
    return " ".join(plain.translate(_MARKS).split())


def name_key(name: str) -> str:
    """The same for ``Field, Jo`` and ``Jo Field``."""
    return " ".join(sorted(fold(name).split()))[:200]


@lru_cache(maxsize=2048)
def organisation_key(name: str) -> str:
    """Without a leading ``The`` and the legal form at the end."""
    words = fold(name).split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    while len(words) > 1 and words[-1] in _LEGAL:
        words = words[:-1]
    return " ".join(words)[:200]


def share_a_word(one: str, other: str) -> bool:
    """Whether two folded names of organisations have a word alike, or nearly, that tells them from
    others: most here are called Music, Service or Hub."""
    theirs = _telling(other)
    return any(get_close_matches(word, theirs, n=1, cutoff=0.75) for word in _telling(one))


def _telling(name: str) -> list[str]:
    words = name.split()
    return [word for word in words if word not in _USUAL] or words


def nearly(one: str, other: str) -> bool:
    """Whether two names (as people write them) may be spellings of one: a letter wrong, missing,
    too much or swapped; an initial or a short form for a first name."""
    mine, theirs = fold(one).split(), fold(other).split()
    if not mine or not theirs or mine == theirs:
        return bool(mine) and mine == theirs
    if sorted(mine) == sorted(theirs):
        return True
    if mine[-1] == theirs[-1] and _short_for(mine[0], theirs[0]):
        return True
    a, b = " ".join(mine), " ".join(theirs)
    return min(len(a), len(b)) >= _SHORTEST and one_letter_apart(a, b)


def _short_for(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and (len(short) == 1 or len(short) >= 3)


def one_letter_apart(a: str, b: str) -> bool:
    """Whether one change makes them alike: a letter put in, taken out, replaced, or two swapped."""
    if abs(len(a) - len(b)) > 1:
        return False
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    rest_a, rest_b = a[start:], b[start:]
    if len(a) == len(b):
        swapped = rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:]
        return rest_a[1:] == rest_b[1:] or swapped
    short, long = sorted((rest_a, rest_b), key=len)
    return short == long[1:]
