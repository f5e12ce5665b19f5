"""The worker compares the rows with whom we know, and writes down what each would do."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import func, select

from netapp.imports.models import (
    Choice,
    Import,
    ImportOrganisation,
    ImportRow,
    ImportState,
    Keep,
    RowState,
    Step,
)
from netapp.imports.operations.bulk import update_rows
from netapp.imports.operations.plan import Plan
from netapp.imports.operations.planning import Planner, held_after, take_places
from netapp.imports.queries import matching
from netapp.imports.queries.holding import Held, hold_many
from netapp.imports.queries.lists import NearNames, load_lists
from netapp.imports.queries.matching import name_fits, places_fit
from netapp.imports.queries.saying import FAILED_WORDS, LEFT_WORDS, NOT_THERE_WORDS
from netapp.kernel.db import DbSession, portions
from netapp.kernel.revisions import revision_of
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.membership.queries.seats import seats_of
from netapp.organisations.operations.guard import DIRECTORY
from netapp.people.models import Person

AT_ONCE = 1000
TRIES = "tries"
"""Among the tallies: how often writing was begun and something had moved."""

PLANNED = "plan"
"""Marks a fault that comes from comparing, and not from the cells."""

CLOSED_WORDS = "Their account here is closed. Nothing of it is changed."
CHOSEN_WORDS = "You left this row out."
ASIDE = {"left": LEFT_WORDS, "failed": FAILED_WORDS, "not-there": NOT_THERE_WORDS}
COUNTS = {RowState.NEW, RowState.CHANGE, RowState.SAME, RowState.ASK}


def compare_some(session: DbSession, one: Import, now: datetime) -> int:
    """One portion; how many rows that was, 0 once all are compared."""
    if one.position == 0:
        one.revision = revision_of(session, DIRECTORY)[0]
        one.places, one.moved = {}, 0
    wanted = select(ImportRow).where(ImportRow.import_id == one.id, ImportRow.number > one.position)
    fresh = {"populate_existing": True}
    ordered = wanted.order_by(ImportRow.number).limit(AT_ONCE)
    rows = session.scalars(ordered, execution_options=fresh).all()
    if not rows:
        _finish(session, one)
        return 0
    for row in rows:
        session.expunge(row)  # Written in bulk, not one by one.
    _Portion(session, one, rows, now).compare()
    one.position = rows[-1].number
    session.flush()
    return len(rows)


def _finish(session: DbSession, one: Import) -> None:
    """Compared before writing, a row that came out differently is looked at again by people."""
    one.position = 0
    tries = {name: number for name, number in one.tallies.items() if name == TRIES}
    one.tallies = tally(session, one.id) | tries
    if one.state is ImportState.READING or one.moved:
        one.state = ImportState.PREVIEW
        one.version += 1
    else:
        one.step = Step.WRITE
    session.flush()


def tally(session: DbSession, import_id: int) -> dict[str, int]:
    counted = (
        select(ImportRow.state, func.count())
        .where(ImportRow.import_id == import_id)
        .group_by(ImportRow.state)
    )
    return {state.value: number for state, number in session.execute(counted)}


class _Portion:
    def __init__(
        self, session: DbSession, one: Import, rows: Sequence[ImportRow], now: datetime
    ) -> None:
        self.session, self.one, self.rows, self.now = session, one, rows, now
        unknown = select(ImportOrganisation).where(ImportOrganisation.import_id == one.id)
        self.places = dict(one.places)
        lists = load_lists(session)
        names = {key: name for key, (_, name) in lists.organisations.items()}
        self.planner = Planner(
            lists=lists,
            near=NearNames(names),
            unknown={each.name_key: each for each in session.scalars(unknown)},
            seats_of=cache(lambda number: seats_of(session, number, at=now)),
            places=self.places,
            today=to_local(now, site_of(session).zone).date(),
        )

    def compare(self) -> None:
        live = [row for row in self.rows if row.email and not _cell_faults(row)]
        self.known = self._by_address(live)
        strangers = [row for row in live if row.email not in self.known]
        self.roots = self._earlier(live)
        self.named = self._earlier_names(strangers)
        self.alike = matching.find_alike(self.session, strangers)
        people = {*self.known.values(), *(like.person_id for like in self.alike.values())}
        people |= {number for number in (r.person_id for r in self.roots.values()) if number}
        self.held = hold_many(self.session, people, at=self.now)
        self._add_earlier(people)
        self.by_row: dict[int, Held] = {}
        moved = 0
        for row in self.rows:
            before = row.state, row.plan, row.person_id, row.other_id
            if _cell_faults(row):
                row.state = RowState.FAULT
            else:
                self._compare_one(row)
            moved += before != (row.state, row.plan, row.person_id, row.other_id)
        if self.one.state is ImportState.STARTED:
            self.one.moved += moved
        self.one.places = self.places
        names = ("id", "state", "rule", "plan", "faults", "person_id", "other_id", "to_invite")
        values = [{name: getattr(row, name) for name in names} for row in self.rows]
        update_rows(self.session, ImportRow, values)

    def _add_earlier(self, people: set[int]) -> None:
        """What earlier portions would change of these people."""
        if self.one.position == 0:
            return
        for some in portions(sorted(people)):
            theirs = select(ImportRow).where(
                ImportRow.import_id == self.one.id,
                ImportRow.number <= self.one.position,
                ImportRow.state == RowState.CHANGE,
                ImportRow.person_id.in_(some),
            )
            for row in self.session.scalars(theirs.order_by(ImportRow.number)):
                assert row.person_id is not None
                held_after(self.held[row.person_id], row.plan["does"], row)

    def _compare_one(self, row: ImportRow) -> None:
        row.faults, row.rule, row.plan, row.to_invite = [], "", {}, False
        row.person_id = row.other_id = None
        aside = row.says.get("aside", "")
        if aside and not (aside == "left" and self.one.takes_leavers):
            _leave_out(row, ASIDE[aside])
        elif row.choice is Choice.LEAVE:
            _leave_out(row, CHOSEN_WORDS)
        else:
            held, undecided = self._who(row)
            if held.is_closed:
                row.person_id = held.person_id
                _leave_out(row, CLOSED_WORDS)
            else:
                self._plan(row, held, undecided=undecided)
                if row.state in COUNTS:
                    self.roots.setdefault(row.email, row)
                    if row.name_key and row.other_id is None and row.person_id is None:
                        self.named.setdefault(row.name_key, row)

    def _who(self, row: ImportRow) -> tuple[Held, bool]:
        """Whom the row is about, and whether a coordinator must say so first."""
        name = row.says.get("name", "")
        if number := self.known.get(row.email):
            held = self.held[number]
            row.person_id, row.rule = number, matching.ADDRESS
            if name_fits(name, held.name):
                return held, False
            row.rule = matching.OTHER_NAME
            return held, row.choice is None
        if (root := self.roots.get(row.email)) and root.number < row.number:
            held = self._of_row(root)
            row.other_id, row.person_id = root.other_id or root.id, root.person_id
            row.rule = matching.SAME_ROW
            if name_fits(name, held.name):
                return held, False
            row.rule = matching.ROW_OTHER_NAME
            return held, row.choice is None
        like = self.alike.get(row.id)
        if like and row.choice is not Choice.APART:
            row.person_id, row.rule = like.person_id, like.rule
            return self.held[like.person_id], row.choice is None
        earlier = self.named.get(row.name_key) if row.name_key else None
        fits = earlier and places_fit(earlier.organisation_key, row.organisation_key)
        if earlier and fits and row.choice is not Choice.APART:
            row.other_id, row.rule = earlier.id, matching.ROW_NAME
            return self._of_row(earlier), row.choice is None
        return Held(), False

    def _plan(self, row: ImportRow, held: Held, *, undecided: bool) -> None:
        keep = self.one.keep
        if row.choice in {Choice.OURS, Choice.FILE}:
            keep = Keep.FILE if row.choice is Choice.FILE else Keep.OURS
        plan = self.planner.plan(row, held, keep)
        row.plan = _as_json(plan, held)
        if plan.faults and not undecided:
            row.faults = [[column, words, PLANNED] for column, words in plan.faults]
            row.state, row.plan = RowState.FAULT, {}
            return
        if undecided:
            row.state = RowState.ASK
            return
        row.state = _state(plan)
        like = self.alike.get(row.id)
        if like and row.choice is Choice.APART and row.state is RowState.NEW:
            row.plan["apart"] = like.person_id
        row.to_invite = self.one.invites and "person" in plan.does and not row.says.get("aside")
        take_places(self.places, plan.does)
        after = held_after(held, plan.does, row)
        self.by_row[row.other_id or row.id] = after

    def _of_row(self, root: ImportRow) -> Held:
        """What we would hold of the person of an earlier row, once that is written."""
        if root.person_id is not None:
            return self.held[root.person_id]
        key = root.other_id or root.id
        if key not in self.by_row:
            self.by_row[key] = self._rebuild(key)
        return self.by_row[key]

    def _rebuild(self, key: int) -> Held:
        """From the plans of earlier portions."""
        held = Held()
        theirs = select(ImportRow).where(
            (ImportRow.id == key) | (ImportRow.other_id == key),
            ImportRow.number <= self.one.position,
        )
        for row in self.session.scalars(theirs.order_by(ImportRow.number)):
            held = held_after(held, row.plan.get("does", {}), row)
        return held

    def _by_address(self, rows: Sequence[ImportRow]) -> dict[str, int]:
        """Whoever has the address, or had it before they were merged."""
        who = func.coalesce(Person.merged_into_id, Person.id)
        wanted = select(Person.email, who).where(Person.email.in_({row.email for row in rows}))
        return {email: number for email, number in self.session.execute(wanted)}  # noqa: C416

    def _earlier(self, rows: Sequence[ImportRow]) -> dict[str, ImportRow]:
        """The first row of earlier portions with the same address."""
        return self._first(ImportRow.email, {row.email for row in rows})

    def _earlier_names(self, rows: Sequence[ImportRow]) -> dict[str, ImportRow]:
        return self._first(ImportRow.name_key, {row.name_key for row in rows if row.name_key})

    def _first(self, column: Any, values: set[str]) -> dict[str, ImportRow]:
        if self.one.position == 0 or not values:
            return {}
        wanted = select(ImportRow).where(
            ImportRow.import_id == self.one.id,
            ImportRow.number <= self.one.position,
            ImportRow.state.in_(COUNTS),
            column.in_(values),
        )
        found: dict[str, ImportRow] = {}
        for row in self.session.scalars(wanted.order_by(ImportRow.number)):
            found.setdefault(getattr(row, column.key), row)
        return found


def _cell_faults(row: ImportRow) -> bool:
    return any(PLANNED not in fault[2:] for fault in row.faults)


def _leave_out(row: ImportRow, why: str) -> None:
    row.state, row.plan = RowState.LEFT_OUT, {"why": why}


def _state(plan: Plan) -> RowState:
    if "person" in plan.does:
        return RowState.NEW
    return RowState.CHANGE if plan.does else RowState.SAME


def _as_json(plan: Plan, held: Held) -> dict[str, Any]:
    made: dict[str, Any] = {"does": plan.does}
    if plan.notes:
        made["notes"] = plan.notes
    if "details" in plan.does:
        made["version"] = held.version
    return made
