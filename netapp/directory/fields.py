"""The parts of a profile, who may see each, and what holds until somebody chooses."""

import enum
from typing import Final

from netapp.vocabulary.models import TermKind


class Visibility(enum.Enum):
    """Who sees a part of a profile. In order: whoever sees less comes first."""

    NOBODY = "nobody"
    MEMBERS = "members"  # Who may see the directory, signed in.
    EVERYONE = "everyone"  # On a public page.

    @property
    def reach(self) -> int:
        return REACH[self.value]


REACH: Final = {seen.value: number for number, seen in enumerate(Visibility)}


class Audience(enum.Enum):
    """For whom a profile is read. Each sees what is visible to it, and that is all."""

    PUBLIC = "public"
    MEMBERS = "members"
    COORDINATORS = "coordinators"  # What members see; what is hidden from them stays hidden.

    @property
    def needs(self) -> Visibility:
        """The least that must have been chosen for this audience to see it."""
        return Visibility.EVERYONE if self is Audience.PUBLIC else Visibility.MEMBERS


class ProfileField(enum.Enum):
    """``ENTRY`` is the entry itself, with the name: nothing is seen by more people than it."""

    ENTRY = "entry"
    ROLE = "role"
    PRONOUNS = "pronouns"
    ABOUT = "about"
    ORGANISATIONS = "organisations"
    NEEDS = "needs"
    SETTINGS = "settings"
    GENRES = "genres"
    APPROACHES = "approaches"
    SKILLS = "skills"
    LANGUAGES = "languages"
    AREAS = "areas"
    WEBSITE = "website"
    PHONE = "phone"


FIELD_WORDS: Final = {
    ProfileField.ENTRY: "your entry and your name",
    ProfileField.ROLE: "what you do",
    ProfileField.PRONOUNS: "your pronouns",
    ProfileField.ABOUT: "the words about you",
    ProfileField.ORGANISATIONS: "your organisations",
    ProfileField.NEEDS: "the needs you work with",
    ProfileField.SETTINGS: "the settings you work in",
    ProfileField.GENRES: "your genres",
    ProfileField.APPROACHES: "your approaches",
    ProfileField.SKILLS: "your skills",
    ProfileField.LANGUAGES: "your languages",
    ProfileField.AREAS: "the areas you cover",
    ProfileField.WEBSITE: "your website",
    ProfileField.PHONE: "your phone number",
}

TITLES: Final = {
    ProfileField.ENTRY: "Entry and name",
    ProfileField.ROLE: "What they do",
    ProfileField.PRONOUNS: "Pronouns",
    ProfileField.ABOUT: "About",
    ProfileField.ORGANISATIONS: "Organisations",
    ProfileField.NEEDS: "Needs they work with",
    ProfileField.SETTINGS: "Settings",
    ProfileField.GENRES: "Genres",
    ProfileField.APPROACHES: "Approaches",
    ProfileField.SKILLS: "Skills",
    ProfileField.LANGUAGES: "Languages",
    ProfileField.AREAS: "Areas",
    ProfileField.WEBSITE: "Website",
    ProfileField.PHONE: "Phone",
}

TERM_KINDS: Final = {
    ProfileField.NEEDS: TermKind.CIRCUMSTANCE,
    ProfileField.SETTINGS: TermKind.SETTING,
    ProfileField.GENRES: TermKind.GENRE,
    ProfileField.APPROACHES: TermKind.APPROACH,
    ProfileField.SKILLS: TermKind.SKILL,
    ProfileField.LANGUAGES: TermKind.LANGUAGE,
    ProfileField.AREAS: TermKind.AREA,
}
FIELD_OF_KIND: Final = {kind: field for field, kind in TERM_KINDS.items()}

KEPT_BACK: Final = frozenset(
    {ProfileField.ENTRY, ProfileField.PHONE, ProfileField.ORGANISATIONS, ProfileField.AREAS}
)
"""What nobody sees until the person says so: also where they work, which stands in the profile
because they told it to the coordinators, when they joined or booked."""


def starting_choices(*, is_young: bool) -> dict[ProfileField, Visibility]:
    """Nothing is public and nobody is listed by default. What members see once the entry is on
    is what helps to be found; of a young member it is the name alone."""
    return {
        field: Visibility.NOBODY if is_young or field in KEPT_BACK else Visibility.MEMBERS
        for field in ProfileField
    }
