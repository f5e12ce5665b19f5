"""Who works where: for somebody's own page, and for the page of an organisation."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.organisations.models import Affiliation, Organisation
from netapp.people.models import Person


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where somebody works or worked, for themselves and for coordinators."""

    key: str
    organisation_id: int
    organisation_key: str
    slug: str
    name: str
    role: str
    is_contact: bool
    is_listed: bool
    starts_on: date | None
    ends_on: date | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of an organisation, for coordinators and its contacts."""

    key: str
    person_id: int
    person_key: str
    name: str
    email: str
    role: str
    is_contact: bool
    starts_on: date | None
    ends_on: date | None
    is_over: bool


def workplaces(session: DbSession, person_id: int, *, at: datetime) -> list[Workplace]:
    """Where this person works and worked: what goes on first, then by name. One query."""
    today = _today(session, at)
    rows = session.execute(
        select(Affiliation, Organisation)
        .join(Organisation, Organisation.id == Affiliation.organisation_id)
        .where(Affiliation.person_id == person_id)
    )
    found = [
        Workplace(
            key=row.Affiliation.key,
            organisation_id=row.Organisation.id,
            organisation_key=row.Organisation.key,
            slug=row.Organisation.slug,
            name=row.Organisation.name,
            role=row.Affiliation.role,
            is_contact=row.Affiliation.is_contact,
            is_listed=row.Organisation.is_listed,
            starts_on=row.Affiliation.starts_on,
            ends_on=row.Affiliation.ends_on,
            is_over=_is_over(row.Affiliation, today),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.is_over, one.name.casefold(), one.key))


def colleagues(session: DbSession, organisation_id: int, *, at: datetime) -> list[Colleague]:
    """Everybody of an organisation: contacts first, those who left last. One query."""
    today = _today(session, at)
    rows = session.execute(
        select(Affiliation, Person)
        .join(Person, Person.id == Affiliation.person_id)
        .where(Affiliation.organisation_id == organisation_id)
    )
    found = [
        Colleague(
            key=row.Affiliation.key,
            person_id=row.Person.id,
            person_key=row.Person.key,
            name=row.Person.name,
            email=row.Person.email,
            role=row.Affiliation.role,
            is_contact=row.Affiliation.is_contact,
            starts_on=row.Affiliation.starts_on,
            ends_on=row.Affiliation.ends_on,
            is_over=_is_over(row.Affiliation, today),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.is_over, not one.is_contact, one.name.casefold()))


def roles_there(session: DbSession, organisation_id: int, *, at: datetime) -> dict[int, str]:
    """What people do there now, in their words, by the id of the person. Whether somebody may see
    it is for the directory to say. One query."""
    today = _today(session, at)
    rows = session.execute(
        select(Affiliation.person_id, Affiliation.role).where(
            Affiliation.organisation_id == organisation_id,
            Affiliation.starts_on.is_(None) | (Affiliation.starts_on <= today),
            Affiliation.ends_on.is_(None) | (Affiliation.ends_on >= today),
        )
    )
    return {row.person_id: row.role for row in rows}


def _is_over(affiliation: Affiliation, today: date) -> bool:
    return affiliation.ends_on is not None and affiliation.ends_on < today


def _today(session: DbSession, at: datetime) -> date:
    return to_local(at, site_of(session).zone).date()
