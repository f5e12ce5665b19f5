"""Coordinators say what nobody is to see, of everybody or of one person; and what became of a
report."""

from datetime import datetime

from sqlalchemy import delete, select, update

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.directory import letters
from netapp.directory.fields import TITLES, ProfileField, Visibility
from netapp.directory.message_models import Message, SendingStop
from netapp.directory.models import FieldLock, FieldRule
from netapp.directory.queries.catalogue import SCOPE
from netapp.kernel.db import DbSession, insert_for
from netapp.kernel.errors import NotFound
from netapp.kernel.revisions import raise_revision
from netapp.people.models import Person

RULE_WORDS = {
    Visibility.NOBODY: "is hidden from everybody",
    Visibility.MEMBERS: "is never public",
    Visibility.EVERYONE: "is for each person to choose",
}


def set_rule(
    session: DbSession,
    *,
    field: ProfileField,
    most: Visibility,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Of everybody: this part is never seen by more people than that. ``EVERYONE`` ends the
    rule. What people chose stays, and holds again when the rule has ended."""
    if most is Visibility.EVERYONE:
        session.execute(delete(FieldRule).where(FieldRule.field == field))
    else:
        values = {"most": most, "reason": reason, "set_at": now, "set_by_id": actor.id}
        row = insert_for(session, FieldRule).values(field=field, **values)
        session.execute(row.on_conflict_do_update(index_elements=[FieldRule.field], set_=values))
    raise_revision(session, SCOPE, now)
    summary = f"{TITLES[field]} of all profiles {RULE_WORDS[most]}."
    _record(session, actor, "directory.rule", f"directory:{field.value}", summary, reason, now)


def lock(
    session: DbSession,
    *,
    person_key: str,
    field: ProfileField,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Nobody sees this part of this person any more; they are told why. Raises ``NotFound``."""
    person = _person(session, person_key)
    values = {"reason": reason, "locked_at": now, "locked_by_id": actor.id}
    row = insert_for(session, FieldLock).values(person_id=person.id, field=field, **values)
    columns = [FieldLock.person_id, FieldLock.field]
    session.execute(row.on_conflict_do_update(index_elements=columns, set_=values))
    raise_revision(session, SCOPE, now)
    letters.part_locked(session, person=person, field=field, reason=reason, now=now)
    summary = f"Hid {TITLES[field].lower()} of the profile of {person.name}."
    _record(session, actor, "directory.lock", f"person:{person.key}", summary, reason, now)


def unlock(
    session: DbSession, *, person_key: str, field: ProfileField, actor: Actor, now: datetime
) -> None:
    """What they chose holds again. Harmless when repeated. Raises ``NotFound``."""
    person = _person(session, person_key)
    gone = session.execute(
        delete(FieldLock)
        .where(FieldLock.person_id == person.id, FieldLock.field == field)
        .returning(FieldLock.field)
    ).all()
    if gone:
        raise_revision(session, SCOPE, now)
        summary = f"Left {TITLES[field].lower()} of the profile of {person.name} to them again."
        _record(session, actor, "directory.unlock", f"person:{person.key}", summary, "", now)


def close_report(
    session: DbSession,
    *,
    key: str,
    outcome: str,
    stops_sender: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Say what became of a report; the sender may be stopped from writing to anybody.

    Raises ``NotFound`` where it is not open.
    """
    sent = session.scalar(
        update(Message)
        .where(Message.key == key, Message.reported_at.is_not(None), Message.handled_at.is_(None))
        .values(handled_at=now, handled_by_id=actor.id, outcome=outcome)
        .returning(Message),
        execution_options={"populate_existing": True},
    )
    if sent is None:
        raise NotFound
    sender = session.get_one(Person, sent.sender_id)
    if stops_sender:
        stop = insert_for(session, SendingStop).values(
            person_id=sender.id, reason=outcome, stopped_at=now, stopped_by_id=actor.id
        )
        session.execute(stop.on_conflict_do_nothing())
    did = " and stopped their messages" if stops_sender else ""
    summary = f"Closed a report about a message of {sender.name}{did}."
    _record(session, actor, "directory.report", f"person:{sender.key}", summary, outcome, now)


def let_send(session: DbSession, *, person_key: str, actor: Actor, now: datetime) -> None:
    """They may write again. Harmless when repeated. Raises ``NotFound``."""
    person = _person(session, person_key)
    session.execute(delete(SendingStop).where(SendingStop.person_id == person.id))
    summary = f"Let {person.name} send messages again."
    _record(session, actor, "directory.let_send", f"person:{person.key}", summary, "", now)


def _person(session: DbSession, key: str) -> Person:
    """Who has gone for good has no profile any more."""
    found = session.scalar(select(Person).where(Person.key == key))
    if found is None or found.is_gone:
        raise NotFound
    return found


def _record(
    session: DbSession,
    actor: Actor,
    action: str,
    subject: str,
    summary: str,
    reason: str,
    now: datetime,
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=subject,
        summary=summary,
        reason=reason,
        now=now,
    )
