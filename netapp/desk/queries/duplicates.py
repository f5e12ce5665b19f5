"""Who might be in our books twice: by rules that anybody can check by eye."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from netapp.kernel.db import DbSession
from netapp.people.addresses import CLOSED_HOST, shown
from netapp.people.apart_models import ToldApart
from netapp.people.models import Person

MOST: Final = 100
"""Pairs on the page; merging some brings up the next."""

_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Entry:
    id: int
    key: str
    name: str
    email: str
    organisation: str
    has_account: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """``goes`` would go into ``stays``: who has an account stays, else who is here longer."""

    goes: Entry
    stays: Entry
    why: str


@dataclass(frozen=True, slots=True)
class Apart:
    """Two who look alike, and are two people: ``by`` said so."""

    one: Entry
    other: Entry
    by: str
    at: datetime


def duplicates(session: DbSession) -> tuple[Sequence[Pair], int]:
    """The surest first, and how many there are in all, without those that somebody told apart. Two
    queries, however many people there are."""
    rows = session.execute(
        select(Person.id, Person.key, Person.name, Person.email, Person.organisation)
        .add_columns(Person.registered_at)
        .where(Person.merged_into_id.is_(None), Person.email.not_like(f"%@{CLOSED_HOST}"))
        .order_by(Person.registered_at.is_(None), Person.id)
    ).all()
    entries = [
        Entry(row.id, row.key, row.name, row.email, row.organisation, row.registered_at is not None)
        for row in rows
    ]
    apart = {
        frozenset((first, second))
        for first, second in session.execute(select(ToldApart.first_id, ToldApart.second_id))
    }
    found: dict[frozenset[int], Pair] = {}
    for why, alike in RULES:
        for same in _alike(entries, alike):
            for number, other in enumerate(same):
                first = _first_like(other, same[:number], apart)
                if first is not None:
                    found.setdefault(frozenset({first.id, other.id}), _pair(first, other, why))
    return list(found.values())[:MOST], len(found)


def told_apart(session: DbSession) -> list[Apart]:
    """The newest first. One query."""
    one, other, by = aliased(Person), aliased(Person), aliased(Person)
    rows = session.execute(
        select(one, other, by.name, ToldApart.decided_at)
        .select_from(ToldApart)
        .join(one, one.id == ToldApart.first_id)
        .join(other, other.id == ToldApart.second_id)
        .outerjoin(by, by.id == ToldApart.decided_by_id)
        .where(one.merged_into_id.is_(None), other.merged_into_id.is_(None))
        .order_by(ToldApart.decided_at.desc(), ToldApart.id.desc())
        .limit(MOST)
    )
    return [
        Apart(_entry(first), _entry(second), name or "", at) for first, second, name, at in rows
    ]


def are_told_apart(session: DbSession, one: Person, other: Person) -> bool:
    pair = sorted((one.id, other.id))
    this = ToldApart.first_id == pair[0], ToldApart.second_id == pair[1]
    return session.scalar(select(ToldApart.id).where(*this)) is not None


def plain(text: str) -> str:
    """As one compares names: without accents, case and double spaces."""
    bare = unicodedata.normalize("NFKD", text)
    letters = "".join(each for each in bare if not unicodedata.combining(each))
    return _SPACES.sub(" ", letters).strip().casefold()


def plain_address(email: str) -> str:
    """An address as many mail boxes read it: case, dots and what follows a plus make none other."""
    local, _, host = email.casefold().rpartition("@")
    return f"{local.partition('+')[0].replace('.', '')}@{host}"


def _by_work(entry: Entry) -> str:
    work = plain(entry.organisation)
    return f"{plain(entry.name)}\n{work}" if work else ""


RULES: Final[tuple[tuple[str, Callable[[Entry], str]], ...]] = (
    ("The same address, but for dots or what follows a plus", lambda e: plain_address(e.email)),
    ("The same name and organisation", _by_work),
    ("The same name", lambda entry: plain(entry.name)),
)


def _alike(entries: Sequence[Entry], alike: Callable[[Entry], str]) -> list[list[Entry]]:
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if value := alike(entry):
            groups[value].append(entry)
    return [group for group in groups.values() if len(group) > 1]


def _first_like(
    other: Entry, before: Sequence[Entry], apart: Collection[frozenset[int]]
) -> Entry | None:
    """Of those before it the first that nobody told apart from it."""
    return next((one for one in before if frozenset({one.id, other.id}) not in apart), None)


def _pair(stays: Entry, goes: Entry, why: str) -> Pair:
    return Pair(_shown(goes), _shown(stays), why)


def _shown(entry: Entry) -> Entry:
    return replace(entry, email=shown(entry.email))


def _entry(person: Person) -> Entry:
    has_account = person.registered_at is not None
    return Entry(
        person.id, person.key, person.name, shown(person.email), person.organisation, has_account
    )
