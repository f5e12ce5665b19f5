"""Somebody goes for good: what is to come ends, what is kept about them goes or is emptied."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.operations import leaving as events
from netapp.events.operations.addresses import hold_bookings
from netapp.groups.operations.people import end_all_memberships
from netapp.kernel.db import DbSession, unit_of_work
from netapp.kernel.errors import NotFound
from netapp.membership.operations import leaving as membership
from netapp.membership.queries.invoices import owed_by
from netapp.people.models import Person
from netapp.people.operations.closing import shut
from netapp.privacy.models import Closing
from netapp.privacy.operations import ledger, letters
from netapp.privacy.operations.erasing import Done, erase, forget_mail
from netapp.privacy.queries.held import parts_held

THEMSELVES = Actor(None, "Themselves")


def close_account(
    session: DbSession,
    *,
    key: str,
    by: Actor | None,
    folder: Path,
    now: datetime,
    tell: bool = True,
) -> list[Done]:
    """Close the account of the person with this key: by a coordinator, or (None) by themselves.

    Their places to come are given back and the waiting lists move; seats, roles and groups end;
    then every room deletes or empties what it keeps. What law or the numbers of past events need
    stays, without a name. Says what was done, by email and as a receipt. The closing is written to
    the file of closings in ``folder`` first: one that was noted and not done is done at the next
    start. Raises ``NotFound``, ``LastCoordinator``.
    """
    found = session.scalar(select(Person.id).where(Person.key == key))
    if found is not None:  # Groups before their events, as where somebody leaves one.
        end_all_memberships(session, person_id=found, now=now)
    held = hold_bookings(session, key)  # Events first, then people: as everywhere.
    person = session.scalar(
        update(Person)
        .where(Person.key == key)
        .values(version=Person.version + 1)
        .returning(Person)
        .execution_options(populate_existing=True)
    )
    if person is None:
        raise NotFound
    if session.scalar(select(Closing.id).where(Closing.person_key == key)) is not None:
        return []
    name, email = person.name, person.email
    parts, owed = parts_held(session, person.id), owed_by(session, person.id)
    actor = by or THEMSELVES
    shut(session, person, now)
    done = forget_mail(session, person.id)
    events.leave_all(session, held, now=now)
    membership.leave_all(session, person_id=person.id, now=now)
    done += erase(session, person.id)
    closing = Closing(
        person_key=key,
        closed_at=now,
        by_coordinator=by is not None,
        done=[[each.title, each.what, each.number] for each in done],
    )
    session.add(closing)
    audit.record(
        session,
        actor=actor,
        action="account.close",
        subject=f"person:{key}",
        summary="Closed an account for good.",
        detail={each.title: each.number for each in done},
        now=now,
    )
    if tell:
        letters.closed(session, name=name, email=email, parts=parts, owed=owed, now=now)
    session.flush()
    ledger.note(folder, key, now)
    return done


def close_again(session: DbSession, *, folder: Path, now: datetime) -> int:
    """Do again the closings that this database does not know: it was restored from a backup.

    Each is a transaction of its own. Returns how many; nobody is told twice.
    """
    keys = missing(session, folder)
    for key in keys:
        with unit_of_work(session):
            close_account(session, key=key, by=None, folder=folder, now=now, tell=False)
    return len(keys)


def missing(session: DbSession, folder: Path) -> list[str]:
    """Keys of the file of closings that this database has as people, and not as closed."""
    noted: Mapping[str, datetime] = ledger.noted(folder)
    done = set(session.scalars(select(Closing.person_key)))
    there = set(session.scalars(select(Person.key).where(Person.key.in_(set(noted) - done))))
    return [key for key in noted if key in there]
