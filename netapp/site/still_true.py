"""What the yearly question shows of somebody: their details, their profile, what helps them take
part, and what they agreed to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from netapp.directory.fields import Visibility
from netapp.directory.queries.own import OwnPart, filled_parts, own_profile
from netapp.kernel.db import DbSession
from netapp.membership.queries.still_true import confirmed_at, is_due
from netapp.people.access import labels, profile_of
from netapp.people.addresses import shown
from netapp.people.models import Person, ProfileKind
from netapp.privacy.queries.consents import ConsentLine, consents_of
from netapp.vocabulary.queries import find_term

HEADS: Final = {ProfileKind.ACCESS: "What helps me", ProfileKind.FOOD: "What I eat"}
ENTRY_WORDS: Final = {
    Visibility.NOBODY: "You are not in the directory.",
    Visibility.MEMBERS: "Members find you in the directory.",
    Visibility.EVERYONE: "Members find you in the directory, and you have a public page.",
}
JUST_NOW: Final = timedelta(days=1)
"""So long nobody needs to say it again."""


@dataclass(frozen=True, slots=True)
class Told:
    """What helps somebody, or what they eat; ``lines`` are empty for whoever is not them."""

    head: str
    lines: Sequence[str]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """``is_here``: it is themselves, signed in. Whoever has only the link of the mail reads their
    details, and of the rest no more than that it is there."""

    person: Person
    address: str
    area: str
    entry: str
    parts: Sequence[OwnPart]
    told: Sequence[Told]
    consents: Sequence[ConsentLine]
    is_here: bool
    is_due: bool
    is_just_said: bool
    confirmed: datetime | None


def known_of(session: DbSession, person: Person, *, is_here: bool, at: datetime) -> Known:
    area = find_term(session, person.area) if person.area else None
    own = own_profile(session, person, at=at)
    confirmed = confirmed_at(session, person.id)
    return Known(
        person=person,
        address=shown(person.email),
        area=area.label if area else "",
        entry=ENTRY_WORDS[own.entry],
        parts=filled_parts(own) if is_here else (),
        told=[
            Told(
                HEADS[kind],
                [*labels(kind, one.told), one.told.text] if is_here else [],
                one.changed_at,
            )
            for kind, one in profile_of(session, person.id).items()
        ],
        consents=[each for each in consents_of(session, person.id) if each.holds],
        is_here=is_here,
        is_due=is_due(session, person.id, now=at),
        is_just_said=confirmed is not None and at - confirmed < JUST_NOW,
        confirmed=confirmed,
    )
