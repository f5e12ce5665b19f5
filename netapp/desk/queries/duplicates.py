"""Who might be in our books twice: by rules that anybody can check by eye."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from netapp.kernel.db import DbSession
from netapp.people.addresses import CLOSED_HOST, shown
from netapp.people.models import Person

MOST: Final = 100
"""Pairs on the page; merging some brings up the next."""

_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Entry:
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


def duplicates(session: DbSession) -> tuple[Sequence[Pair], int]:
    """The surest first, and how many there are in all. One query, however many people there are."""
    rows = session.execute(
        select(Person.id, Person.key, Person.name, Person.email, Person.organisation)
        .add_columns(Person.registered_at)
        .where(Person.merged_into_id.is_(None), Person.email.not_like(f"%@{CLOSED_HOST}"))
        .order_by(Person.registered_at.is_(None), Person.id)
    ).all()
    entries = [
        Entry(row.key, row.name, row.email, row.organisation, row.registered_at is not None)
        for row in rows
    ]
    found: dict[frozenset[str], Pair] = {}
    for why, alike in RULES:
        for same in _alike(entries, alike):
            first, *others = same
            for other in others:
                found.setdefault(frozenset({first.key, other.key}), _pair(first, other, why))
    return list(found.values())[:MOST], len(found)


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


def _pair(stays: Entry, goes: Entry, why: str) -> Pair:
    return Pair(_shown(goes), _shown(stays), why)


def _shown(entry: Entry) -> Entry:
    return Entry(entry.key, entry.name, shown(entry.email), entry.organisation, entry.has_account)
