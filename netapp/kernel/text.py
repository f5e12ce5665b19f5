"""The one gate that every text from outside passes before it is kept."""

import re
import unicodedata

# C0 but tab and line break, DEL, C1, surrogates, and the characters that reorder what follows
# (Unicode Standard Annex 9): a name must not be able to turn the rest of a line round.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_LINE_BREAKS = re.compile("\r\n|\r|\x85|\u2028|\u2029")


class TooLong(ValueError):
    def __init__(self, max_length: int) -> None:
        super().__init__(f"longer than {max_length} characters")
        self.max_length = max_length


def clean(value: str, *, max_length: int, multiline: bool = False) -> str:
    """NFC, without control, surrogate or direction characters, trimmed.

    One line: inner white space becomes one blank. Several: line breaks are ``\\n``, trailing
    blanks go. Raises ``TooLong`` rather than cut what somebody wrote.
    """
    text = _LINE_BREAKS.sub("\n", value)
    text = unicodedata.normalize("NFC", _FORBIDDEN.sub("", text))
    if multiline:
        text = "\n".join(line.rstrip() for line in text.split("\n")).strip()
    else:
        text = " ".join(text.split())
    if len(text) > max_length:
        raise TooLong(max_length)
    return text
