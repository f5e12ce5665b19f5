"""What a row would do, for somebody of whom we hold this and that. Decides, and writes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from netapp.imports.models import ImportOrganisation, ImportRow, Keep, PlaceOf
from netapp.imports.names import organisation_key
from netapp.imports.operations.plan import Plan
from netapp.imports.operations.planning_person import (
    held_after_person,
    plan_check,
    plan_profile,
)
from netapp.imports.queries.holding import Held, Term
from netapp.imports.queries.lists import Lists, NearNames
from netapp.imports.queries.words import not_known
from netapp.kernel.words import day_words
from netapp.membership.models import MembershipKind
from netapp.membership.policies import last_day_of_term, rights_until
from netapp.membership.queries.seats import Seats

NO_NAME = "There is no name, and we do not know this person yet."
NO_PLACE = "What they do there is left out: there is no organisation of the register with it."


@dataclass(slots=True)
class Planner:
    """``places``: what earlier rows would take, by ``seat:<organisation>`` and ``group:<id>``;
    ``seats_of`` an organisation."""

    lists: Lists
    unknown: Mapping[str, ImportOrganisation]
    near: NearNames
    seats_of: Callable[[int], Seats]
    places: dict[str, int]
    today: date

    def plan(self, row: ImportRow, held: Held, keep: Keep) -> Plan:
        plan = Plan()
        says = row.says
        place = self._place(plan, says.get("organisation_key", ""))
        words = place[1] if place else says.get("organisation", "")[:120]
        if held.person_id is None and not held.email:
            self._new(plan, row, words)
        else:
            self._details(plan, says, held, keep, words)
        self._work(plan, says, held, keep, place)
        self._membership(plan, says, held, keep)
        self._seat(plan, says, held, place)
        self._groups(plan, says, held)
        plan_profile(plan, says, held, keep, self.lists)
        plan_check(plan, says, held, self.lists, self.today)
        return plan

    def _place(self, plan: Plan, key: str) -> tuple[int | str, str] | None:
        """The organisation of the register, or (by its key) one that is to be added; its name."""
        if not key:
            return None
        if known := self.lists.organisations.get(key):
            return known
        unknown = self.unknown.get(key)
        if unknown is None:
            return None
        if unknown.place is PlaceOf.WORDS:
            plan.notes.append(not_known(unknown.name, self.near.to(key)))
            return None
        if unknown.place is PlaceOf.KNOWN and unknown.organisation_id:
            return unknown.organisation_id, unknown.name
        return key, unknown.name

    def _new(self, plan: Plan, row: ImportRow, words: str) -> None:
        name = row.says.get("name", "")
        if not name:
            plan.faults.append(("Name", NO_NAME))
        plan.does["person"] = {
            "name": name,
            "email": row.email,
            "organisation": words[:120],
            "area": row.says.get("area", ""),
        }

    def _details(
        self, plan: Plan, says: dict[str, Any], held: Held, keep: Keep, words: str
    ) -> None:
        changes = {}
        wanted = {"name": says.get("name", ""), "organisation": words[:120]}
        wanted["area"] = says.get("area", "")
        for name, new in wanted.items():
            old = getattr(held, name)
            if not new or new == old or (old and keep is Keep.OURS):
                continue
            if name == "organisation" and organisation_key(old) == organisation_key(new):
                continue
            changes[name] = [old, new]
        if changes:
            plan.does["details"] = changes

    def _work(
        self,
        plan: Plan,
        says: dict[str, Any],
        held: Held,
        keep: Keep,
        place: tuple[int | str, str] | None,
    ) -> None:
        role = says.get("role", "")
        if place is None:
            if role:
                plan.notes.append(NO_PLACE)
            return
        there = held.works.get(place[0])
        if there is None:
            plan.does["works"] = {"at": place[0], "name": place[1], "role": role}
            return
        number, now = there
        if number and role and role != now and (not now or keep is Keep.FILE):
            plan.does["role"] = {"id": number, "name": place[1], "was": now, "is": role}

    def _membership(self, plan: Plan, says: dict[str, Any], held: Held, keep: Keep) -> None:
        wanted = says.get("membership")
        if not wanted:
            return
        kind = self.lists.kind_by_id(wanted["kind"])
        first, last = _days(wanted)
        begins, ends = self._term(kind, first, last)
        over = [term for term in held.terms if _overlap(term, begins, ends)]
        if not over:
            plan.does["membership"] = _row_of(kind, begins, ends, wanted)
            return
        same = over[0] if len(over) == 1 and over[0].kind_id == kind.id else None
        if same is None or not same.id:
            if any(term.kind_id != kind.id for term in over):
                plan.notes.append(_keeps(self.lists, over[0]))
            return
        begins, ends = first or same.starts_on, last or same.ends_on
        if (begins, ends) == (same.starts_on, same.ends_on):
            return
        if keep is Keep.OURS:
            plan.notes.append(_keeps(self.lists, same))
            return
        if ends and ends < begins:
            plan.faults.append(("Membership", "The last day is before the first day."))
            return
        plan.does["term"] = {
            "id": same.id,
            "name": kind.name,
            "was": _as_json(kind, same.starts_on, same.ends_on),
            "is": _as_json(kind, begins, ends),
        }

    def _term(
        self, kind: MembershipKind, first: date | None, last: date | None
    ) -> tuple[date, date | None]:
        """What the file leaves open: without a first day it is today, or a year before the last
        day where that is past; without a last day the rule of the kind holds."""
        if first is None:
            first = self.today
            if last and last < first:
                first = _year_before(last)
        return first, last or last_day_of_term(kind, first)

    def _seat(
        self,
        plan: Plan,
        says: dict[str, Any],
        held: Held,
        place: tuple[int | str, str] | None,
    ) -> None:
        if not says.get("seat"):
            return
        if place is None or isinstance(place[0], str):
            name = says.get("organisation", "")
            of = f"“{name}” is not in the register" if name else "There is no organisation"
            plan.faults.append(("Seat", f"{of}, so there is no seat to give."))
            return
        if place[0] in held.seats:
            return
        seats, taken = self.seats_of(place[0]), self.places.get(f"seat:{place[0]}", 0)
        if not seats.number:
            plan.faults.append(("Seat", f"{place[1]} is not a member, so it has no seats to give."))
        elif seats.left - taken <= 0:
            words = f"{place[1]} has no seat left: all {seats.number} are taken."
            plan.faults.append(("Seat", words))
        else:
            plan.does["seat"] = {"at": place[0], "name": place[1]}

    def _groups(self, plan: Plan, says: dict[str, Any], held: Held) -> None:
        wanted = []
        by_id = {group.id: group for group in self.lists.groups.values()}
        for number in says.get("groups", ()):
            group = by_id.get(number)
            if number in held.groups or group is None:
                continue
            taken = self.places.get(f"group:{number}", 0)
            if group.free is not None and group.free - taken <= 0:
                plan.faults.append(("Groups", f"The group “{group.name}” is full."))
            else:
                wanted.append([number, group.name])
        if wanted:
            plan.does["groups"] = wanted


def take_places(places: dict[str, int], does: Mapping[str, Any]) -> None:
    """What this row takes is not there for the rows after it."""
    taken = [f"group:{number}" for number, _ in does.get("groups", ())]
    if "seat" in does:
        taken.append(f"seat:{does['seat']['at']}")
    for each in taken:
        places[each] = places.get(each, 0) + 1


def held_after(held: Held, does: Mapping[str, Any], row: ImportRow) -> Held:
    """What we would hold once the row is written: for later rows about the same person."""
    if person := does.get("person"):
        held.email, held.name = person["email"], person["name"]
        held.organisation, held.area = person["organisation"], person["area"]
    for name, (_, new) in does.get("details", {}).items():
        setattr(held, name, new)
    if works := does.get("works"):
        held.works[works["at"]] = (0, works["role"])
    if term := does.get("membership"):
        days = date.fromisoformat(term["starts_on"]), _day(term["ends_on"])
        held.terms.append(Term(0, term["kind"], *days))
    if seat := does.get("seat"):
        held.seats.add(seat["at"])
    held.groups |= {number for number, _ in does.get("groups", ())}
    held_after_person(held, does)
    return held


def _days(wanted: Mapping[str, Any]) -> tuple[date | None, date | None]:
    return _day(wanted["starts_on"]), _day(wanted["ends_on"])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _overlap(term: Term, begins: date, ends: date | None) -> bool:
    return (term.ends_on is None or term.ends_on >= begins) and (
        ends is None or term.starts_on <= ends
    )


def _row_of(
    kind: MembershipKind, begins: date, ends: date | None, wanted: Mapping[str, Any]
) -> dict[str, Any]:
    given = {"kind": kind.id, "name": kind.name, "note": wanted.get("note", "")}
    return {**given, "age_band": wanted.get("age_band"), **_as_json(kind, begins, ends)}


def _as_json(kind: MembershipKind, begins: date, ends: date | None) -> dict[str, Any]:
    until = rights_until(kind, ends)
    return {
        "starts_on": begins.isoformat(),
        "ends_on": ends and ends.isoformat(),
        "rights_until": until and until.isoformat(),
    }


def _keeps(lists: Lists, term: Term) -> str:
    kind = next((k.name for k in lists.kinds.values() if k.id == term.kind_id), "member")
    until = f"to {day_words(term.ends_on)}" if term.ends_on else "without an end"
    return f"Keeps the membership there is: {kind}, {day_words(term.starts_on)} {until}."


def _year_before(day: date) -> date:
    return (
        day.replace(year=day.year - 1) + timedelta(days=1)
        if (day.month, day.day) != (2, 29)
        else date(day.year - 1, 3, 1)
    )
