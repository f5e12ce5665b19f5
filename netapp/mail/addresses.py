"""How a name and an address stand in the head of a mail, whatever the name is made of."""

import re
from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address as StandardAddress
from email.policy import Policy
from typing import Final

from netapp.kernel.text import clean

NAME_LENGTH: Final = 120
SUBJECT_LENGTH: Final = 200
LINE_LENGTH: Final = 76
_QUOTABLE = re.compile(r"[\x20-\x7e]{1,60}\Z")


@dataclass(frozen=True, slots=True)
class Address:
    """``name`` is anything people call themselves; ``email`` a plain ASCII address."""

    name: str
    email: str


def head_text(text: str, length: int) -> str:
    """One line without control characters, cut, that no reader takes for an encoded word.

    The standard library decodes what looks like an encoded word (RFC 2047) in a value it is
    given, and so a title could put a line break into the head of a mail.
    """
    line = clean(text, max_length=len(text) * 4 + 1).replace("=?", "= ?")
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


class ReadyHeader(str):
    """A header that is folded already, lines separated by ``\\n``; mail policies leave it so.

    The standard library's folding loses the quotes of a long quoted name, so that its commas make
    several addresses of it, and blanks of a long subject. Here what is not short and plain is
    written as encoded words (RFC 2047 section 2), in which nothing else means anything.
    """

    name: str

    def __new__(cls, name: str, folded: str) -> "ReadyHeader":
        made = super().__new__(cls, folded)
        made.name = name
        return made

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self.replace(chr(10), policy.linesep)}{policy.linesep}"


def address_header(header: str, address: Address) -> ReadyHeader:
    """Raises ``ValueError`` or another error of the standard library where it is no address."""
    plain = StandardAddress(addr_spec=address.email).addr_spec
    plain.encode("ascii")
    phrase = _phrase(head_text(address.name, NAME_LENGTH), header)
    if not phrase:
        return ReadyHeader(header, plain)
    last_line = f"{phrase} <{plain}>".rpartition("\n")[2]
    gap = " " if len(header) + 2 + len(last_line) <= LINE_LENGTH else "\n "
    return ReadyHeader(header, f"{phrase}{gap}<{plain}>")


def text_header(header: str, text: str) -> ReadyHeader:
    if text.isascii() and len(header) + 2 + len(text) <= LINE_LENGTH:
        return ReadyHeader(header, text)
    return ReadyHeader(header, _encoded(text, header))


def _phrase(name: str, header: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9 ]{0,60}", name):
        return name
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return quoted if _QUOTABLE.match(quoted) else _encoded(name, header)


def _encoded(text: str, header: str) -> str:
    return Header(text, "utf-8", header_name=header).encode(linesep="\n")
