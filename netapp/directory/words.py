"""Words as a search compares them, and which of many texts hold one."""

import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

Bits: TypeAlias = int
"""Some of many things in a row: the bit of each is set."""


def folded(text: str) -> str:
    """Without case and without marks: Zoë is found by zoe."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@dataclass(frozen=True, slots=True)
class WordIndex:
    """Every different word of many texts, one a line, and in which of them it stands: so a search
    looks through the words there are and not through the texts."""

    lines: str
    starts: Sequence[int]  # Where in ``lines`` each word begins.
    texts: Sequence["array[int]"]  # By word: the numbers of the texts.
    size: int  # How many texts there are.

    def with_word(self, part: str) -> Bits:
        """The texts with a word of which this is a part; it holds no white space."""
        row, at = bytearray(self.size // 8 + 1), self.lines.find(part)
        while at >= 0:
            word = bisect_right(self.starts, at) - 1
            for number in self.texts[word]:
                row[number >> 3] |= 1 << (number & 7)
            after = word + 1
            at = self.lines.find(part, self.starts[after]) if after < len(self.starts) else -1
        return int.from_bytes(row, "little")


def index_of(texts: Sequence[str]) -> WordIndex:
    found: dict[str, array[int]] = {}
    for number, text in enumerate(texts):
        for word in set(text.split()):
            found.setdefault(word, array("I")).append(number)
    starts = accumulate((len(word) + 1 for word in found), initial=0)
    return WordIndex("\n".join(found), list(starts)[:-1], list(found.values()), len(texts))
