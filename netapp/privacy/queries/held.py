"""All that is kept about one person, for that person: as a page to read, and as JSON."""

import enum
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from netapp.kernel.db import DbSession
from netapp.kernel.personal_data import About, Agreed, Clear, Closing, Delete, Holding, Keep
from netapp.kernel.words import count_words
from netapp.people.models import Person
from netapp.privacy.holdings import ALL

Value = str | int | bool | datetime | date | list[Any] | dict[str, Any] | None
Record = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one table that are about somebody, and what they should know of them."""

    title: str
    why: str
    until: str
    on_closing: str
    number: int

    @property
    def number_words(self) -> str:
        return count_words(self.number, "entry", "entries")


@dataclass(frozen=True, slots=True)
class Copy:
    """A part with its rows, each from words to values; moments are in UTC."""

    title: str
    why: str
    until: str
    records: list[Record]


def all_about() -> Iterator[tuple[Holding, About]]:
    for held in ALL:
        if isinstance(held, Holding):
            for about in held.about:
                yield held, about


def shown_about() -> Iterator[tuple[Holding, About]]:
    """Without what the person is not to learn of others."""
    return ((held, about) for held, about in all_about() if about.is_shown)


def one_person(session: DbSession, person_id: int) -> list[int]:
    """This person, and whoever turned out to be them: some of it stays with those rows."""
    merged = select(Person.id).where(Person.merged_into_id == person_id).order_by(Person.id)
    return [person_id, *session.scalars(merged)]


def about_any(about: About, ids: Iterable[int]) -> ColumnElement[bool]:
    return or_(*(about.of(each) for each in ids))


def parts_held(session: DbSession, person_id: int) -> list[Part]:
    """What there is about this person, without the rows: one query for each table."""
    parts, ids = [], one_person(session, person_id)
    for held, about in shown_about():
        number = session.scalar(
            select(func.count()).select_from(held.model).where(about_any(about, ids))
        )
        if number:
            on_closing = closing_words(about.closing)
            parts.append(Part(about.title, about.why, about.until, on_closing, number))
    return parts


def consents_given(session: DbSession, person_id: int) -> list[Agreed]:
    """Every consent of this person that holds, the newest first."""
    ids = one_person(session, person_id)
    agreed = [
        each
        for held, about in all_about()
        if about.agreed
        for row in session.scalars(select(held.model).where(about_any(about, ids)))
        for each in about.agreed(session, row)
    ]
    return sorted(agreed, key=lambda each: each.at, reverse=True)


def closing_words(closing: Closing) -> str:
    match closing:
        case Delete(but=but):
            return f"Deleted. {but}".rstrip()
        case Clear(why=why):
            return f"Stays without your name. {why}"
        case Keep(why=why):
            return f"Stays. {why}"


def copy_of(session: DbSession, person_id: int) -> list[Copy]:
    """Everything about this person, but for what opens doors (hashes, seeds) or means nothing
    (numbers of rows). What is sealed is opened: the caller is its owner."""
    copies, ids = [], one_person(session, person_id)
    for held, about in shown_about():
        rows = session.scalars(
            select(held.model)
            .where(about_any(about, ids))
            .order_by(*held.model.__mapper__.primary_key)
        )
        records = [_record(session, held, about, row) for row in rows]
        if records:
            copies.append(Copy(about.title, about.why, about.until, records))
    return copies


def _record(session: DbSession, held: Holding, about: About, row: Any) -> Record:
    record: dict[str, Value] = {}
    for name in held.shown():
        if name in about.hides.split():
            continue
        value = getattr(row, name)
        if isinstance(value, bytes):
            continue  # Sealed: ``reads`` opens it, or it is not for reading.
        says = about.says.get(name)
        told = says(value) if says and value is not None else _plain_value(value)
        record[about.words.get(name, _plain(name))] = told
    if about.reads:
        record |= {words: _plain_value(value) for words, value in about.reads(session, row).items()}
    return record


def _plain(column: str) -> str:
    """The words of a column that nobody gave any: "offered at"."""
    return column.replace("_", " ").capitalize()


def _plain_value(value: Any) -> Value:
    """Choices by their value, in words: "taken back", "16-17"."""
    match value:
        case enum.Enum():
            plain = re.sub("[_-](?=[a-z])", " ", str(value.value))
            return plain[0].upper() + plain[1:]
        case list() | tuple():
            return [_plain_value(each) for each in value]
        case dict():
            return {str(key): _plain_value(each) for key, each in value.items()}
        case None | bool() | int() | str() | date():
            return value
    return str(value)
