"""One organisation: by its address for everybody, by its key for coordinators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from netapp.kernel.db import DbSession
from netapp.organisations.models import LegalForm, NameKind, Organisation, OrganisationName
from netapp.people.models import Person

LEGAL_FORM_WORDS = {
    LegalForm.CHARITY: "Charity",
    LegalForm.CIO: "Charitable incorporated organisation (CIO)",
    LegalForm.CIC: "Community interest company (CIC)",
    LegalForm.COMPANY: "Company",
    LegalForm.LOCAL_AUTHORITY: "Part of a council",
    LegalForm.SCHOOL_OR_TRUST: "School or academy trust",
    LegalForm.PARTNERSHIP: "Partnership",
    LegalForm.UNINCORPORATED: "Group without a legal form of its own",
    LegalForm.SOLE_TRADER: "Sole trader",
    LegalForm.OTHER: "Another legal form",
}
NAME_KIND_WORDS = {
    NameKind.ALIAS: "Also called",
    NameKind.FORMER: "Formerly called",
    NameKind.ABBREVIATION: "Short name",
}


@dataclass(frozen=True, slots=True)
class OtherName:
    name: str
    kind: NameKind
    slug: str


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """What everybody may see of an organisation; nobody who works there is in it."""

    id: int
    key: str
    slug: str
    name: str
    names: tuple[OtherName, ...]
    type: str
    legal_form: str
    website: str
    description: str
    office_area: str
    areas: tuple[str, ...]
    source: str
    confirmed_on: date | None
    is_listed: bool
    is_sample: bool

    def called(self, kind: str) -> str:
        """Its names of a kind (alias, former, abbreviation), in one line."""
        return "; ".join(one.name for one in self.names if one.kind.value == kind)


@dataclass(frozen=True, slots=True)
class Merged:
    """One that went into another."""

    name: str
    slug: str


def page_at(session: DbSession, slug: str, *, unlisted: bool = False) -> OrganisationPage | None:
    """The organisation that this address is of, or leads to: also a name it had, or one that was
    merged into it. ``unlisted``: also one that the public does not see. Two or four queries."""
    found = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if found is None:
        found = session.scalar(
            select(Organisation)
            .join(OrganisationName, OrganisationName.organisation_id == Organisation.id)
            .where(OrganisationName.slug == slug)
        )
    if found is None:
        return None
    whole = _loaded(session, Organisation.id == (found.merged_into_id or found.id))
    return page_of(whole) if whole and (whole.is_listed or unlisted) else None


def find_organisation(session: DbSession, key: str) -> Organisation | None:
    """With type, areas and names, as the database has it now. None for one that was merged."""
    return _loaded(session, (Organisation.key == key) & Organisation.merged_into_id.is_(None))


def target_of(session: DbSession, key: str) -> str | None:
    """The key of the organisation into which that of this key was merged."""
    other = aliased(Organisation)
    return session.scalar(
        select(other.key)
        .join(Organisation, Organisation.merged_into_id == other.id)
        .where(Organisation.key == key)
    )


def merged_into(session: DbSession, organisation_id: int) -> Sequence[Merged]:
    rows = session.execute(
        select(Organisation.name, Organisation.slug)
        .where(Organisation.merged_into_id == organisation_id)
        .order_by(Organisation.name, Organisation.id)
    )
    return [Merged(*row) for row in rows]


def confirmed_by(session: DbSession, organisation: Organisation) -> str:
    """Who confirmed it last, for coordinators."""
    if organisation.confirmed_by_id is None:
        return ""
    wanted = select(Person.name).where(Person.id == organisation.confirmed_by_id)
    return session.scalar(wanted) or ""


def page_of(one: Organisation) -> OrganisationPage:
    """Needs type, office area, areas and names loaded."""
    return OrganisationPage(
        id=one.id,
        key=one.key,
        slug=one.slug,
        name=one.name,
        names=tuple(
            OtherName(other.name, other.kind, other.slug)
            for other in one.names
            if other.name != one.name
        ),
        type=one.type.label if one.type else "",
        legal_form=LEGAL_FORM_WORDS[one.legal_form] if one.legal_form else "",
        website=one.website,
        description=one.description,
        office_area=one.office_area.label if one.office_area else "",
        areas=tuple(term.label for term in one.areas),
        source=one.source,
        confirmed_on=one.confirmed_on,
        is_listed=one.is_listed,
        is_sample=one.is_sample,
    )


def _loaded(session: DbSession, condition: ColumnElement[bool]) -> Organisation | None:
    return session.scalar(
        select(Organisation)
        .where(condition)
        .options(
            joinedload(Organisation.type),
            joinedload(Organisation.office_area),
            selectinload(Organisation.areas),
            selectinload(Organisation.names),
        )
        .execution_options(populate_existing=True)
    )
