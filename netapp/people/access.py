"""What helps somebody take part and what they eat: kept once, by themselves, never why.

It is kept in ``AccessProfile``, sealed; an event reads it only while its owner shares it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select

from netapp.kernel.crypto import unseal
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.people.models import AccessProfile, ProfileKind

CAPTIONS: Final = "captions"
BSL: Final = "bsl"

HELPS: Final = (
    (CAPTIONS, "Live captions"),
    (BSL, "British Sign Language (BSL) interpreter"),
    ("hearing-loop", "Hearing loop"),
    ("step-free", "Step-free route"),
    ("large-print", "Large print"),
    ("slides-before", "Slides or papers sent before"),
    ("quiet-space", "Quiet space to step out to"),
    ("breaks", "Breaks, with their times said before"),
    ("camera-off", "Camera off when I join online"),
    ("companion", "Someone coming with me"),
)
FOODS: Final = (
    ("vegetarian", "Vegetarian"),
    ("vegan", "Vegan"),
    ("halal", "Halal"),
    ("kosher", "Kosher"),
    ("gluten-free", "Gluten-free"),
    ("dairy-free", "Dairy-free"),
    ("no-nuts", "Nut allergy"),
)
CHOICES: Final[Mapping[ProfileKind, tuple[tuple[str, str], ...]]] = {
    ProfileKind.ACCESS: HELPS,
    ProfileKind.FOOD: FOODS,
}

CONSENT_VERSION: Final = "profile-2026-11"
CONSENT: Final = (
    "I agree that the network keeps this for me until I delete it. Nobody reads it but me, and "
    "those named for an event while I share it with that event."
)
"""A changed text gets a new version; what was agreed to earlier keeps its own."""

CONSENTS: Final[Mapping[str, str]] = {CONSENT_VERSION: CONSENT}
"""Every text that anybody may have agreed to, by its version."""

_PACKED: Final = b"\x01"
"""Stands before what is not a plain text: no text that passed the gate begins with it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was ticked and what was written; falsy where neither was."""

    ticks: tuple[str, ...] = ()
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.ticks or self.text)


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody keeps about one kind, for their own page."""

    told: Told
    version: int
    changed_at: datetime


def told_of(kind: ProfileKind, ticks: Iterable[str], text: str) -> Told:
    """Only ticks that we know, in the order of the page."""
    given = set(ticks)
    return Told(tuple(slug for slug, _ in CHOICES[kind] if slug in given), text)


def labels(kind: ProfileKind, told: Told) -> tuple[str, ...]:
    """The words of what was ticked."""
    return tuple(words for slug, words in CHOICES[kind] if slug in told.ticks)


def packed(told: Told) -> bytes:
    """As it is sealed; a text alone stays a text."""
    if not told.ticks:
        return told.text.encode()
    return _PACKED + json.dumps({"ticks": told.ticks, "text": told.text}).encode()


def unpacked(plain: bytes) -> Told:
    if not plain.startswith(_PACKED):
        return Told(text=plain.decode())
    found: dict[str, Any] = json.loads(plain[len(_PACKED) :])
    return Told(tuple(str(tick) for tick in found["ticks"]), str(found["text"]))


def bound_to(profile: AccessProfile) -> str:
    return f"access_profiles.sealed:{profile.key}:{profile.person_id}"


def opened(session: DbSession, profile: AccessProfile) -> Told:
    secret = site_of(session).secret
    return unpacked(unseal(secret, profile.sealed, bound_to=bound_to(profile)))


def profile_of(session: DbSession, person_id: int) -> dict[ProfileKind, Kept]:
    """What this person keeps, opened. For their own pages, and for operations that note each
    reading by anybody else."""
    return profiles_of(session, [person_id]).get(person_id, {})


_PROFILES = (
    select(AccessProfile)
    .where(AccessProfile.person_id.in_(bindparam("people", expanding=True)))
    .execution_options(populate_existing=True)
)


def profiles_of(
    session: DbSession, person_ids: Iterable[int]
) -> dict[int, dict[ProfileKind, Kept]]:
    """As ``profile_of``, for several people. One query."""
    rows = session.scalars(_PROFILES, {"people": sorted(set(person_ids))})
    found: dict[int, dict[ProfileKind, Kept]] = {}
    for row in rows:
        kept = Kept(opened(session, row), row.version, row.changed_at)
        found.setdefault(row.person_id, {})[row.kind] = kept
    return found
