"""What somebody wants their profile to say, and who is to see each part."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from netapp.directory.fields import ProfileField, Visibility

LENGTHS: Final = {"role": 160, "pronouns": 60, "about": 2000, "website": 300, "phone": 40}
"""Characters of each part that people write in their own words."""

NO_WEBSITE: Final = "Enter the address of a website, like www.example.org."
NO_PHONE: Final = "Enter a phone number in digits, like 020 7946 0123."


@dataclass(frozen=True, slots=True)
class ProfilePlan:
    """Clean text, slugs of terms, and a choice for each part that could be chosen; a part that is
    missing keeps what it had."""

    role: str
    pronouns: str
    about: str
    website: str
    phone: str
    takes_messages: bool
    terms: frozenset[str]
    choices: Mapping[ProfileField, Visibility]


def is_phone(text: str) -> bool:
    return re.fullmatch(r"\+?[0-9][0-9 ()\-]{5,}", text) is not None


def website_of(text: str) -> str | None:
    """With its scheme; None for what a browser would not open as a page: another scheme, no whole
    host, a port that is no number, somebody's name and password."""
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        known = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
        known = known and " " not in address and (parts.port or 443) > 0
    except ValueError:
        return None
    return address if known and parts.username is None else None
