"""The register as a list: found by any name, by what it is and by where it works."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, String, case, cast, func, literal, or_, select
from sqlalchemy.orm import joinedload, selectinload

from netapp.kernel.db import DbSession
from netapp.kernel.pages import PER_PAGE, Page
from netapp.organisations.models import Organisation, OrganisationArea, OrganisationName
from netapp.vocabulary.models import Term, TermKind

MOST_WORDS: Final = 8
_NO_WORD: Final = re.compile(r"^[\W_]+|[\W_]+$")
_FILLERS: Final = {"", "and", "the", "of"}


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """``words``: each must be in a name it has or had, in what it is, or in where it works.
    ``area`` and ``type`` are slugs; a nation or region stands for its councils too.
    ``everything``: also what the public does not see; for coordinators."""

    words: str = ""
    area: str = ""
    type: str = ""
    everything: bool = False

    def __bool__(self) -> bool:
        return bool(self.words or self.area or self.type)


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """One line of the list."""

    key: str
    slug: str
    name: str
    other_names: tuple[str, ...]
    type: str
    areas: tuple[str, ...]
    is_listed: bool
    is_sample: bool
    confirmed_on: date | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One value to filter by, and how many there would be."""

    slug: str
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Register:
    """One page, and what it can be narrowed to; values that nothing has are left out."""

    page: Page[OrganisationLine]
    types: tuple[Choice, ...]
    regions: tuple[Choice, ...]
    councils: tuple[Choice, ...]


def register(session: DbSession, chosen: RegisterFilter, *, number: int) -> Register:
    """By name. Eight queries, however many organisations there are."""
    terms = _terms(session)
    conditions = _conditions(chosen, terms)
    total = session.scalar(_count().where(*conditions)) or 0
    found = session.scalars(
        select(Organisation)
        .where(*conditions)
        .options(
            joinedload(Organisation.type),
            selectinload(Organisation.areas),
            selectinload(Organisation.names),
        )
        .order_by(func.lower(Organisation.name), Organisation.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
        .execution_options(populate_existing=True)
    )
    page = Page([line_of(one) for one in found], number, total)
    regions, councils = _area_choices(session, chosen, terms)
    return Register(page, _type_choices(session, chosen, terms), regions, councils)


def matching(session: DbSession, words: str, *, most: int) -> list[OrganisationLine]:
    """The first of the register with these words, for somebody to choose from. Empty words find
    nothing."""
    if not words_of(words):
        return []
    found = session.scalars(
        select(Organisation)
        .where(*_conditions(RegisterFilter(words=words, everything=True), []))
        .options(
            joinedload(Organisation.type),
            selectinload(Organisation.areas),
            selectinload(Organisation.names),
        )
        .order_by(func.lower(Organisation.name), Organisation.id)
        .limit(most)
    )
    return [line_of(one) for one in found]


def all_of_register(session: DbSession, chosen: RegisterFilter) -> Sequence[Organisation]:
    """For the export, with type, areas and names."""
    return session.scalars(
        select(Organisation)
        .where(*_conditions(chosen, _terms(session)))
        .options(
            joinedload(Organisation.type),
            joinedload(Organisation.office_area),
            selectinload(Organisation.areas),
            selectinload(Organisation.names),
        )
        .order_by(func.lower(Organisation.name), Organisation.id)
    ).all()


def line_of(one: Organisation) -> OrganisationLine:
    return OrganisationLine(
        key=one.key,
        slug=one.slug,
        name=one.name,
        other_names=tuple(other.name for other in one.names if other.name != one.name),
        type=one.type.label if one.type else "",
        areas=tuple(term.label for term in one.areas),
        is_listed=one.is_listed,
        is_sample=one.is_sample,
        confirmed_on=one.confirmed_on,
    )


def words_of(text: str) -> list[str]:
    """What of a text is looked for: ``Bournemouth & Poole`` and ``Bournemouth and Poole`` are the
    same, and so is ``(NMPAT)`` with or without brackets."""
    words = [_NO_WORD.sub("", word) for word in text.split()]
    return [word for word in words if word.casefold() not in _FILLERS][:MOST_WORDS]


def _conditions(chosen: RegisterFilter, terms: Sequence[Term]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Organisation.merged_into_id.is_(None)]
    if not chosen.everything:
        found.append(Organisation.is_listed.is_(True))
    if chosen.words:
        words = words_of(chosen.words)
        found += [_has(word) for word in words] or [literal(False)]
    by_slug = {term.slug: term for term in terms}
    if chosen.type:
        term = by_slug.get(chosen.type)
        found.append(Organisation.type_id == (term.id if term else 0))
    if chosen.area:
        area = by_slug.get(chosen.area)
        ids = [term.id for term in _within(area, terms)] if area else [0]
        found.append(_serves(OrganisationArea.term_id.in_(ids)))
    return found


def _has(word: str) -> ColumnElement[bool]:
    """``%`` and ``_`` are letters like others here."""
    named = (
        select(OrganisationName.id)
        .where(
            OrganisationName.organisation_id == Organisation.id,
            OrganisationName.name.icontains(word, autoescape=True),
        )
        .correlate(Organisation)
    )
    place = Term.id == OrganisationArea.term_id, _said_of(Term, word)
    kind = select(Term.id).where(Term.id == Organisation.type_id, _said_of(Term, word))
    return or_(
        Organisation.name.icontains(word, autoescape=True),
        named.exists(),
        _serves(*place),
        kind.correlate(Organisation).exists(),
    )


def _said_of(term: Any, word: str) -> ColumnElement[bool]:
    lists = (cast(term.synonyms, String), cast(term.abbreviations, String))
    return or_(*(column.icontains(word, autoescape=True) for column in (term.label, *lists)))


def _serves(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    served = select(OrganisationArea.organisation_id).where(
        OrganisationArea.organisation_id == Organisation.id, *conditions
    )
    return served.correlate(Organisation).exists()


def _count() -> Select[int]:
    return select(func.count()).select_from(Organisation)


def _terms(session: DbSession) -> Sequence[Term]:
    kinds = (TermKind.AREA, TermKind.LOCAL_AUTHORITY, TermKind.ORGANISATION_TYPE)
    wanted = select(Term).where(Term.kind.in_(kinds)).order_by(Term.position, Term.id)
    return session.scalars(wanted).all()


def _within(area: Term, terms: Iterable[Term]) -> list[Term]:
    """An area, and the councils in it: a council has its nation or region among its synonyms."""
    councils = (term for term in terms if term.kind is TermKind.LOCAL_AUTHORITY)
    if area.kind is not TermKind.AREA:
        return [area]
    return [area, *(term for term in councils if area.label in term.synonyms)]


def _type_choices(
    session: DbSession, chosen: RegisterFilter, terms: Sequence[Term]
) -> tuple[Choice, ...]:
    numbers = _numbers(
        session.execute(
            select(Organisation.type_id, func.count())
            .where(*_conditions(replace(chosen, type=""), terms))
            .group_by(Organisation.type_id)
        )
    )
    types = [term for term in terms if term.kind is TermKind.ORGANISATION_TYPE]
    return _choices(types, numbers, chosen.type)


def _area_choices(
    session: DbSession, chosen: RegisterFilter, terms: Sequence[Term]
) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """Regions count each organisation once, whether it serves one of their councils or many."""
    conditions = _conditions(replace(chosen, area=""), terms)
    pairs = (
        select(OrganisationArea.term_id, func.count())
        .join(Organisation, Organisation.id == OrganisationArea.organisation_id)
        .where(*conditions)
        .group_by(OrganisationArea.term_id)
    )
    by_council = _numbers(session.execute(pairs))
    regions = [term for term in terms if term.kind is TermKind.AREA]
    by_region: Mapping[int, int] = {}
    if regions:
        ids = {area.id: [term.id for term in _within(area, terms)] for area in regions}
        whens = [(OrganisationArea.term_id.in_(within), area) for area, within in ids.items()]
        region = case(*whens, else_=0).label("region")
        by_region = _numbers(
            session.execute(
                select(region, func.count(OrganisationArea.organisation_id.distinct()))
                .join(Organisation, Organisation.id == OrganisationArea.organisation_id)
                .where(*conditions)
                .group_by(region)
            )
        )
    councils = [term for term in terms if term.kind is TermKind.LOCAL_AUTHORITY]
    return (
        _choices(regions, by_region, chosen.area),
        _choices(councils, by_council, chosen.area),
    )


def _numbers(rows: Iterable[Any]) -> dict[int, int]:
    return {row[0]: row[1] for row in rows}


def _choices(terms: Iterable[Term], numbers: Mapping[int, int], chosen: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(term.slug, term.label, numbers.get(term.id, 0))
        for term in terms
        if numbers.get(term.id) or term.slug == chosen
    )
