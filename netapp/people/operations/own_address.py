"""Somebody gives themselves another email address.

A link to the new one confirms it within the hour; the old one is told, with a link that takes it
back for seven days. Bookings follow in workflows/change_address.py.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.tokens import hash_token, new_token
from netapp.people import letters
from netapp.people.errors import AddressTaken, LinkEnded, SameAddress
from netapp.people.models import AddressChange, Person
from netapp.people.operations import sign_ins
from netapp.people.operations.codes import end_codes
from netapp.people.operations.guards import hold_person
from netapp.people.operations.links import RESET, WELCOME_PURPOSES, end_links

CONFIRM_LIFE = timedelta(minutes=60)
UNDO_LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class OpenChange:
    """What a link in a mail would do, while it works."""

    person_key: str
    name: str
    email: str  # That the person would have.


def ask(session: DbSession, *, person_id: int, email: str, now: datetime) -> None:
    """Mail a link to the new address; an earlier one ends. Where somebody has that address
    already, the mail says so, and nothing else does. Raises ``SameAddress``.

    ``email`` is canonical. Count the mail first: ``codes.count_mail``.
    """
    person = hold_person(session, person_id)
    assert person is not None
    if person.email == email:
        raise SameAddress
    _end_open(session, person_id, now)
    token = new_token()
    session.add(
        AddressChange(
            person_id=person_id,
            old_email=person.email,
            new_email=email,
            confirm_hash=hash_token(token),
            created_at=now,
            ends_at=now + CONFIRM_LIFE,
        )
    )
    session.flush()
    taken = session.scalar(select(Person.id).where(Person.email == email)) is not None
    letters.address_confirm(
        session, name=person.name, email=email, token=token, life=CONFIRM_LIFE, taken=taken, now=now
    )


def open_change(session: DbSession, token: str, *, now: datetime) -> OpenChange | None:
    """What the link to the new address would confirm. Changes nothing."""
    return _open(session, _confirmable(token, now), AddressChange.new_email)


def open_undo(session: DbSession, token: str, *, now: datetime) -> OpenChange | None:
    """What the link to the old address would take back. Changes nothing."""
    return _open(session, _undoable(token, now), AddressChange.old_email)


def confirm(session: DbSession, token: str, *, now: datetime) -> None:
    """The address is theirs: one atomic step. Codes and links sent to the old one end.

    Raises ``LinkEnded``; ``AddressTaken`` where somebody else has come by it meanwhile.
    """
    change = session.scalar(
        update(AddressChange)
        .where(*_confirmable(token, now))
        .values(confirmed_at=now)
        .returning(AddressChange),
        execution_options={"populate_existing": True},
    )
    person = hold_person(session, change.person_id) if change else None
    if change is None or person is None or person.disabled_at or person.email != change.old_email:
        raise LinkEnded
    undo = new_token()
    change.undo_hash = hash_token(undo)
    _give(session, person, change.new_email, now)
    letters.address_changed(
        session, person=person, email=change.old_email, token=undo, life=UNDO_LIFE, now=now
    )
    _record(session, person, f"{person.name} changed their email address.", now)


def undo(session: DbSession, token: str, *, now: datetime) -> None:
    """Give the person the old address back, whatever came after; they are signed out everywhere,
    and the password ends, for somebody may have had it. Raises ``LinkEnded``, ``AddressTaken``."""
    change = session.scalar(
        update(AddressChange)
        .where(*_undoable(token, now))
        .values(undone_at=now)
        .returning(AddressChange),
        execution_options={"populate_existing": True},
    )
    person = hold_person(session, change.person_id) if change else None
    if change is None or person is None:
        raise LinkEnded
    _end_open(session, person.id, now)
    _end_undos_after(session, change, now)
    _give(session, person, change.old_email, now)
    person.password_hash = person.password_set_at = None
    sign_ins.end_all(session, person_id=person.id)
    _record(session, person, f"{person.name} took a change of their email address back.", now)


def _give(session: DbSession, person: Person, email: str, now: datetime) -> None:
    former = person.email
    if former == email:
        return
    if session.scalar(select(Person.id).where(Person.email == email)):
        raise AddressTaken
    person.email, person.email_confirmed_at = email, now
    person.version += 1
    try:
        session.flush()
    except IntegrityError as error:  # Somebody booked with it in this very moment.
        raise AddressTaken from error
    end_codes(session, email=former, now=now)
    end_links(session, person_id=person.id, purposes=[RESET, *WELCOME_PURPOSES], now=now)


def _confirmable(token: str, now: datetime) -> list[ColumnElement[bool]]:
    return [
        AddressChange.confirm_hash == hash_token(token),
        AddressChange.confirmed_at.is_(None),
        AddressChange.ended_at.is_(None),
        AddressChange.ends_at > now,
    ]


def _undoable(token: str, now: datetime) -> list[ColumnElement[bool]]:
    return [
        AddressChange.undo_hash == hash_token(token),
        AddressChange.undone_at.is_(None),
        AddressChange.ended_at.is_(None),
        AddressChange.confirmed_at > now - UNDO_LIFE,
    ]


def _open(
    session: DbSession, conditions: list[ColumnElement[bool]], email: InstrumentedAttribute[str]
) -> OpenChange | None:
    found = session.execute(
        select(Person.key, Person.name, email.label("email"))
        .join(AddressChange, AddressChange.person_id == Person.id)
        .where(*conditions, Person.disabled_at.is_(None))
    ).one_or_none()
    return OpenChange(found.key, found.name, found.email) if found else None


def end_all(session: DbSession, *, person_id: int, now: datetime) -> None:
    """No link in a mail changes this person's address any more, or takes a change back: a
    coordinator has decided what it is."""
    session.execute(
        update(AddressChange)
        .where(AddressChange.person_id == person_id, AddressChange.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def _end_open(session: DbSession, person_id: int, now: datetime) -> None:
    session.execute(
        update(AddressChange)
        .where(AddressChange.person_id == person_id, AddressChange.confirmed_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def _end_undos_after(session: DbSession, change: AddressChange, now: datetime) -> None:
    """Whoever got a later address got it from somebody who did not own this one."""
    session.execute(
        update(AddressChange)
        .where(AddressChange.person_id == change.person_id, AddressChange.id > change.id)
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def _record(session: DbSession, person: Person, summary: str, now: datetime) -> None:
    audit.record(
        session,
        actor=Actor(person.id, person.name),
        action="person.address",
        subject=f"person:{person.key}",
        summary=summary,
        now=now,
    )
