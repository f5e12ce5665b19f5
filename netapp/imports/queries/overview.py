"""What the pages about an import as a whole show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import case, func, select

from netapp.imports.fields import Field
from netapp.imports.models import (
    MOST_TRIES,
    UNDO_FOR,
    Import,
    ImportAct,
    ImportOrganisation,
    ImportRow,
    ImportState,
    PlaceOf,
    RowState,
    Step,
    What,
)
from netapp.imports.queries.words import STATE_WORDS
from netapp.kernel.db import DbSession
from netapp.people.models import Person

BUSY: Final = {ImportState.READING, ImportState.STARTED, ImportState.UNDOING}
LATEST: Final = 20


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One of the files that were loaded lately."""

    key: str
    filename: str
    state: str
    loaded_at: datetime
    loaded_by: str
    total: int


@dataclass(frozen=True, slots=True)
class Overview:
    """An import as it is now. ``counts`` of rows by state; ``undecided``: pairs to compare."""

    key: str
    version: int
    filename: str
    source: str
    state: ImportState
    total: int
    counts: dict[str, int]
    undecided: int
    decided: int
    unknown_organisations: int
    placed_organisations: int  # Of those: somebody chose more than words beside a person.
    moved: int
    keep: str
    takes_leavers: bool
    leavers: int
    invites: bool
    to_invite: int
    gives_membership: bool
    loaded_at: datetime
    done_at: datetime | None
    undone_at: datetime | None
    undo_until: datetime | None
    by: str
    progress: tuple[str, int, int] | None  # What is being done, how far, of how many.
    removed: int  # New people, by undoing it.
    gave_up: bool  # Other changes came between again and again.
    has_rows: bool

    @property
    def is_ready(self) -> bool:
        changes = self.counts.get("new", 0) + self.counts.get("change", 0)
        return not self.undecided and not self.decided and changes > 0


def latest(session: DbSession) -> list[ImportLine]:
    """The newest first. One query."""
    rows = session.execute(
        select(Import, Person.name)
        .outerjoin(Person, Person.id == Import.loaded_by_id)
        .order_by(Import.id.desc())
        .limit(LATEST)
    )
    return [
        ImportLine(
            key=one.key,
            filename=one.filename,
            state=STATE_WORDS[one.state],
            loaded_at=one.loaded_at,
            loaded_by=name or "Command line",
            total=one.total,
        )
        for one, name in rows
    ]


def overview(session: DbSession, one: Import) -> Overview:
    """Some small queries, however many rows the file has."""
    by_state = _by_state(session, one)
    asked = select(func.count(), func.count(ImportRow.choice)).where(
        ImportRow.import_id == one.id, ImportRow.state == RowState.ASK
    )
    all_asked, decided = session.execute(asked).one()
    beside = ImportOrganisation.place == PlaceOf.WORDS
    unknown, words_only = session.execute(
        select(func.count(), func.count(case((beside, 1)))).where(
            ImportOrganisation.import_id == one.id
        )
    ).one()
    by = session.scalar(select(Person.name).where(Person.id == _who(one)))
    counts = by_state or {state.value: int(one.tallies.get(state.value, 0)) for state in RowState}
    return Overview(
        key=one.key,
        version=one.version,
        filename=one.filename,
        source=one.source,
        state=one.state,
        total=one.total,
        counts=counts,
        undecided=all_asked - decided,
        decided=decided,
        unknown_organisations=unknown,
        placed_organisations=unknown - words_only,
        moved=one.moved,
        keep=one.keep.value,
        takes_leavers=one.takes_leavers,
        leavers=_leavers(session, one),
        invites=one.invites,
        to_invite=_to_invite(session, one),
        gives_membership=Field.KIND.value in one.columns,
        loaded_at=one.loaded_at,
        done_at=one.done_at,
        undone_at=one.undone_at,
        undo_until=one.done_at + UNDO_FOR if one.done_at else None,
        by=by or "Command line",
        progress=_progress(session, one),
        removed=int(one.tallies.get("removed", 0)),
        gave_up=int(one.tallies.get("tries", 0)) >= MOST_TRIES,
        has_rows=bool(by_state),
    )


def _by_state(session: DbSession, one: Import) -> dict[str, int]:
    counted = (
        select(ImportRow.state, func.count())
        .where(ImportRow.import_id == one.id)
        .group_by(ImportRow.state)
    )
    return {state.value: number for state, number in session.execute(counted)}


def _who(one: Import) -> int | None:
    if one.undone_at or one.state is ImportState.UNDOING:
        return one.undone_by_id
    return one.started_by_id if one.started_at else one.loaded_by_id


def _leavers(session: DbSession, one: Import) -> int:
    """Rows of people who left a mailing list; counted where a column says so."""
    if one.state is not ImportState.PREVIEW:
        return 0
    if not {Field.LEFT.value, Field.STATUS.value} & set(one.columns):
        return 0
    left = ImportRow.says["aside"].as_string() == "left"
    counted = select(func.count()).select_from(ImportRow)
    return session.scalar(counted.where(ImportRow.import_id == one.id, left)) or 0


def _to_invite(session: DbSession, one: Import) -> int:
    if one.state is not ImportState.DONE or not one.invites:
        return 0
    counted = select(func.count()).select_from(ImportRow)
    waiting = counted.where(ImportRow.import_id == one.id, ImportRow.to_invite)
    return session.scalar(waiting) or 0


def _progress(session: DbSession, one: Import) -> tuple[str, int, int] | None:
    if one.state not in BUSY:
        return None
    if one.state is ImportState.UNDOING:
        people = select(func.count(func.distinct(ImportAct.person_id)))
        waiting = people.where(
            ImportAct.import_id == one.id, ImportAct.undone_at.is_(None), ImportAct.kept == ""
        )
        left = session.scalar(waiting) or 0
        return "Putting back", one.position, one.position + left
    words = {
        Step.VALUES: "Reading the rows",
        Step.PLANS: "Comparing them with whom we know",
        Step.WRITE: "Writing it all at once",
    }
    done = 0
    if one.position:
        counted = select(func.count()).select_from(ImportRow)
        mine = ImportRow.import_id == one.id, ImportRow.number <= one.position
        done = session.scalar(counted.where(*mine)) or 0
    return words[one.step], one.total if one.step is Step.WRITE else done, one.total


@dataclass(frozen=True, slots=True)
class KeptLine:
    """Something that was not put back, and why."""

    person_key: str
    name: str
    what: str
    why: str


WHAT_WORDS: Final[dict[What, str]] = {
    What.PERSON: "The person",
    What.DETAILS: "Name, organisation or area",
    What.MEMBERSHIP: "Membership",
    What.TERM: "Days of the membership",
    What.AFFILIATION: "Where they work",
    What.ROLE: "What they do there",
    What.SEAT: "Seat",
    What.GROUP: "Group",
    What.PROFILE: "Profile",
    What.PROFILE_TEXT: "What stands in the profile",
    What.CHECK: "Safeguarding check",
    What.ORGANISATION: "Organisation",
}
MOST_KEPT: Final = 200


def kept_after_undo(session: DbSession, one: Import, silent: Sequence[str]) -> list[KeptLine]:
    """What an undo left as it is, people first; without what stays because its person does
    (``silent``)."""
    rows = session.execute(
        select(ImportAct, Person.key, Person.name)
        .outerjoin(Person, Person.id == ImportAct.person_id)
        .where(
            ImportAct.import_id == one.id,
            ImportAct.kept != "",
            ImportAct.kept.not_in(silent),
        )
        .order_by((ImportAct.what == What.PERSON).desc(), Person.name, ImportAct.id)
        .limit(MOST_KEPT)
    )
    return [
        KeptLine(
            person_key=key or "",
            name=name or str(act.after.get("name", "")),
            what=WHAT_WORDS[act.what],
            why=act.kept,
        )
        for act, key, name in rows
    ]


@dataclass(frozen=True, slots=True)
class UndoEffects:
    """What undoing would do now. ``stay``: new people who did something since, by name and why."""

    removed: int
    put_back: int  # People whom we knew before.
    organisations: int
    stay: list[KeptLine]
