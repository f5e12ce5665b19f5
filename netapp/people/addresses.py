"""Email addresses: one spelling for each, so that one person has one row."""

import unicodedata
from typing import Final

import idna
from email_validator import EmailNotValidError, validate_email

from netapp.people.errors import NotAnAddress

CLOSED_HOST: Final = "closed.invalid"  # RFC 2606 section 2: no mail can ever go there.
"""Of the addresses of those who have gone for good: nobody types one, ``canonical`` refuses it."""

MAX_LENGTH = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets.

# Scripts that one language writes together (Unicode Technical Standard 39, section 5.1).
_TOGETHER = (
    {"CJK", "HIRAGANA", "KATAKANA", "LATIN"},
    {"CJK", "BOPOMOFO", "LATIN"},
    {"CJK", "HANGUL", "LATIN"},
)


def canonical(text: str) -> str:
    """The one form an address is kept in: NFKC, lower case, the host in IDNA (``xn--…``).

    Nothing is asked of the network. Raises ``NotAnAddress``, which says how to fix it: where it is
    no address, where the part before the @ is not plain ASCII, and where one label of the host
    mixes alphabets (``аpple.example`` with a Cyrillic а).
    """
    tidy = unicodedata.normalize("NFKC", text).strip()
    if not tidy or len(tidy) > MAX_LENGTH:
        raise NotAnAddress
    local, _, host = tidy.rpartition("@")
    if local and not local.isascii():
        raise NotAnAddress(
            "Use only plain letters, without accents, before the @: name@example.org."
        )
    try:
        found = validate_email(
            tidy,
            check_deliverability=False,
            allow_smtputf8=False,
            strict=True,  # At most 64 characters before the @ (RFC 5321, section 4.5.3.1.1).
            test_environment=True,
        )
    except EmailNotValidError as refused:
        raise NotAnAddress from refused
    if not all(map(_has_one_script, found.domain.split("."))):
        raise NotAnAddress(
            f"Type the part after the @ again: “{host}” mixes letters of two alphabets."
        )
    address = f"{found.local_part}@{found.ascii_domain}".casefold()
    if len(address) > MAX_LENGTH:
        raise NotAnAddress
    return address


def shown(address: str) -> str:
    """A canonical address as people read it: ``info@münchen.example``."""
    local, _, host = address.rpartition("@")
    try:
        return f"{local}@{idna.decode(host)}"
    except idna.IDNAError:
        return address


def _has_one_script(label: str) -> bool:
    """Python knows no script property; the first word of a letter's name says the same."""
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in label if letter.isalpha()}
    return len(scripts) <= 1 or any(scripts <= together for together in _TOGETHER)
