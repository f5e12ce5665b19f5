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


class AddressHeader(str):
    """A header with one name and address, folded by us.

    The standard library's folding loses the quotes of a long quoted name, so that its commas make
    several addresses of it. Here a name that does not fit into one short quoted string is written
    as encoded words (RFC 2047 section 5), in which nothing means anything.
    """

    name: str  # Of the header. The policy of the mail leaves a value with a name as it is.
    line: str

    def __new__(cls, header: str, address: Address) -> "AddressHeader":
        plain = StandardAddress(addr_spec=address.email)  # Raises on anything but an address.
        plain.addr_spec.encode("ascii")
        phrase = _phrase(head_text(address.name, NAME_LENGTH), header)
        value = f"{phrase} <{plain.addr_spec}>" if phrase else plain.addr_spec
        made = super().__new__(cls, value)
        made.name, made.line = header, value
        return made

    def fold(self, *, policy: Policy) -> str:
        folded = self.line.replace("\n", policy.linesep)
        if len(folded.rpartition(policy.linesep)[2]) > 76 - len(self.name):
            folded = f"{policy.linesep} <".join(folded.rsplit(" <", 1))
        return f"{self.name}: {folded}{policy.linesep}"


def _phrase(name: str, header: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9 ]{0,60}", name):
        return name
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if _QUOTABLE.match(quoted):
        return quoted
    return Header(name, "utf-8", header_name=header).encode(linesep="\n")
