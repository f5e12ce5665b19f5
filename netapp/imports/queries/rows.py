"""The rows of a file, as pages and lists of faults show them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from netapp.imports.fields import (
    A_CHECK,
    CHECKS,
    LABELS,
    OUR_ROW,
    OUR_WORDS,
    Field,
    is_ours,
    perhaps_checks,
)
from netapp.imports.models import Import, ImportRow, RowState
from netapp.imports.queries.matching import OTHER_NAME, ROW_OTHER_NAME, RULE_WORDS
from netapp.imports.queries.words import CHECK_UNREAD, does_words
from netapp.kernel.db import DbSession
from netapp.kernel.pages import Page
from netapp.organisations.models import Affiliation, Organisation
from netapp.people.addresses import shown
from netapp.people.models import Person
from netapp.vocabulary.queries import areas

A_PAGE: Final = 50
PAIRS_A_PAGE: Final = 20
EXAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class RowLine:
    number: int
    name: str
    email: str
    state: RowState
    person_key: str
    does: list[str]
    notes: list[str]
    faults: list[tuple[str, str]]
    why: str  # Of a row that is left out.


@dataclass(frozen=True, slots=True)
class Side:
    """One of two who may be one person."""

    title: str
    name: str
    email: str
    organisation: str
    area: str
    person_key: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    number: int
    rule: str
    one_address: bool  # Then they cannot be two.
    choice: str
    row: Side
    other: Side
    does: list[str]


@dataclass(frozen=True, slots=True)
class ColumnLine:
    heading: str
    field: str
    examples: list[str]
    is_ours: bool


def columns_of(session: DbSession, one: Import, *, sees_checks: bool) -> list[ColumnLine]:
    first = select(ImportRow.cells).where(ImportRow.import_id == one.id)
    rows = session.scalars(first.order_by(ImportRow.number).limit(30)).all()
    found = []
    unseen = set() if sees_checks else perhaps_checks(one.headings, one.columns)
    for number, heading in enumerate(one.headings):
        cells = [row[number] for row in rows if row[number] and number not in unseen]
        found.append(
            ColumnLine(
                heading=heading or f"Column {number + 1}, without a heading",
                field=one.columns[number],
                examples=[cell[:60] for cell in dict.fromkeys(cells)][:EXAMPLES],
                is_ours=is_ours(heading),
            )
        )
    return found


def _faults(
    faults: Sequence[Sequence[str]], one: Import, *, sees_checks: bool
) -> list[tuple[str, str]]:
    """Column and words; of checks nothing for those who do not look after them."""
    unseen = {one.headings[number] for number in perhaps_checks(one.headings, one.columns)} | {
        A_CHECK,
        LABELS[Field.CHECK],
    }
    hidden = set() if sees_checks else unseen
    return [(each[0], CHECK_UNREAD if each[0] in hidden else each[1]) for each in faults]


def row_page(
    session: DbSession, one: Import, state: RowState, number: int, *, sees_checks: bool
) -> Page[RowLine]:
    mine = ImportRow.import_id == one.id, ImportRow.state == state
    total = session.scalar(select(func.count()).select_from(ImportRow).where(*mine)) or 0
    labels = {term.slug: term.label for term in areas(session)}
    rows = session.execute(
        select(ImportRow, Person.key, Person.name)
        .outerjoin(Person, Person.id == ImportRow.person_id)
        .where(*mine)
        .order_by(ImportRow.number)
        .limit(A_PAGE)
        .offset((number - 1) * A_PAGE)
    )
    lines = [_line(row, key, name, labels, one, sees_checks=sees_checks) for row, key, name in rows]
    return Page(lines, number, total, A_PAGE)


def _line(
    row: ImportRow,
    key: str | None,
    name: str | None,
    labels: dict[str, str],
    one: Import,
    *,
    sees_checks: bool,
) -> RowLine:
    return RowLine(
        number=row.number,
        name=row.says.get("name", "") or name or "",
        email=shown(row.email) if row.email else _cell(row, one, Field.EMAIL),
        state=row.state,
        person_key=key or "",
        does=does_words(row.plan.get("does", {}), labels, sees_checks=sees_checks),
        notes=row.plan.get("notes", []),
        faults=_faults(row.faults, one, sees_checks=sees_checks),
        why=row.plan.get("why", ""),
    )


def _cell(row: ImportRow, one: Import, wanted: Field) -> str:
    if wanted.value not in one.columns:
        return ""
    return row.cells[one.columns.index(wanted.value)][:80]


def faulty_table(
    session: DbSession, one: Import, *, sees_checks: bool
) -> tuple[list[str], Iterator[list[str]]]:
    """The headings and rows of a list to correct and load again; without ``sees_checks`` those
    columns are empty."""
    mine = [number for number, name in enumerate(one.headings) if not is_ours(name)]
    unseen = set() if sees_checks else perhaps_checks(one.headings, one.columns)
    wanted = select(ImportRow.number, ImportRow.cells, ImportRow.faults).where(
        ImportRow.import_id == one.id, ImportRow.state == RowState.FAULT
    )

    def rows() -> Iterator[list[str]]:
        found = session.execute(wanted.order_by(ImportRow.number).execution_options(yield_per=500))
        for number, cells, faults in found:
            told = _faults(faults, one, sees_checks=sees_checks)
            words = " ".join(f"{column}: {each}" for column, each in told)
            yield [*("" if n in unseen else cells[n] for n in mine), str(number), words]

    return [*(one.headings[number] for number in mine), OUR_ROW, OUR_WORDS], rows()


def pair_page(
    session: DbSession, one: Import, number: int, *, sees_checks: bool = False
) -> Page[Pair]:
    mine = ImportRow.import_id == one.id, ImportRow.state == RowState.ASK
    total = session.scalar(select(func.count()).select_from(ImportRow).where(*mine)) or 0
    rows = session.scalars(
        select(ImportRow)
        .where(*mine)
        .order_by(ImportRow.number)
        .limit(PAIRS_A_PAGE)
        .offset((number - 1) * PAIRS_A_PAGE)
    ).all()
    labels = {term.slug: term.label for term in areas(session)}
    people = _people(session, [row.person_id for row in rows if row.person_id], labels)
    others = _others(session, [row.other_id for row in rows if row.other_id], labels)
    pairs = [
        Pair(
            number=row.number,
            rule=RULE_WORDS.get(row.rule, ""),
            one_address=row.rule in {OTHER_NAME, ROW_OTHER_NAME},
            choice=row.choice.value if row.choice else "",
            row=_side(row, f"Row {row.number} of the file", labels),
            other=people[row.person_id] if row.person_id else others[row.other_id or 0],
            does=does_words(row.plan.get("does", {}), labels, sees_checks=sees_checks),
        )
        for row in rows
    ]
    return Page(pairs, number, total, PAIRS_A_PAGE)


def _side(row: ImportRow, title: str, labels: dict[str, str]) -> Side:
    return Side(
        title=title,
        name=row.says.get("name", ""),
        email=shown(row.email),
        organisation=row.says.get("organisation", ""),
        area=labels.get(row.says.get("area", ""), ""),
    )


def _others(session: DbSession, ids: Sequence[int], labels: dict[str, str]) -> dict[int, Side]:
    rows = session.scalars(select(ImportRow).where(ImportRow.id.in_(ids)))
    return {row.id: _side(row, f"Row {row.number} of the file", labels) for row in rows}


def _people(session: DbSession, ids: Sequence[int], labels: dict[str, str]) -> dict[int, Side]:
    works: dict[int, list[str]] = {}
    named = select(Affiliation.person_id, Organisation.name).join(Organisation)
    for person, name in session.execute(
        named.where(Affiliation.person_id.in_(ids), Affiliation.ends_on.is_(None))
    ):
        works.setdefault(person, []).append(name)
    return {
        person.id: Side(
            title="Whom we know",
            name=person.name,
            email=shown(person.email),
            organisation=", ".join(works.get(person.id, [])) or person.organisation,
            area=labels.get(person.area, ""),
            person_key=person.key,
        )
        for person in session.scalars(select(Person).where(Person.id.in_(ids)))
    }


def field_choices(*, sees_checks: bool) -> list[tuple[str, str]]:
    offered = [each for each in Field if sees_checks or each not in CHECKS]
    return [("", "Leave this column out"), *((each.value, LABELS[each]) for each in offered)]
