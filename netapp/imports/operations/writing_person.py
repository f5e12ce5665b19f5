"""What a file says for profiles, and of checks that were seen; written in bulk."""

from datetime import date
from typing import Any, Final

from sqlalchemy import select, update

from netapp.audit.models import AuditLine
from netapp.directory.fields import ProfileField, Visibility, starting_choices
from netapp.directory.models import Profile
from netapp.directory.operations.profile import KEY_LENGTH
from netapp.directory.plans import LENGTHS
from netapp.imports.errors import Moved
from netapp.imports.models import What
from netapp.imports.operations.acts import Writer, those_that
from netapp.imports.operations.bulk import insert_rows, update_rows
from netapp.kernel.db import portions
from netapp.kernel.tokens import new_key
from netapp.people.models import Person
from netapp.safeguarding.models import Check
from netapp.safeguarding.policies import reminder_is_due

QUIETLY: Final = {"synchronize_session": False}


class PersonWriter(Writer):
    def write(self, rows: Any) -> None:
        """Raises ``Moved`` where what is changed is not what was compared any more."""
        self._profiles(those_that(rows, "profile"))
        self._profile_texts(those_that(rows, "profile_text"))
        self._checks(those_that(rows, "check"))

    def _profiles(self, rows: list[tuple[Any, Any]]) -> None:
        """Nobody sees what the file says until the person chooses who does; the other parts begin
        as in every profile. They have answered nothing yet, so they will be asked."""
        values = {
            new_key(KEY_LENGTH): (
                row,
                {
                    "person_id": row.person_id,
                    **{name: profile["is"].get(name, "") for name in LENGTHS},
                    "takes_messages": not profile["is_young"],
                    "changed_at": self.now,
                    "version": 1,
                    **_choices(profile),
                },
            )
            for row, profile in rows
        }
        self.insert(Profile, What.PROFILE, values, _texts)

    def _profile_texts(self, rows: list[tuple[Any, Any]]) -> None:
        names = tuple(LENGTHS)
        columns = [getattr(Profile, name) for name in names]
        now_are: dict[int, dict[str, Any]] = {}
        for some in portions(sorted({each["id"] for _, each in rows})):
            found = select(Profile.id, Profile.version, *columns).where(
                Profile.id.in_(some), Profile.answered_at.is_(None)
            )
            for number, version, *texts in self.session.execute(found):
                now_are[number] = {
                    "id": number,
                    "version": version + 1,
                    "changed_at": self.now,
                    **dict(zip(names, texts, strict=True)),
                }
        acts = []
        for row, each in rows:
            kept = now_are.get(each["id"])
            if kept is None or {name: kept[name] for name in names} != each["was"]:
                raise Moved
            kept |= each["is"]
            acts.append(self.act(row, What.PROFILE_TEXT, each["id"], each["was"], each["is"]))
        hidden = {f"see_{name}": Visibility.NOBODY for name in names}
        update_rows(self.session, Profile, [kept | hidden for kept in now_are.values()])
        self.note(acts)
        self.done["profile-texts"] += len(rows)

    def _checks(self, rows: list[tuple[Any, Any]]) -> None:
        """Each takes the place of the one that held. A reminder whose day has come waits its turn:
        hundreds are not mailed because a file came today."""
        self._end([check["ends"] for _, check in rows if check["ends"]])
        values = {new_key(): (row, self._check(row, check)) for row, check in rows}
        self.insert(
            Check,
            What.CHECK,
            values,
            lambda value: {
                "seen_on": value["seen_on"].isoformat(),
                "due_on": value["due_on"] and value["due_on"].isoformat(),
            },
            lambda row: {"ended": row.plan["does"]["check"]["ends"]},
        )
        self._record([row.person_id for row, _ in rows])

    def _check(self, row: Any, check: dict[str, Any]) -> dict[str, Any]:
        due_on = date.fromisoformat(check["due_on"]) if check["due_on"] else None
        return {
            "person_id": row.person_id,
            "kind_id": check["kind"],
            "seen_on": date.fromisoformat(check["seen_on"]),
            "seen_by": check["seen_by"] or self.actor.name[:120],
            "due_on": due_on,
            "noted_at": self.now,
            "noted_by_id": self.actor.id,
            "reminded_on": self.today if reminder_is_due(due_on, None, self.today) else None,
        }

    def _end(self, ids: list[int]) -> None:
        for some in portions(ids):
            over = update(Check).where(Check.id.in_(some), Check.ended_at.is_(None))
            ended = self.session.scalars(
                over.values(ended_at=self.now).returning(Check.id), execution_options=QUIETLY
            ).all()
            if len(ended) != len(some):
                raise Moved

    def _record(self, people: list[int]) -> None:
        """What it was stays out of the log, which every coordinator reads."""
        lines = []
        for some in portions(people):
            for key in self.session.scalars(select(Person.key).where(Person.id.in_(some))):
                lines.append(
                    {
                        "at": self.now,
                        "actor_id": self.actor.id,
                        "actor_name": self.actor.name[:120],
                        "action": "check.note",
                        "subject": f"person:{key}",
                        "summary": "Noted a safeguarding check.",
                    }
                )
        insert_rows(self.session, AuditLine, lines)


def _choices(profile: dict[str, Any]) -> dict[str, Visibility]:
    starting = starting_choices(is_young=profile["is_young"])
    said = {ProfileField(name) for name in profile["is"]}
    return {
        f"see_{field.value}": Visibility.NOBODY if field in said else choice
        for field, choice in starting.items()
    }


def _texts(value: dict[str, Any]) -> dict[str, str]:
    return {name: value[name] for name in LENGTHS}
