"""What a search of members must know of every entry that members see: kept in memory by revision,
no longer than a few minutes and never beyond the end of a day.

Each entry is a place in a row of bits, in the order of names; who fits a filter is a number with
those bits set. Only what members may see is in it, so neither what is found nor the time it takes
can tell of anything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from netapp.directory.fields import FIELD_OF_KIND, Audience, ProfileField
from netapp.directory.models import Profile, ProfileTerm
from netapp.directory.policies import seen_fields
from netapp.directory.queries.seen import locks_of, rules_of, workplaces_of
from netapp.directory.queries.standing import belonging, has_account
from netapp.directory.words import folded
from netapp.kernel.db import DbSession
from netapp.kernel.kept import Kept
from netapp.kernel.revisions import revision_of
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.organisations.operations.guard import REGISTER
from netapp.people.models import Person
from netapp.vocabulary.models import Term

SCOPE: Final = "directory"
"""The revision that is raised by whatever changes who is in the directory or what it says."""

LONGEST_KEPT: Final = timedelta(minutes=5)

Revision = tuple[int, int]
"""Of the directory, and of the register of organisations, whose names entries show."""

Bits = int
TEXTS: Final = (ProfileField.ROLE, ProfileField.PRONOUNS, ProfileField.ABOUT)


@dataclass(frozen=True, slots=True)
class KnownTerm:
    """Something that entries are found by; ``words`` are all that it is called, folded."""

    slug: str
    label: str
    words: str
    holders: Bits


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The entries that members see, in the order of names."""

    ids: tuple[int, ...]  # Of the profiles.
    words: tuple[str, ...]  # Of each entry, folded: name, and the texts that members see.
    terms: Mapping[ProfileField, tuple[KnownTerm, ...]]  # In the order of their lists.

    @property
    def everybody(self) -> Bits:
        return (1 << len(self.ids)) - 1


_kept: Kept[Revision, Catalogue] = Kept(2)


def catalogue(session: DbSession, now: datetime) -> Catalogue:
    """Made anew whenever the revision of the directory was raised; until then two queries."""
    own, register = revision_of(session, SCOPE), revision_of(session, REGISTER)
    revision = (own[0], register[0])
    found = _kept.find(revision, now)
    if found is not None:
        return found
    made = _read(session, now)
    if own[1] is None:  # Never raised: nothing tells that it is out of date.
        return made
    until = min(now + LONGEST_KEPT, _next_day(session, now))
    return _kept.keep(revision, made, now=now, until=until)


def _next_day(session: DbSession, now: datetime) -> datetime:
    """When memberships end that run to today: the next midnight of the network's zone."""
    tomorrow = to_local(now, site_of(session).zone) + timedelta(days=1)
    return tomorrow.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _read(session: DbSession, now: datetime) -> Catalogue:
    seen_by_profile: dict[int, frozenset[ProfileField]] = {}
    lines: list[tuple[str, int, str]] = []  # Name to order by, id of the profile, words.
    members, rules, locks = belonging(session, at=now), rules_of(session), locks_of(session)
    places = workplaces_of(session, at=now)
    known: dict[Any, frozenset[ProfileField]] = {}  # Most people choose alike: worked out once.
    choice = [getattr(Profile, f"see_{field.value}") for field in ProfileField]
    columns = (Profile.id, Profile.person_id, Person.name, Person.organisation)
    texts = [getattr(Profile, field.value) for field in TEXTS]
    for row in session.execute(
        select(*columns, *texts, *choice).join(Profile.person).where(has_account(session))
    ):
        profile_id, person_id, name, organisation, *rest = row
        if person_id not in members:
            continue
        locked = locks.get(person_id, frozenset())
        chosen = tuple(rest[len(TEXTS) :])
        pattern = (chosen, locked, members[person_id])
        if pattern not in known:
            known[pattern] = seen_fields(
                dict(zip(ProfileField, chosen, strict=True)),
                rules=rules,
                locked=locked,
                is_young=members[person_id],
                audience=Audience.MEMBERS,
            )
        seen = known[pattern]
        if not seen:
            continue
        seen_by_profile[profile_id] = seen
        said = [text for field, text in zip(TEXTS, rest, strict=False) if field in seen]
        if ProfileField.ORGANISATIONS in seen:
            said += places.get(person_id) or [organisation]
        order = folded(name)
        lines.append((order, profile_id, "\n".join([order, *map(folded, said)])))
    lines.sort()
    return Catalogue(
        ids=tuple(profile_id for _, profile_id, _ in lines),
        words=tuple(words for _, _, words in lines),
        terms=_terms(session, [profile_id for _, profile_id, _ in lines], seen_by_profile),
    )


def _terms(
    session: DbSession, order: list[int], seen: Mapping[int, frozenset[ProfileField]]
) -> dict[ProfileField, tuple[KnownTerm, ...]]:
    """The terms of which somebody's entry shows that they are theirs."""
    terms = session.scalars(select(Term).order_by(Term.position, Term.id)).all()
    field_of = {term.id: FIELD_OF_KIND.get(term.kind) for term in terms}
    place = {profile_id: number for number, profile_id in enumerate(order)}
    holders: dict[int, bytearray] = {}
    for profile_id, term_id in session.execute(select(ProfileTerm.profile_id, ProfileTerm.term_id)):
        if profile_id in seen and field_of[term_id] in seen[profile_id]:
            row = holders.setdefault(term_id, bytearray(len(order) // 8 + 1))
            number = place[profile_id]
            row[number >> 3] |= 1 << (number & 7)
    found: dict[ProfileField, list[KnownTerm]] = {}
    for term in terms:
        field = field_of[term.id]
        if field is not None and term.id in holders:
            called = "\n".join(map(folded, [term.label, *term.abbreviations, *term.synonyms]))
            bits = int.from_bytes(holders[term.id], "little")
            found.setdefault(field, []).append(KnownTerm(term.slug, term.label, called, bits))
    return {field: tuple(some) for field, some in found.items()}
