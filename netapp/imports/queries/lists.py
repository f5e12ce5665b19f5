"""What the words in a file are looked up in: kinds, areas, groups, the register."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from netapp.groups.models import Group
from netapp.imports.names import fold, organisation_key, share_a_word
from netapp.kernel.db import DbSession
from netapp.membership.models import Holder, MembershipKind
from netapp.organisations.models import Organisation, OrganisationName
from netapp.safeguarding.queries import check_kinds
from netapp.vocabulary.queries import areas

FEW: Final = 100


@dataclass(frozen=True, slots=True)
class GroupFacts:
    id: int
    name: str
    is_closed: bool
    free: int | None  # Places left; None: as many as come.


@dataclass(frozen=True, slots=True)
class CheckFacts:
    id: int
    slug: str
    name: str
    months: int | None  # After so many it is due again.


@dataclass(frozen=True, slots=True)
class Lists:
    """``organisations`` are by the key of each name they have or had; of two with one name the
    older one counts."""

    kinds: dict[str, MembershipKind] = field(default_factory=dict)
    kind_names: list[str] = field(default_factory=list)
    others: dict[str, str] = field(default_factory=dict)  # Kinds for organisations.
    areas: dict[str, str] = field(default_factory=dict)  # To slugs.
    area_names: list[str] = field(default_factory=list)
    groups: dict[str, GroupFacts] = field(default_factory=dict)
    organisations: dict[str, tuple[int, str]] = field(default_factory=dict)
    checks: dict[int, CheckFacts] = field(default_factory=dict)

    @property
    def person_kinds(self) -> set[int]:
        return {kind.id for kind in self.kinds.values()}

    def kind_by_id(self, kind_id: int) -> MembershipKind:
        return next(kind for kind in self.kinds.values() if kind.id == kind_id)


class NearNames:
    """Which known name an unknown one may be meant for. Only names that share a word which few
    have, or their beginning, are compared letter by letter, so that long lists stay quick."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self.known = known  # By key.
        self.found: dict[str, str] = {}
        self.by_part: dict[str, list[str]] = {}
        for key in known:
            for part in self._parts(key):
                self.by_part.setdefault(part, []).append(key)

    def to(self, key: str) -> str:
        """Its name, or nothing."""
        if key not in self.found:
            lists = [self.by_part.get(part, []) for part in self._parts(key)]
            some = {
                each
                for keys in lists
                if len(keys) <= FEW
                for each in keys
                if share_a_word(key, each)
            }
            near = get_close_matches(key, sorted(some), n=1, cutoff=0.75)
            self.found[key] = self.known[near[0]] if near else ""
        return self.found[key]

    @staticmethod
    def _parts(key: str) -> set[str]:
        return {*key.split(), f"^{key[:4]}"}


def load_lists(session: DbSession) -> Lists:
    """Seven small queries, whatever is in the file."""
    found = Lists()
    ordered = select(MembershipKind).order_by(MembershipKind.position)
    for kind in session.scalars(ordered.options(selectinload(MembershipKind.reminders))):
        for key in kind_keys(kind.name, kind.slug):
            if kind.holder is Holder.PERSON:
                found.kinds.setdefault(key, kind)
            else:
                found.others.setdefault(key, kind.name)
        if kind.holder is Holder.PERSON:
            found.kind_names.append(kind.name)
    for term in areas(session):
        found.area_names.append(term.label)
        for name in (term.label, term.slug, *term.synonyms, *term.abbreviations):
            found.areas.setdefault(fold(name), term.slug)
            found.areas.setdefault(fold(name).removesuffix(" england"), term.slug)
    for group in session.scalars(select(Group).order_by(Group.closed_at.is_not(None), Group.id)):
        free = None if group.size_limit is None else group.size_limit - group.people
        facts = GroupFacts(group.id, group.name, group.closed_at is not None, free)
        for name in (group.name, group.slug, *_parts(group.other_names)):
            found.groups.setdefault(fold(name), facts)
    for check in check_kinds(session):
        found.checks[check.id] = CheckFacts(check.id, check.slug, check.name, check.months)
    _register(session, found)
    return found


def kind_keys(*names: str) -> Iterable[str]:
    """``Associate``, ``associate member`` and ``Associate membership`` are one kind."""
    for name in names:
        words = [word for word in fold(name).split() if word not in {"member", "membership"}]
        yield " ".join(words) or fold(name)


def _register(session: DbSession, found: Lists) -> None:
    there = Organisation.merged_into_id.is_(None)
    named = select(Organisation.id, Organisation.name).where(there).order_by(Organisation.id)
    names = {}
    for number, name in session.execute(named):
        names[number] = name
        found.organisations.setdefault(organisation_key(name), (number, name))
    others = select(OrganisationName.organisation_id, OrganisationName.name)
    for number, name in session.execute(others.order_by(OrganisationName.id)):
        if number in names:
            found.organisations.setdefault(organisation_key(name), (number, names[number]))


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
