"""What hangs on rows that an import made: whoever did something since is not taken away."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Table, and_, or_, select

from netapp.directory.models import Profile
from netapp.directory.plans import LENGTHS
from netapp.groups.models import GroupMember
from netapp.imports.models import ImportAct, What
from netapp.kernel.db import Base, DbSession
from netapp.membership.models import Membership, Seat
from netapp.organisations.models import Affiliation
from netapp.people.models import Person
from netapp.people.operations.links import INVITATION
from netapp.safeguarding.models import Check

OURS: Final = {"imports", "import_rows", "import_acts", "import_organisations"}
TABLES: Final[Mapping[What, str]] = {
    What.SEAT: "membership_seats",
    What.GROUP: "group_members",
    What.AFFILIATION: "affiliations",
    What.MEMBERSHIP: "memberships",
    What.PROFILE: "profiles",
    What.CHECK: "checks",
    What.PERSON: "people",
    What.ORGANISATION: "organisations",
}
MADE: Final[Mapping[str, What]] = {table: what for what, table in TABLES.items()}

MERGED: Final = "They were merged with somebody."
WORDS: Final[Mapping[str, str]] = {
    "bookings": "They have booked.",
    "attendees": "They have booked.",
    "places": "They have a place at an event.",
    "interests": "They asked to hear of an event.",
    "profiles": "They have a profile in the directory.",
    "memberships": "They have a membership of another kind or time.",
    "membership_seats": "They have a seat of an organisation.",
    "membership_applications": "They have applied for membership.",
    "affiliations": "They work for another organisation.",
    "group_members": "They are in another group.",
    "group_roles": "They have a role in a group.",
    "invoices": "There is an invoice to them.",
    "sign_ins": "They have signed in.",
    "checks": "A safeguarding check is noted.",
    "role_grants": "They have a role on the platform.",
    "people": MERGED,
}
OTHER: Final = "They have done something since."
ACCOUNT: Final = "They have opened their account."
CHANGED: Final = "Their details were changed since."
CLOSED: Final = "Their account is closed."
BELONGING: Final = "Their membership, organisation, groups or profile were changed since."
DATES: Final = ("starts_on", "ends_on", "rights_until")


@dataclass(frozen=True, slots=True)
class Link:
    """A column somewhere that points at a table."""

    table: Table
    column: Column[Any]


def links_to(name: str) -> list[Link]:
    """Every column of the schema that points at the rows of a table, but for those of imports."""
    return [
        Link(table, column)
        for table in Base.metadata.sorted_tables
        if table.name not in OURS
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == name
    ]


def hanging_on(
    session: DbSession, name: str, ids: Sequence[int], made: Mapping[str, Sequence[int]]
) -> dict[int, str]:
    """Which of these rows of a table something points at, and in words what. Rows that the import
    made itself (``made``: table → ids), and what goes with its row, do not count."""
    found: dict[int, str] = {}
    if not ids:
        return found
    for link in links_to(name):
        if _goes_along(link):
            continue
        hangs: list[ColumnElement[bool]] = [link.column.in_(ids)]
        if mine := made.get(link.table.name):
            hangs.append(link.table.c.id.not_in(mine))
        hangs += _quiet(link.table)
        for number in session.scalars(select(link.column).where(and_(*hangs)).distinct()):
            found.setdefault(number, WORDS.get(link.table.name, OTHER))
    return found


def done_since(session: DbSession, ids: Sequence[int]) -> dict[int, str]:
    """Of new people: whose own row shows that they, or somebody, did something since."""
    rows = select(Person).where(
        Person.id.in_(ids),
        or_(
            Person.registered_at.is_not(None),
            Person.email_confirmed_at.is_not(None),
            Person.disabled_at.is_not(None),
            Person.merged_into_id.is_not(None),
            Person.version != 1,
        ),
    )
    return {person.id: _what_happened(person) for person in session.scalars(rows)}


def _what_happened(person: Person) -> str:
    if person.merged_into_id is not None:
        return MERGED
    if person.disabled_at is not None:
        return CLOSED
    return ACCOUNT if person.registered_at else CHANGED


def staying(session: DbSession, import_id: int, people: Sequence[int]) -> dict[int, str]:
    """Of people whom an import brought: who did something since, and what, in words."""
    if not people:
        return {}
    acts = session.execute(
        select(ImportAct.what, ImportAct.target_id, ImportAct.person_id, ImportAct.after).where(
            ImportAct.import_id == import_id,
            ImportAct.person_id.in_(people),
            ImportAct.what.in_({*MADE.values()} - {What.ORGANISATION, What.PERSON}),
        )
    ).all()
    made: dict[What, dict[int, Any]] = defaultdict(dict)
    for act in acts:
        made[act.what][act.target_id] = act
    found = done_since(session, people)
    tables = {TABLES[what]: list(rows) for what, rows in made.items()}
    for number, words in hanging_on(session, "people", people, tables).items():
        found.setdefault(number, words)
    for what, rows in made.items():
        same = as_made(session, what, {number: row.after for number, row in rows.items()})
        used = hanging_on(session, TABLES[what], list(rows), {})
        for number, row in rows.items():
            if number not in same or number in used:
                found.setdefault(row.person_id, used.get(number, BELONGING))
    return found


def as_made(session: DbSession, what: What, after: Mapping[int, Mapping[str, Any]]) -> set[int]:
    """Which of these rows are still as the import made them; ``after`` is what it wrote down."""
    match what:
        case What.SEAT:
            live = select(Seat.id).where(Seat.id.in_(after), Seat.ended_at.is_(None))
            return set(session.scalars(live))
        case What.GROUP:
            inside = GroupMember.left_at.is_(None)
            return set(
                session.scalars(select(GroupMember.id).where(GroupMember.id.in_(after), inside))
            )
        case What.AFFILIATION:
            works = select(Affiliation.id, Affiliation.role).where(
                Affiliation.id.in_(after),
                Affiliation.ends_on.is_(None),
                Affiliation.is_contact.is_(False),
            )
            return {r.id for r in session.execute(works) if r.role == after[r.id]["role"]}
        case What.PROFILE:
            texts = [getattr(Profile, name) for name in LENGTHS]
            begun = select(Profile.id, *texts).where(
                Profile.id.in_(after), Profile.answered_at.is_(None), Profile.version == 1
            )
            return {
                row.id
                for row in session.execute(begun)
                if dict(zip(LENGTHS, row[1:], strict=True)) == after[row.id]
            }
        case What.CHECK:
            seen = select(Check.id, Check.seen_on, Check.due_on).where(
                Check.id.in_(after), Check.ended_at.is_(None)
            )
            return {
                row.id
                for row in session.execute(seen)
                if {"seen_on": row.seen_on, "due_on": row.due_on}
                == days_of(after[row.id], ("seen_on", "due_on"))
            }
        case _:
            columns = [getattr(Membership, name) for name in DATES]
            terms = select(Membership.id, *columns).where(
                Membership.id.in_(after), Membership.ended_early.is_(False)
            )
            return {
                row.id
                for row in session.execute(terms)
                if dict(zip(DATES, row[1:], strict=True)) == days_of(after[row.id])
            }


def days_of(term: Mapping[str, Any], names: Sequence[str] = DATES) -> dict[str, date | None]:
    """From JSON."""
    return {name: date.fromisoformat(term[name]) if term[name] else None for name in names}


def _goes_along(link: Link) -> bool:
    """What the database takes away with the row, such as notices with their membership."""
    return any(key.ondelete == "CASCADE" for key in link.column.foreign_keys)


def _quiet(table: Table) -> list[ColumnElement[bool]]:
    """What we sent says nothing of what somebody did: an invitation that nobody used, a question
    that nobody answered."""
    if table.name == "one_time_links":
        return [or_(table.c.used_at.is_not(None), table.c.purpose != INVITATION)]
    if table.name == "membership_still_true":
        return [table.c.confirmed_at.is_not(None)]
    return []
