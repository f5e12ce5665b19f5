"""The list of people as coordinators see it, and the terms of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from netapp.kernel.changes import Change, Move
from netapp.kernel.db import DbSession
from netapp.kernel.pages import PER_PAGE, Page
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.membership.models import Membership, Seat
from netapp.membership.queries.belonging import belongs_to, current_on
from netapp.organisations.models import Affiliation, Organisation, OrganisationName
from netapp.people.addresses import CLOSED_HOST
from netapp.people.models import AddressChange, Person, Role, RoleGrant
from netapp.people.operations.desk import ADDRESS

_OF_PERSON: Final = "person:" + Person.key
_OLD_EMAIL: Final = Move.old["email"].as_string()
_CHANGED_AT_DESK: Final = (Change.kind == ADDRESS, Change.undone_at.is_(None))
WHO = ("everyone", "members", "guests", "coordinators", "closed")


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One line of the list of people."""

    key: str
    name: str
    email: str
    organisation: str
    is_member: bool
    is_guest: bool
    is_coordinator: bool
    is_closed: bool
    is_gone: bool
    is_demo: bool


@dataclass(frozen=True, slots=True)
class MembershipLine:
    """One term of membership; ``state`` is current, coming or past."""

    key: str
    kind: str
    kind_slug: str
    starts_on: date
    ends_on: date | None
    note: str
    state: str

    @property
    def fingerprint(self) -> str:
        """Tells whether it is still as somebody saw it."""
        return f"{self.kind_slug}|{self.starts_on}|{self.ends_on}|{self.note}"


def memberships_of(session: DbSession, person_id: int, *, at: datetime) -> list[MembershipLine]:
    """All terms of one person by themselves, the newest first."""
    return _terms(session, Membership.person_id == person_id, at)


def organisation_terms(
    session: DbSession, organisation_id: int, *, at: datetime
) -> list[MembershipLine]:
    """All terms of one organisation, the newest first."""
    return _terms(session, Membership.organisation_id == organisation_id, at)


def _terms(
    session: DbSession, of_holder: ColumnElement[bool], at: datetime
) -> list[MembershipLine]:
    today = to_local(at, site_of(session).zone).date()
    found = session.scalars(
        select(Membership)
        .where(of_holder)
        .options(joinedload(Membership.kind))
        .order_by(Membership.starts_on.desc(), Membership.id.desc())
    )
    return [
        MembershipLine(
            each.key,
            each.kind.name,
            each.kind.slug,
            each.starts_on,
            each.ends_on,
            each.note,
            _state(each, today),
        )
        for each in found
    ]


def _state(held: Membership, today: date) -> str:
    if held.ends_on and held.ends_on < today:
        return "past"
    return "coming" if held.starts_on > today else "current"


def people_page(
    session: DbSession, *, words: str, who: str, number: int, at: datetime
) -> Page[PersonLine]:
    """People by name, found by any part of name, address, former address or organisation: each
    word must be in one of them. ``who`` is one of ``WHO``. Two queries, however many there are."""
    is_member = _is_member(session, at)
    is_coordinator = _is_coordinator()
    conditions: list[ColumnElement[bool]] = [Person.merged_into_id.is_(None)]
    conditions += [_has(word) for word in words.split()[:8]]
    conditions += _among(who, is_member, is_coordinator)
    total = session.scalar(select(func.count()).select_from(Person).where(*conditions)) or 0
    rows = session.execute(
        select(
            Person.key,
            Person.name,
            Person.email,
            Person.organisation,
            Person.registered_at,
            Person.disabled_at,
            Person.is_demo,
            is_member.label("is_member"),
            is_coordinator.label("is_coordinator"),
        )
        .where(*conditions)
        .order_by(Person.name, Person.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    lines: Sequence[PersonLine] = [
        PersonLine(
            key=row.key,
            name=row.name,
            email=row.email,
            organisation=row.organisation,
            is_member=row.is_member,
            is_guest=row.registered_at is None,
            is_coordinator=row.is_coordinator,
            is_closed=row.disabled_at is not None,
            is_gone=row.email.endswith(f"@{CLOSED_HOST}"),
            is_demo=row.is_demo,
        )
        for row in rows
    ]
    return Page(lines, number, total)


def _has(word: str) -> ColumnElement[bool]:
    """``%`` and ``_`` are letters like others here."""
    columns = (Person.name, Person.email, Person.organisation)
    former = select(AddressChange.person_id).where(
        AddressChange.old_email.icontains(word, autoescape=True),
        AddressChange.confirmed_at.is_not(None),
    )
    return or_(
        *(column.icontains(word, autoescape=True) for column in columns),
        Person.id.in_(former),
        _OF_PERSON.in_(_left(word)),
        Person.id.in_(_merged(word)),
        *(Person.id.in_(people) for people in _people_of_organisations(word)),
    )


def _left(word: str) -> Select[str]:
    """Whose address with this word a coordinator changed, as the activity log names them."""
    return (
        select(Change.subject)
        .join(Move, Move.change_id == Change.id)
        .where(*_CHANGED_AT_DESK, _OLD_EMAIL.icontains(word, autoescape=True))
    )


def _merged(word: str) -> Select[int | None]:
    """Whom somebody with this word in name or address turned out to be."""
    other = aliased(Person)
    return select(other.merged_into_id).where(
        other.merged_into_id.is_not(None),
        other.name.icontains(word, autoescape=True) | other.email.icontains(word, autoescape=True),
    )


def _people_of_organisations(word: str) -> tuple[Select[int], Select[int]]:
    """Who works now, or has a seat, where any name of the organisation has this word."""
    named = (
        select(Organisation.id)
        .outerjoin(OrganisationName, OrganisationName.organisation_id == Organisation.id)
        .where(
            Organisation.name.icontains(word, autoescape=True)
            | OrganisationName.name.icontains(word, autoescape=True)
        )
    )
    return (
        select(Affiliation.person_id).where(
            Affiliation.organisation_id.in_(named), Affiliation.ends_on.is_(None)
        ),
        select(Seat.person_id).where(Seat.organisation_id.in_(named), Seat.ended_at.is_(None)),
    )


def organisations_of(session: DbSession, person_id: int) -> list[str]:
    """All names, former ones too, of where somebody works or has a seat now."""
    works = select(Affiliation.organisation_id).where(
        Affiliation.person_id == person_id, Affiliation.ends_on.is_(None)
    )
    sits = select(Seat.organisation_id).where(Seat.person_id == person_id, Seat.ended_at.is_(None))
    ids = set(session.scalars(works)) | set(session.scalars(sits))
    own = select(Organisation.name).where(Organisation.id.in_(ids))
    other = select(OrganisationName.name).where(OrganisationName.organisation_id.in_(ids))
    return [*session.scalars(own), *session.scalars(other)]


def former_addresses(session: DbSession, person_id: int) -> Sequence[str]:
    """Addresses somebody had: as long as the change is kept, and those from before they were
    merged."""
    changed = select(AddressChange.old_email).where(
        AddressChange.person_id == person_id, AddressChange.confirmed_at.is_not(None)
    )
    at_desk = (
        select(_OLD_EMAIL)
        .join(Change, Move.change_id == Change.id)
        .where(
            *_CHANGED_AT_DESK,
            Change.subject == select(_OF_PERSON).where(Person.id == person_id).scalar_subquery(),
        )
    )
    merged = select(Person.email).where(Person.merged_into_id == person_id)
    return [each for found in (changed, at_desk, merged) for each in session.scalars(found)]


def former_names(session: DbSession, person_id: int) -> Sequence[str]:
    """Names from before they were merged."""
    return session.scalars(select(Person.name).where(Person.merged_into_id == person_id)).all()


def _among(
    who: str, is_member: ColumnElement[bool], is_coordinator: ColumnElement[bool]
) -> list[ColumnElement[bool]]:
    groups: dict[str, ColumnElement[bool]] = {
        "members": is_member,
        "guests": Person.registered_at.is_(None),
        "coordinators": is_coordinator,
        "closed": Person.disabled_at.is_not(None),
    }
    return [groups[who]] if who in groups else []


def _is_member(session: DbSession, at: datetime) -> ColumnElement[bool]:
    held = belongs_to(Person.id), current_on(session, at)
    return select(Membership.id).where(*held).correlate(Person).exists()


def _is_coordinator() -> ColumnElement[bool]:
    held = RoleGrant.person_id == Person.id, RoleGrant.role == Role.COORDINATOR
    return select(RoleGrant.person_id).where(*held).exists()
