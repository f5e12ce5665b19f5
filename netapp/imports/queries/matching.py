"""Who of those that we know may be the person of a row, by name where the address says nothing.

Names are compared in Python, person by person, so that both databases find the same; of everybody
that is read only those stay in memory who are like somebody in the rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, select

from netapp.imports.models import ImportRow
from netapp.imports.names import fold, name_key, nearly, organisation_key
from netapp.kernel.db import DbSession
from netapp.organisations.models import Affiliation, Organisation
from netapp.people.models import Person

ADDRESS: Final = "address"  # The same address, and a name that fits.
OTHER_NAME: Final = "other-name"  # The same address, with another name.
SAME_ROW: Final = "same-row"  # The same address as an earlier row.
ROW_OTHER_NAME: Final = "row-other-name"
SAME_NAME_PLACE: Final = "name-place"  # Same name, same organisation.
SAME_NAME: Final = "name"
NEAR: Final = "near"  # Nearly the same name, same organisation or the same before the @.
ROW_NAME: Final = "row-name"  # The same name as an earlier row.

RULE_WORDS: Final[dict[str, str]] = {
    OTHER_NAME: "The same address with another name",
    ROW_OTHER_NAME: "The same address as an earlier row, with another name",
    SAME_NAME_PLACE: "The same name and organisation, with another address",
    SAME_NAME: "The same name, with another address",
    NEAR: "Nearly the same name",
    ROW_NAME: "The same name as an earlier row, with another address",
}


@dataclass(frozen=True, slots=True)
class Like:
    person_id: int
    rule: str


def name_fits(one: str, other: str) -> bool:
    """Whether two names at one address speak of one person, or one of them is not known."""
    return not one or not other or nearly(one, other)


def places_fit(one: str, other: str) -> bool:
    """Two keys of organisations: the same, or one of them not known."""
    return not one or not other or one == other


def find_alike(session: DbSession, rows: Sequence[ImportRow]) -> dict[int, Like]:
    """By the id of the row: whom a name alone makes somebody we know. One query, or none."""
    asked = _Asked(rows)
    if not asked:
        return {}
    found: dict[int, Like] = {}
    order = {SAME_NAME_PLACE: 0, SAME_NAME: 1, NEAR: 2}
    for person_id, name, place, email in _everybody(session):
        for row, rule in asked.like(name, place, email):
            known = found.get(row.id)
            if known is None or order[rule] < order[known.rule]:
                found[row.id] = Like(person_id, rule)
    return found


class _Asked:
    """The rows by what a person could have in common with them."""

    def __init__(self, rows: Sequence[ImportRow]) -> None:
        self.by_name: dict[str, list[ImportRow]] = {}
        self.by_part: dict[tuple[str, str], list[ImportRow]] = {}
        for row in rows:
            if not row.name_key:
                continue
            self.by_name.setdefault(row.name_key, []).append(row)
            for part in _parts(row.says.get("name", ""), row.organisation_key, row.email):
                self.by_part.setdefault(part, []).append(row)

    def __bool__(self) -> bool:
        return bool(self.by_name)

    def like(self, name: str, place: str, email: str) -> Iterable[tuple[ImportRow, str]]:
        where = organisation_key(place)
        key = name_key(name)
        for row in self.by_name.get(key, ()):
            if where and where == row.organisation_key:
                yield row, SAME_NAME_PLACE
            elif places_fit(where, row.organisation_key):
                yield row, SAME_NAME
        for part in _parts(name, where, email):
            for row in self.by_part.get(part, ()):
                if row.name_key != key and nearly(name, row.says.get("name", "")):
                    yield row, NEAR


def _parts(name: str, place: str, email: str) -> set[tuple[str, str]]:
    """What nearly the same name has in common for certain: one of its ends, with the place; or
    the part of an address before the @ where that is a name and no office."""
    words = fold(name).split()
    found: set[tuple[str, str]] = set()
    if place and words:
        found |= {(place, words[0]), (place, words[-1])}
    local = email.partition("@")[0]
    if len(local) >= 5 and local not in _OFFICES:
        found.add(("@", local))
    return found


_OFFICES: Final = {
    *("office", "admin", "hello", "enquiries", "contact", "music", "info", "reception", "manager"),
    *("bookings", "events", "training", "education", "school"),
}


def _everybody(session: DbSession) -> Iterable[tuple[int, str, str, str]]:
    """Everybody whose account is not closed, where they say they work first, then each place of
    the register."""
    open_ones = and_(Person.disabled_at.is_(None), Person.merged_into_id.is_(None))
    people = select(Person.id, Person.name, Person.organisation, Person.email).where(open_ones)
    for number, name, place, email in session.execute(people.execution_options(yield_per=2000)):
        yield number, name, place, email
    works = (
        select(Person.id, Person.name, Organisation.name, Person.email)
        .join(Affiliation, Affiliation.person_id == Person.id)
        .join(Organisation, Organisation.id == Affiliation.organisation_id)
        .where(open_ones, Affiliation.ends_on.is_(None), Organisation.name != Person.organisation)
    )
    for number, name, place, email in session.execute(works.execution_options(yield_per=2000)):
        yield number, name, place, email
