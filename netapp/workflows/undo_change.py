"""Put back what a coordinator changed of a person, as long as it is kept and was not changed
again."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel import changes, undoing
from netapp.kernel.changes import Change, Move
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.revisions import raise_revision
from netapp.membership.operations.term_changes import TERM
from netapp.organisations.operations.correcting import WORK
from netapp.people.errors import CannotUndo, ChangedSince
from netapp.people.models import Person
from netapp.people.operations.desk import ADDRESS, EDIT, subject_of
from netapp.people.operations.guards import hold_person
from netapp.privacy.queries.retention import chosen_days
from netapp.workflows.change_address import change_address
from netapp.workflows.merge_people import CHANGES
from netapp.workflows.undo_term import cells_back, settle_term

WHAT: Final = {
    EDIT: "the details",
    ADDRESS: "the email address",
    TERM: "a term of membership",
    WORK: "a place of work",
}


def undo_change(
    session: DbSession,
    *,
    key: str,
    change_key: str,
    is_address: bool,
    actor: Actor,
    now: datetime,
) -> Change:
    """Of the person with this key; not a merge, which is taken apart (see merge_people).
    ``is_address``: it is their address that goes back, and both addresses are told.

    Raises ``NotFound``, ``CannotUndo``, ``ChangedSince``, ``AddressTaken``, ``AlreadyMember``.
    """
    person_id = session.scalar(select(Person.id).where(Person.key == key))
    change = changes.find(session, change_key)
    if person_id is None or change is None or change.subject != f"person:{key}":
        raise NotFound
    if change.kind not in WHAT or is_address != (change.kind == ADDRESS):
        raise NotFound
    if change.at <= now - timedelta(days=chosen_days(session)[CHANGES]):
        raise CannotUndo
    if change.kind == ADDRESS:
        _address_back(session, change, key=key, actor=actor, now=now)
    else:
        _cells_back(session, change, person_id, now)
    person = session.get_one(Person, person_id, populate_existing=True)
    audit.record(
        session,
        actor=actor,
        action="person.undo",
        subject=subject_of(person),
        summary=f"Undid that {change.by_name} changed {WHAT[change.kind]} of {person.name}.",
        now=now,
    )
    session.flush()
    return change


def _cells_back(session: DbSession, change: Change, person_id: int, now: datetime) -> None:
    person = hold_person(session, person_id)
    assert person is not None
    cells_back(session, change, now)
    if change.kind == TERM:
        settle_term(session, change, now)
    held = session.get_one(Person, person_id, populate_existing=True)
    held.version += 1
    session.flush()
    raise_revision(session, "directory", now)


def _address_back(
    session: DbSession, change: Change, *, key: str, actor: Actor, now: datetime
) -> None:
    (old,) = session.scalars(select(Move.old).where(Move.change_id == change.id)).all()
    if not undoing.is_as_left(session, change.id) and not _confirmed_since(session, change):
        raise CannotUndo if change.undone_at else ChangedSince
    if not changes.claim(session, change, now):
        raise CannotUndo
    confirmed = old.get("email_confirmed_at")
    version = session.scalar(select(Person.version).where(Person.key == key)) or 0
    change_address(
        session,
        key=key,
        version=version,
        email=old["email"],
        reason="Undone.",
        actor=actor,
        now=now,
        can_be_undone=False,
        confirmed_at=datetime.fromisoformat(confirmed) if confirmed else None,
    )


def _confirmed_since(session: DbSession, change: Change) -> bool:
    """Only that they have shown since that the new address is theirs."""
    (new,) = session.scalars(select(Move.new).where(Move.change_id == change.id)).all()
    there = select(Person.id).where(
        "person:" + Person.key == change.subject, Person.email == new["email"]
    )
    return session.scalar(there) is not None
