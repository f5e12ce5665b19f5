"""What an import did for some people is put back, as far as it has not been changed since."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select, update

from netapp.audit.models import AuditLine
from netapp.directory.models import Profile
from netapp.directory.plans import LENGTHS
from netapp.groups.models import Group, GroupMember
from netapp.groups.operations.guard import lock_group
from netapp.imports.models import Import, ImportAct, ImportRow, What
from netapp.imports.operations.bulk import insert_rows, update_rows
from netapp.imports.operations.starting import actor_of
from netapp.imports.queries.since import DATES, as_made, days_of, hanging_on, staying
from netapp.kernel.db import DbSession
from netapp.membership.models import Membership, Seat
from netapp.membership.term_models import StillTrue
from netapp.organisations.models import Affiliation
from netapp.people.models import OneTimeLink, Person
from netapp.safeguarding.models import Check

QUIETLY: Final = {"synchronize_session": False}
CHANGED_AGAIN: Final = "It was changed again since."
GONE: Final = "It has ended since."
STAYS: Final = "They stay, and so does this."


class Portion:
    def __init__(
        self, session: DbSession, one: Import, acts: Sequence[ImportAct], now: datetime
    ) -> None:
        self.session, self.one, self.now = session, one, now
        self.by: dict[What, list[ImportAct]] = defaultdict(list)
        for act in acts:
            session.expunge(act)
            self.by[act.what].append(act)
        self.people = sorted({act.person_id for act in acts if act.person_id})
        self.stay: dict[int, str] = {}

    def undo(self) -> None:
        hold = update(Person).where(Person.id.in_(self.people)).values(version=Person.version)
        self.session.execute(hold, execution_options=QUIETLY)
        new = [act.target_id for act in self.by[What.PERSON]]
        self.stay = staying(self.session, self.one.id, new)
        steps: Mapping[What, Callable[[list[ImportAct]], None]] = {
            What.SEAT: self._seats,
            What.GROUP: self._groups,
            What.AFFILIATION: self._affiliations,
            What.ROLE: self._roles,
            What.MEMBERSHIP: self._memberships,
            What.TERM: self._terms,
            What.CHECK: self._checks,
            What.PROFILE_TEXT: self._profile_texts,
            What.PROFILE: self._profiles,
            What.DETAILS: self._details,
            What.PERSON: self._persons,
        }
        done = []
        for what, step in steps.items():
            for act in self.by[what]:
                if act.person_id in self.stay and what is not What.PERSON:
                    act.kept = STAYS
            step([act for act in self.by[what] if not act.kept])
            done += self.by[what]
        for act in done:
            act.undone_at = None if act.kept else self.now
        gone = {act.target_id for act in self.by[What.PERSON] if not act.kept}
        self._mark(done, gone)
        if gone:
            self.session.execute(
                delete(Person).where(Person.id.in_(gone)), execution_options=QUIETLY
            )

    def _seats(self, acts: list[ImportAct]) -> None:
        self._delete(Seat, What.SEAT, acts)

    def _groups(self, acts: list[ImportAct]) -> None:
        self._delete(GroupMember, What.GROUP, acts)
        fewer: dict[int, int] = defaultdict(int)
        for act in acts:
            if not act.kept:
                fewer[act.after["group"]] += 1
        for number, less in sorted(fewer.items()):
            lock_group(self.session, number)
            count = update(Group).where(Group.id == number).values(people=Group.people - less)
            self.session.execute(count, execution_options=QUIETLY)

    def _affiliations(self, acts: list[ImportAct]) -> None:
        self._delete(Affiliation, What.AFFILIATION, acts)

    def _roles(self, acts: list[ImportAct]) -> None:
        self._put_back(Affiliation, acts, ("role",))

    def _memberships(self, acts: list[ImportAct]) -> None:
        self._delete(Membership, What.MEMBERSHIP, acts)

    def _terms(self, acts: list[ImportAct]) -> None:
        self._put_back(Membership, acts, DATES, read=days_of)

    def _checks(self, acts: list[ImportAct]) -> None:
        """The one that held before holds again."""
        self._delete(Check, What.CHECK, acts)
        again = [act.before["ended"] for act in acts if not act.kept and act.before["ended"]]
        hold = update(Check).where(Check.id.in_(again)).values(ended_at=None)
        self.session.execute(hold, execution_options=QUIETLY)

    def _profile_texts(self, acts: list[ImportAct]) -> None:
        """What somebody has looked at since is theirs."""
        theirs = select(Profile.id).where(
            Profile.id.in_({act.target_id for act in acts}), Profile.answered_at.is_not(None)
        )
        answered = set(self.session.scalars(theirs))
        for act in acts:
            if act.target_id in answered:
                act.kept = CHANGED_AGAIN
        self._put_back(Profile, [act for act in acts if not act.kept], tuple(LENGTHS))

    def _profiles(self, acts: list[ImportAct]) -> None:
        self._delete(Profile, What.PROFILE, acts)

    def _details(self, acts: list[ImportAct]) -> None:
        """Field by field: what was changed again stays."""
        wanted = {act.target_id for act in acts}
        people = {
            person.id: person
            for person in self.session.execute(
                select(Person.id, Person.version, Person.name, Person.organisation, Person.area)
                .where(Person.id.in_(wanted))
            )
        }  # fmt: skip
        values: dict[int, dict[str, Any]] = {}
        for act in reversed(acts):  # The last one first, where a file names somebody twice.
            person = people.get(act.target_id)
            if person is None:
                act.kept = GONE
                continue
            new = values.setdefault(
                person.id,
                {
                    "id": person.id,
                    "name": person.name,
                    "organisation": person.organisation,
                    "area": person.area,
                    "version": person.version + 1,
                },
            )
            for name, old in act.before.items():
                if new[name] == act.after[name]:
                    new[name] = old
                else:
                    act.kept = CHANGED_AGAIN
        update_rows(self.session, Person, list(values.values()))

    def _persons(self, acts: list[ImportAct]) -> None:
        for act in self.by[What.PERSON]:
            act.kept = self.stay.get(act.target_id, "")
        gone = [act.target_id for act in acts if not act.kept]
        for model, column in (
            (OneTimeLink, OneTimeLink.person_id),
            (StillTrue, StillTrue.person_id),
        ):
            theirs = delete(model).where(column.in_(gone))
            self.session.execute(theirs, execution_options=QUIETLY)

    def _put_back(
        self,
        model: Any,
        acts: list[ImportAct],
        names: tuple[str, ...],
        read: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict,
    ) -> None:
        columns = [getattr(model, name) for name in names]
        rows = select(model.id, *columns).where(model.id.in_({act.target_id for act in acts}))
        now_are = {
            row.id: dict(zip(names, row[1:], strict=True)) for row in self.session.execute(rows)
        }
        for act in reversed(acts):
            found = now_are.get(act.target_id)
            if found is None or found != read(act.after):
                act.kept = CHANGED_AGAIN if found else GONE
            else:
                now_are[act.target_id] = dict(read(act.before))
        back = {act.target_id for act in acts if not act.kept}
        values = [{"id": number, **now_are[number]} for number in sorted(back)]
        update_rows(self.session, model, values)

    def _delete(self, model: Any, what: What, acts: list[ImportAct]) -> None:
        """Rows that are as the import made them, and nothing hangs on."""
        ids = [act.target_id for act in acts]
        there = as_made(self.session, what, {act.target_id: act.after for act in acts})
        used = hanging_on(self.session, model.__tablename__, ids, {})
        for act in acts:
            if act.target_id not in there:
                act.kept = CHANGED_AGAIN
            elif act.target_id in used:
                act.kept = used[act.target_id]
        gone = [act.target_id for act in acts if not act.kept]
        self.session.execute(delete(model).where(model.id.in_(gone)), execution_options=QUIETLY)

    def _mark(self, acts: Sequence[ImportAct], gone: set[int]) -> None:
        """Also on the rows of the file: who is gone is nobody's row any more."""
        values = [
            {
                "id": act.id,
                "undone_at": act.undone_at,
                "kept": act.kept,
                "person_id": None if act.person_id in gone else act.person_id,
            }
            for act in acts
        ]
        update_rows(self.session, ImportAct, values)
        for model in (ImportRow, ImportAct):
            nobody = update(model).where(model.person_id.in_(gone)).values(person_id=None)
            self.session.execute(nobody, execution_options=QUIETLY)
        actor = actor_of(self.session, self.one.undone_by_id)
        keys = select(Person.id, Person.key, Person.name).where(
            Person.id.in_({act.person_id for act in acts if act.undone_at} - self.stay.keys())
        )
        insert_rows(
            self.session,
            AuditLine,
            [
                {
                    "at": self.now,
                    "actor_id": actor.id,
                    "actor_name": actor.name[:120],
                    "action": "person.unimport",
                    "subject": f"person:{key}",
                    "summary": f"Undid for {name} what came from the file {self.one.filename}.",
                }
                for _, key, name in self.session.execute(keys)
            ],
        )
