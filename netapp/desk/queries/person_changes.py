"""What coordinators changed of one person that can be put back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from netapp.kernel.changes import changes_of
from netapp.kernel.db import DbSession
from netapp.people.models import Person
from netapp.people.operations.desk import ADDRESS, subject_of
from netapp.privacy.queries.retention import chosen_days
from netapp.workflows.merge_people import CHANGES, MERGE


@dataclass(frozen=True, slots=True)
class ChangeLine:
    key: str
    words: str
    at: datetime
    by: str
    until: datetime
    is_merge: bool
    is_address: bool


def undoable(session: DbSession, person: Person, *, now: datetime) -> list[ChangeLine]:
    """The newest first, as long as they are kept."""
    kept_for = timedelta(days=chosen_days(session)[CHANGES])
    found = changes_of(session, subject_of(person), since=now - kept_for)
    return [
        ChangeLine(
            change.key,
            change.words,
            change.at,
            change.by_name,
            change.at + kept_for,
            change.kind == MERGE,
            change.kind == ADDRESS,
        )
        for change in found
    ]
