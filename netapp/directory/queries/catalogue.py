"""What a search of members must know of every entry that members see: kept in memory by revision,
no longer than a few minutes and never beyond the end of a day.

Each entry is a place in a row of bits, in the order of names; who fits a filter is a number with
those bits set. Only what members may see is in it, so neither what is found nor the time it takes
can tell of anything else.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, Final

from sqlalchemy import select

from netapp.directory.fields import FIELD_OF_KIND, Audience, ProfileField
from netapp.directory.models import Profile, ProfileTerm
from netapp.directory.policies import seen_fields
from netapp.directory.queries.seen import locks_of, rules_of, workplaces_of
from netapp.directory.queries.standing import belonging, has_account
from netapp.directory.words import Bits, WordIndex, folded, index_of
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

AT_A_TIME: Final = 1000
"""Rows in memory while the catalogue is made: it is small, what it is made from is not."""

LONGEST_KEPT: Final = timedelta(minutes=5)

Revision = tuple[int, int]
"""Of the directory, and of the register of organisations, whose names entries show."""

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
    words: WordIndex  # Of names, and of the texts that members see.
    terms: Mapping[ProfileField, tuple[KnownTerm, ...]]  # In the order of their lists.

    @property
    def everybody(self) -> Bits:
        return (1 << len(self.ids)) - 1


_kept: Kept[Revision, Catalogue] = Kept(2)
_making = Lock()


def catalogue(session: DbSession, now: datetime) -> Catalogue:
    """Made anew whenever the revision of the directory was raised; until then two queries."""
    own, register = revision_of(session, SCOPE), revision_of(session, REGISTER)
    revision = (own[0], register[0])
    found = _kept.find(revision, now)
    if found is not None:
        return found
    with _making:  # Whoever asks meanwhile waits, and finds it made.
        return _kept.find(revision, now) or _make(session, revision, own[1] is None, now)


def _make(session: DbSession, revision: Revision, is_new: bool, now: datetime) -> Catalogue:
    made = _read(session, now)
    if is_new:  # Never raised: nothing tells that it is out of date.
        return made
    until = min(now + LONGEST_KEPT, _next_day(session, now))
    return _kept.keep(revision, made, now=now, until=until)


def _next_day(session: DbSession, now: datetime) -> datetime:
    """When memberships end that run to today: the next midnight of the network's zone."""
    tomorrow = to_local(now, site_of(session).zone) + timedelta(days=1)
    return tomorrow.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class _Line:
    """One entry that members see; ``seen`` is what they see of it."""

    name: str
    profile_id: int
    words: str
    seen: frozenset[ProfileField]


def _read(session: DbSession, now: datetime) -> Catalogue:
    lines = sorted(_lines(session, now), key=lambda line: (line.name, line.profile_id))
    return Catalogue(
        ids=tuple(line.profile_id for line in lines),
        words=index_of([line.words for line in lines]),
        terms=_terms(session, lines),
    )


def _lines(session: DbSession, now: datetime) -> Iterator[_Line]:
    members, rules, locks = belonging(session, at=now), rules_of(session), locks_of(session)
    places = workplaces_of(session, at=now)
    known: dict[Any, frozenset[ProfileField]] = {}  # Most people choose alike: worked out once.
    choice = [getattr(Profile, f"see_{field.value}") for field in ProfileField]
    columns = (Profile.id, Profile.person_id, Person.name, Person.organisation)
    texts = [getattr(Profile, field.value) for field in TEXTS]
    for row in session.execute(
        select(*columns, *texts, *choice).join(Profile.person).where(has_account(session)),
        execution_options={"yield_per": AT_A_TIME},
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
        if seen:
            said = [text for field, text in zip(TEXTS, rest, strict=False) if field in seen]
            if ProfileField.ORGANISATIONS in seen:
                said += places.get(person_id) or [organisation]
            yield _Line(folded(name), profile_id, folded(" ".join([name, *said])), seen)


def _terms(session: DbSession, lines: Sequence[_Line]) -> dict[ProfileField, tuple[KnownTerm, ...]]:
    """The terms of which somebody's entry shows that they are theirs."""
    terms = session.scalars(select(Term).order_by(Term.position, Term.id)).all()
    field_of = {term.id: FIELD_OF_KIND.get(term.kind) for term in terms}
    shown = {
        seen: frozenset(number for number, field in field_of.items() if field in seen)
        for seen in {line.seen for line in lines}
    }
    place = {line.profile_id: (n, shown[line.seen]) for n, line in enumerate(lines)}
    holders = {term.id: bytearray(len(lines) // 8 + 1) for term in terms}
    nobody: tuple[int, frozenset[int]] = (0, frozenset())
    for profile_id, term_id in session.execute(
        select(ProfileTerm.profile_id, ProfileTerm.term_id),
        execution_options={"yield_per": AT_A_TIME},
    ):
        number, visible = place.get(profile_id, nobody)
        if term_id in visible:
            holders[term_id][number >> 3] |= 1 << (number & 7)
    found: dict[ProfileField, list[KnownTerm]] = {}
    for term in terms:
        field, bits = field_of[term.id], int.from_bytes(holders[term.id], "little")
        if field is not None and bits:
            called = "\n".join(map(folded, [term.label, *term.abbreviations, *term.synonyms]))
            found.setdefault(field, []).append(KnownTerm(term.slug, term.label, called, bits))
    return {field: tuple(some) for field, some in found.items()}
