"""What somebody wants their profile to say, and who is to see each part."""

from collections.abc import Mapping
from dataclasses import dataclass

from netapp.directory.fields import ProfileField, Visibility


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
