"""A coordinator puts right what is noted of where somebody works."""

from datetime import date, datetime
from typing import Final, cast

from sqlalchemy import Table, select
from sqlalchemy.exc import IntegrityError

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel import changes
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.revisions import raise_revision
from netapp.kernel.words import day_words
from netapp.organisations.errors import EndsBeforeItStarts, WorksThere
from netapp.organisations.models import Affiliation, Organisation
from netapp.organisations.operations.guard import DIRECTORY
from netapp.people.operations.guards import hold_person

WORK: Final = "person.work"
PLACES_OF_WORK = cast(Table, Affiliation.__table__)


def correct_work(
    session: DbSession,
    *,
    key: str,
    person_id: int,
    role: str,
    starts_on: date | None,
    ends_on: date | None,
    actor: Actor,
    now: datetime,
) -> None:
    """What they do there, since when and until when; it can be undone. Raises
    ``EndsBeforeItStarts``, ``WorksThere``, ``NotFound``."""
    person = hold_person(session, person_id)
    work = session.scalar(
        select(Affiliation).where(Affiliation.key == key, Affiliation.person_id == person_id),
        execution_options={"populate_existing": True},
    )
    if person is None or work is None:
        raise NotFound
    if starts_on and ends_on and ends_on < starts_on:
        raise EndsBeforeItStarts
    said = []
    if role != work.role:
        said.append(f"role from “{work.role}” to “{role}”")
    for label, was, new in (
        ("first day", work.starts_on, starts_on),
        ("last day", work.ends_on, ends_on),
    ):
        if was != new:
            said.append(f"{label} from {_day(was)} to {_day(new)}")
    if not said:
        return
    organisation = session.get_one(Organisation, work.organisation_id)
    journal = changes.begin(
        session,
        kind=WORK,
        subject=f"person:{person.key}",
        words=f"{organisation.name}: {'; '.join(said)}.",
        by_name=actor.name,
        now=now,
    )
    days = {"starts_on": starts_on, "ends_on": ends_on}
    try:
        journal.set(PLACES_OF_WORK, {"id": work.id}, "role", role, **days)
    except IntegrityError as error:  # They work there again, by another row.
        raise WorksThere from error
    session.expire_all()
    raise_revision(session, DIRECTORY, now)
    audit.record(
        session,
        actor=actor,
        action=WORK,
        subject=f"person:{person.key}",
        summary=f"Corrected where {person.name} works.",
        now=now,
    )


def _day(day: date | None) -> str:
    return day_words(day) if day else "none"
