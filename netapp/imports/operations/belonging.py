"""What people of a file belong to: organisations, seats, memberships, groups; written in bulk.
Their profiles and checks are written beside it."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from netapp.audit.operations import Actor
from netapp.groups.models import Group, GroupMember, GroupRequest, RequestState
from netapp.groups.operations.guard import lock_group
from netapp.imports.errors import Moved
from netapp.imports.models import Import, ImportRow, RowState, What
from netapp.imports.operations.acts import Writer, those_that
from netapp.imports.operations.bulk import insert_rows, update_rows
from netapp.imports.operations.writing_person import PersonWriter
from netapp.imports.queries.lists import load_lists
from netapp.kernel.db import DbSession, portions
from netapp.kernel.tokens import new_key
from netapp.membership.models import AgeBand, Membership, MembershipKind, Seat
from netapp.membership.operations.noticing import LAPSE
from netapp.membership.term_models import Notice
from netapp.organisations.models import Affiliation

AT_ONCE = 1000


def write_belonging(
    session: DbSession, one: Import, added: dict[str, int], actor: Actor, now: datetime
) -> dict[str, int]:
    """``added``: organisations that came with this file, by key. Returns how many of each. Raises
    ``Moved`` where a group has filled since."""
    writer = _Writer(session, one, added, actor, now)
    of_persons = PersonWriter(session, one, actor, now)
    position = 0
    while True:
        rows = session.execute(
            select(ImportRow.id, ImportRow.number, ImportRow.person_id, ImportRow.plan)
            .where(
                ImportRow.import_id == one.id,
                ImportRow.state.in_({RowState.NEW, RowState.CHANGE}),
                ImportRow.number > position,
            )
            .order_by(ImportRow.number)
            .limit(AT_ONCE)
        ).all()
        if not rows:
            break
        writer.write(rows)
        of_persons.write(rows)
        position = rows[-1].number
    writer.count_groups()
    return dict(writer.done | of_persons.done)


class _Writer(Writer):
    def __init__(
        self, session: DbSession, one: Import, added: dict[str, int], actor: Actor, now: datetime
    ) -> None:
        super().__init__(session, one, actor, now)
        self.added = added
        self.kinds = {kind.id: kind for kind in load_lists(session).kinds.values()}
        self.joined: Counter[int] = Counter()

    def write(self, rows: Any) -> None:
        self._affiliations(those_that(rows, "works"))
        self._roles(those_that(rows, "role"))
        self._seats(those_that(rows, "seat"))
        self._memberships(those_that(rows, "membership"))
        self._terms(those_that(rows, "term"))
        groups = those_that(rows, "groups")
        self._groups([(row, number) for row, joins in groups for number, _ in joins])

    def _affiliations(self, rows: list[tuple[Any, Any]]) -> None:
        values = {
            new_key(): (
                row,
                {
                    "person_id": row.person_id,
                    "organisation_id": works["at"]
                    if isinstance(works["at"], int)
                    else self.added[works["at"]],
                    "role": works["role"],
                    "created_at": self.now,
                },
            )
            for row, works in rows
        }
        self.insert(Affiliation, What.AFFILIATION, values, lambda value: {"role": value["role"]})

    def _roles(self, rows: list[tuple[Any, Any]]) -> None:
        update_rows(
            self.session, Affiliation, [{"id": each["id"], "role": each["is"]} for _, each in rows]
        )
        self.note(
            [
                self.act(row, What.ROLE, each["id"], {"role": each["was"]}, {"role": each["is"]})
                for row, each in rows
            ]
        )
        self.done["roles"] += len(rows)

    def _seats(self, rows: list[tuple[Any, Any]]) -> None:
        values = {
            new_key(): (
                row,
                {
                    "organisation_id": seat["at"],
                    "person_id": row.person_id,
                    "called": "",
                    "given_at": self.now,
                    "given_by_id": self.actor.id,
                },
            )
            for row, seat in rows
        }
        self.insert(Seat, What.SEAT, values, lambda value: {})

    def _memberships(self, rows: list[tuple[Any, Any]]) -> None:
        values = {
            new_key(): (
                row,
                {
                    "kind_id": term["kind"],
                    "person_id": row.person_id,
                    **_days(term),
                    "granted_at": self.now,
                    "granted_by_id": self.actor.id,
                    "note": term["note"],
                    "age_band": AgeBand(term["age_band"]) if term["age_band"] else None,
                },
            )
            for row, term in rows
        }
        ids = self.insert(Membership, What.MEMBERSHIP, values, _as_json)
        self._pass_over([(ids[key], value) for key, (_, value) in values.items()])

    def _pass_over(self, terms: list[tuple[int, dict[str, Any]]]) -> None:
        """Reminders whose day has come are not sent because a file came today."""
        notices = [
            {"membership_id": number, "notice": notice, "at": self.now}
            for number, term in terms
            for notice in _due(self.kinds[term["kind_id"]], term, self.today)
        ]
        insert_rows(self.session, Notice, notices)

    def _terms(self, rows: list[tuple[Any, Any]]) -> None:
        update_rows(self.session, Membership, [{"id": e["id"], **_days(e["is"])} for _, e in rows])
        self.note(
            [self.act(row, What.TERM, each["id"], each["was"], each["is"]) for row, each in rows]
        )
        self.done["terms"] += len(rows)

    def _groups(self, rows: list[tuple[Any, Any]]) -> None:
        values = {
            new_key(): (
                row,
                {"group_id": number, "person_id": row.person_id, "joined_at": self.now},
            )
            for row, number in rows
        }
        self.insert(GroupMember, What.GROUP, values, lambda value: {"group": value["group_id"]})
        self.joined.update(number for _, number in rows)
        for some in portions([(number, row.person_id) for row, number in rows]):
            self._answer_requests(some)

    def _answer_requests(self, pairs: list[tuple[int, int]]) -> None:
        """Who asked to join, and is in now, has their answer."""
        theirs = select(GroupRequest.id, GroupRequest.group_id, GroupRequest.person_id).where(
            GroupRequest.state == RequestState.OPEN,
            GroupRequest.person_id.in_({person for _, person in pairs}),
        )
        wanted = set(pairs)
        found = [r.id for r in self.session.execute(theirs) if (r.group_id, r.person_id) in wanted]
        if found:
            answered = update(GroupRequest).where(GroupRequest.id.in_(found))
            self.session.execute(
                answered.values(
                    state=RequestState.ACCEPTED,
                    answered_at=self.now,
                    answered_by_id=self.actor.id,
                ),
                execution_options={"synchronize_session": False},
            )

    def count_groups(self) -> None:
        """Under the lock of each group, always in the same order. Raises ``Moved``."""
        for number, more in sorted(self.joined.items()):
            group = lock_group(self.session, number)
            full = group.size_limit is not None and group.people + more > group.size_limit
            if full or group.closed_at is not None:
                raise Moved
            self.session.execute(
                update(Group).where(Group.id == number).values(people=Group.people + more),
                execution_options={"synchronize_session": False},
            )


def _days(term: dict[str, Any]) -> dict[str, date | None]:
    names = ("starts_on", "ends_on", "rights_until")
    return {name: date.fromisoformat(term[name]) if term[name] else None for name in names}


def _as_json(value: dict[str, Any]) -> dict[str, Any]:
    names = ("starts_on", "ends_on", "rights_until")
    return {name: value[name] and value[name].isoformat() for name in names}


def _due(kind: MembershipKind, term: dict[str, Any], today: date) -> list[str]:
    """The notices (as membership_notices names them) whose day has come."""
    ends_on = term["ends_on"]
    if ends_on is None:
        return []
    found = [str(r.days) for r in kind.reminders if ends_on + timedelta(days=r.days) <= today]
    return found + ([LAPSE] if term["rights_until"] < today else [])
