"""Reads: who signs in, who is coordinator, what one person may see of themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from netapp.kernel.db import DbSession, UtcDateTime
from netapp.kernel.site import site_of
from netapp.kernel.tokens import hash_token
from netapp.people.addresses import canonical
from netapp.people.errors import NotAnAddress
from netapp.people.models import OneTimeLink, Person, Role, RoleGrant, SignIn, SignInCode
from netapp.people.second_factors import HAS_SECOND_FACTOR

IDLE_LIMIT = timedelta(days=14)
IDLE_LIMIT_COORDINATOR = timedelta(hours=2)
LONGEST_SIGN_IN = timedelta(days=30)
FRESH = timedelta(minutes=10)
"""How long after showing that it is them somebody may do what asks for it again."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that is signed in, and who it is."""

    person: Person
    sign_in_id: int
    key: str
    created_at: datetime
    last_used_at: datetime
    proved_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        return now - self.proved_at <= FRESH


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One line of the list of sign-ins."""

    key: str
    device: str
    created_at: datetime
    last_used_at: datetime
    is_here: bool


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A one-time link that still works, and whose it is."""

    purpose: str
    name: str
    email: str
    person_id: int


def signed_in(session: DbSession, token: str, *, now: datetime) -> SignedIn | None:
    """Who holds this token, with roles: one query. None where it is unknown, ended or idle for
    too long, the account is closed, it is of the demo and this is no demo, or the person has a
    second factor and did not show it.

    The person is a copy that belongs to no session: a rollback or a commit takes nothing from it,
    and changing it changes nothing.
    """
    rows = session.execute(_SIGNED_IN, {"token_hash": hash_token(token), "now": now}).all()
    if not rows or rows[0].disabled_at is not None:
        return None
    if rows[0].is_demo and not site_of(session).demo:
        return None
    person = _copy_of(rows)
    found = rows[0]
    if found.has_second_factor and not found.sign_in_is_strong:
        return None
    idle = IDLE_LIMIT_COORDINATOR if person.is_coordinator else IDLE_LIMIT
    if now - found.sign_in_last_used_at > idle:
        return None
    return SignedIn(
        person,
        found.sign_in_id,
        found.sign_in_key,
        found.sign_in_created_at,
        found.sign_in_last_used_at,
        found.sign_in_proved_at,
    )


_SIGN_IN = (
    SignIn.id.label("sign_in_id"),
    SignIn.key.label("sign_in_key"),
    SignIn.created_at.label("sign_in_created_at"),
    SignIn.last_used_at.label("sign_in_last_used_at"),
    SignIn.proved_at.label("sign_in_proved_at"),
    SignIn.is_strong.label("sign_in_is_strong"),
)
_SIGNED_IN: Final = (
    select(*Person.__table__.columns, *_SIGN_IN, HAS_SECOND_FACTOR, RoleGrant.role)
    .join(SignIn, SignIn.person_id == Person.id)
    .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
    .where(
        SignIn.token_hash == bindparam("token_hash"),
        SignIn.ends_at > bindparam("now", type_=UtcDateTime()),
    )
)
"""Made once: it is asked with every page of whoever is signed in."""


def _copy_of(rows: Sequence[Any]) -> Person:
    columns = [column.key for column in Person.__table__.columns]
    values = rows[0]._mapping
    person = Person(**{name: values[name] for name in columns})
    roles = [RoleGrant(person_id=person.id, role=row.role) for row in rows if row.role]
    set_committed_value(person, "roles", roles)
    person.has_second_factor = values["has_second_factor"]
    person.proved_at = values["sign_in_proved_at"]
    return person


def sign_ins_of(
    session: DbSession, person: Person, *, here: str | None, now: datetime
) -> list[DeviceLine]:
    """The browsers in which this person is signed in, the newest use first; ``here`` is the key
    of the one that asks."""
    idle = IDLE_LIMIT_COORDINATOR if person.is_coordinator else IDLE_LIMIT
    found = session.scalars(
        select(SignIn)
        .where(
            SignIn.person_id == person.id,
            SignIn.ends_at > now,
            SignIn.last_used_at >= now - idle,
        )
        .order_by(SignIn.last_used_at.desc(), SignIn.id.desc())
        .limit(100)
    )
    return [
        DeviceLine(s.key, s.device, s.created_at, s.last_used_at, is_here=s.key == here)
        for s in found
    ]


def find_account(session: DbSession, email: str) -> Person | None:
    """Whoever can sign in with this address: registered, and not closed. The sign-ins of the
    demo, which everybody knows, work in demo mode only."""
    return session.scalar(_accounts(session).where(Person.email == email))


def find_account_by_id(session: DbSession, person_id: int) -> Person | None:
    """As ``find_account``."""
    return session.scalar(_accounts(session).where(Person.id == person_id))


def _accounts(session: DbSession) -> Select[Person]:
    found = select(Person).where(Person.registered_at.is_not(None), Person.disabled_at.is_(None))
    return found if site_of(session).demo else found.where(Person.is_demo.is_(False))


def find_by_address(session: DbSession, text: str) -> Person | None:
    """Whoever has this address, or had it before they were merged, account or not; None also for
    what is no address."""
    try:
        email = canonical(text)
    except NotAnAddress:
        return None
    return session.scalar(select(Person).where(Person.id.in_(ids_by_address(email))))


def ids_by_address(email: str) -> Select[int]:
    """The id of whoever has this canonical address, or had it before they were merged."""
    return select(func.coalesce(Person.merged_into_id, Person.id)).where(Person.email == email)


def leads_to(session: DbSession, email: str) -> str:
    """The address under which we write to whoever has, or had, this canonical one; itself where
    we know nobody by it."""
    now = select(Person.email).where(Person.id.in_(ids_by_address(email)))
    return session.scalar(now) or email


def find_person(session: DbSession, key: str) -> Person | None:
    """By public key, roles loaded, as the database has it now. For coordinators."""
    return (
        session.scalars(
            select(Person)
            .where(Person.key == key)
            .options(joinedload(Person.roles))
            .execution_options(populate_existing=True)
        )
        .unique()
        .one_or_none()
    )


def as_it_is_now(session: DbSession, person_id: int) -> Person:
    """The person from the database, for a form that edits them."""
    return session.scalars(
        select(Person).where(Person.id == person_id).execution_options(populate_existing=True)
    ).one()


def pending_code(session: DbSession, *, browser: str, now: datetime) -> SignInCode | None:
    """The code this browser asked for last, while it can still be used."""
    code = session.scalar(
        select(SignInCode)
        .where(SignInCode.browser_hash == browser)
        .order_by(SignInCode.id.desc())
        .limit(1)
    )
    return code if code and code.used_at is None and code.ends_at > now else None


def open_link(
    session: DbSession, token: str, *, purposes: Sequence[str], now: datetime
) -> OpenLink | None:
    """What a one-time link in a mail is for, while it works. Changes nothing."""
    found = session.execute(
        select(OneTimeLink.purpose, Person.name, Person.email, Person.id)
        .join(Person, Person.id == OneTimeLink.person_id)
        .where(
            OneTimeLink.token_hash == hash_token(token),
            OneTimeLink.purpose.in_(purposes),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.ends_at > now,
            OneTimeLink.email == Person.email,
            Person.disabled_at.is_(None),
        )
    ).one_or_none()
    return OpenLink(found.purpose, found.name, found.email, found.id) if found else None


def coordinators(session: DbSession) -> Sequence[Person]:
    """Everybody with the role, by name; closed accounts too."""
    return session.scalars(
        select(Person)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.role == Role.COORDINATOR)
        .order_by(Person.name, Person.id)
    ).all()


def count_coordinators(session: DbSession) -> int:
    """Those who can sign in: the last of them must stay."""
    return (
        session.scalar(
            select(func.count())
            .select_from(RoleGrant)
            .join(Person, Person.id == RoleGrant.person_id)
            .where(RoleGrant.role == Role.COORDINATOR, Person.disabled_at.is_(None))
        )
        or 0
    )


def is_coordinator(session: DbSession, person_id: int) -> bool:
    mine = RoleGrant.person_id == person_id, RoleGrant.role == Role.COORDINATOR
    return session.scalar(select(RoleGrant.person_id).where(*mine)) is not None
