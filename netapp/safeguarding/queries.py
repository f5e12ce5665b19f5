"""Reads about checks, for those who look after them, and the contact that everybody sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from netapp.kernel.db import DbSession
from netapp.kernel.pages import PER_PAGE, Page
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.people.models import Person, Role, RoleGrant
from netapp.safeguarding.models import Check, CheckKind, SafeguardingContact
from netapp.safeguarding.policies import REMIND_BEFORE

MOST_FOUND: Final = 20
MOST_WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class CheckLine:
    """``state``: fine, soon, late."""

    key: str
    person_key: str
    person: str
    kind: str
    seen_on: date
    seen_by: str
    due_on: date | None
    state: str


@dataclass(frozen=True, slots=True)
class FoundPerson:
    key: str
    name: str
    organisation: str


def network_contact(session: DbSession) -> SafeguardingContact | None:
    return session.scalar(select(SafeguardingContact).where(SafeguardingContact.event_id.is_(None)))


def contact_for_event(session: DbSession, event_id: int) -> SafeguardingContact | None:
    """The event's own, else the network's: one query."""
    return session.scalar(
        select(SafeguardingContact)
        .where((SafeguardingContact.event_id == event_id) | SafeguardingContact.event_id.is_(None))
        .order_by(SafeguardingContact.event_id.is_(None))
        .limit(1)
    )


def own_contact_of_event(session: DbSession, event_id: int) -> SafeguardingContact | None:
    mine = SafeguardingContact.event_id == event_id
    return session.scalar(select(SafeguardingContact).where(mine))


def leads(session: DbSession) -> Sequence[Person]:
    """Those who look after checks and can sign in, by name."""
    held = select(RoleGrant.person_id).where(RoleGrant.role == Role.SAFEGUARDING_LEAD)
    return session.scalars(
        select(Person)
        .where(Person.id.in_(held), Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    ).all()


def is_lead(session: DbSession, person_id: int) -> bool:
    role = RoleGrant.person_id == person_id, RoleGrant.role == Role.SAFEGUARDING_LEAD
    return session.scalar(select(RoleGrant.person_id).where(*role)) is not None


def check_kinds(session: DbSession) -> Sequence[CheckKind]:
    return session.scalars(select(CheckKind).order_by(CheckKind.position, CheckKind.id)).all()


def people_named(session: DbSession, words: str) -> Sequence[FoundPerson]:
    """Who has all these words in their name and may sign in, by name, ``MOST_FOUND`` at most: no
    more of them than it takes to tell one from another. Empty words find nobody."""
    asked = words.split()[:MOST_WORDS]
    if not asked:
        return []
    rows = session.execute(
        select(Person.key, Person.name, Person.organisation)
        .where(
            Person.disabled_at.is_(None),
            *(Person.name.icontains(word, autoescape=True) for word in asked),
        )
        .order_by(Person.name, Person.id)
        .limit(MOST_FOUND)
    )
    return [FoundPerson(*row) for row in rows]


def checks_of(session: DbSession, person_id: int, now: datetime) -> list[CheckLine]:
    """What holds of one person."""
    rows = _live().where(Check.person_id == person_id).order_by(CheckKind.position)
    return [_line(row, _today(session, now)) for row in session.scalars(rows)]


def checks_page(session: DbSession, *, number: int, now: datetime) -> Page[CheckLine]:
    """All that hold, the most pressing first, those that are never due last: two queries."""
    total = session.scalar(select(func.count(Check.id)).where(Check.ended_at.is_(None))) or 0
    rows = _live().order_by(Check.due_on.is_(None), Check.due_on, Check.id)
    shown = session.scalars(rows.limit(PER_PAGE).offset((number - 1) * PER_PAGE))
    return Page([_line(row, _today(session, now)) for row in shown], number, total)


def pressing(session: DbSession, now: datetime) -> tuple[int, int]:
    """How many are late, and how many are due within eight weeks."""
    today = _today(session, now)
    days = session.scalars(
        select(Check.due_on)
        .join(Person, Person.id == Check.person_id)
        .where(
            Check.ended_at.is_(None),
            Check.due_on <= today + REMIND_BEFORE,
            Person.disabled_at.is_(None),
        )
    ).all()
    late = sum(1 for day in days if day and day < today)
    return late, len(days) - late


def _live() -> Select[Check]:
    return (
        select(Check)
        .join(Check.kind)
        .join(Check.person)
        .where(Check.ended_at.is_(None))
        .options(joinedload(Check.kind), joinedload(Check.person))
    )


def _line(check: Check, today: date) -> CheckLine:
    state = "fine"
    if check.due_on and check.due_on < today:
        state = "late"
    elif check.due_on and check.due_on <= today + REMIND_BEFORE:
        state = "soon"
    return CheckLine(
        key=check.key,
        person_key=check.person.key,
        person=check.person.name,
        kind=check.kind.name,
        seen_on=check.seen_on,
        seen_by=check.seen_by,
        due_on=check.due_on,
        state=state,
    )


def _today(session: DbSession, now: datetime) -> date:
    return to_local(now, site_of(session).zone).date()
