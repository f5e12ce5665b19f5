"""What coordinators do about people and their accounts; each act leaves an audit line. Whoever
closed their account is gone: all that has a key here raises ``ClosedForGood`` for them."""

from datetime import datetime
from typing import Final, cast

from sqlalchemy import Table, select, update
from sqlalchemy.exc import IntegrityError

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel import changes
from netapp.kernel.db import DbSession, insert_for
from netapp.kernel.errors import NotFound, StaleEdit
from netapp.kernel.revisions import raise_revision
from netapp.kernel.tokens import new_key
from netapp.kernel.words import sentence
from netapp.people import letters
from netapp.people.addresses import canonical, shown
from netapp.people.errors import (
    AccountDisabled,
    AddressTaken,
    ClosedForGood,
    SameAddress,
)
from netapp.people.models import Person
from netapp.people.operations import own_address, sign_ins
from netapp.people.operations.closing import shut
from netapp.people.operations.codes import end_codes
from netapp.people.operations.guards import hold_coordinators, hold_person
from netapp.people.operations.links import (
    INVITATION,
    LIVES,
    RESET,
    WELCOME_PURPOSES,
    end_links,
    make_link,
)

EDIT: Final = "person.edit"
ADDRESS: Final = "person.address"
PEOPLE = cast(Table, Person.__table__)


def subject_of(person: Person) -> str:
    """How audit lines name a person."""
    return f"person:{person.key}"


def add_person(
    session: DbSession,
    *,
    email: str,
    name: str,
    organisation: str,
    actor: Actor,
    now: datetime,
) -> Person:
    """Somebody new, without an account. Raises ``AddressTaken``, ``NotAnAddress``."""
    row = insert_for(session, Person).values(
        key=new_key(),
        email=canonical(email),
        name=name,
        organisation=organisation,
        created_at=now,
        invitations=True,
        is_demo=False,
        version=1,
    )
    added = session.scalar(
        row.on_conflict_do_nothing(index_elements=[Person.email]).returning(Person.id)
    )
    if added is None:
        raise AddressTaken
    person = session.scalars(select(Person).where(Person.id == added)).one()
    record(session, person, "person.add", f"Added {name}.", actor, now)
    return person


def edit_person(
    session: DbSession,
    *,
    key: str,
    version: int,
    name: str,
    organisation: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Change name and organisation; it can be undone. Raises ``StaleEdit`` where somebody was
    quicker."""
    changed = session.scalar(
        update(Person)
        .where(Person.key == key, Person.version == version)
        .values(version=Person.version + 1)
        .returning(Person),
        execution_options={"populate_existing": True},
    )
    if changed is None:
        raise StaleEdit
    if changed.is_gone:
        raise ClosedForGood
    new = {"name": name, "organisation": organisation}
    said = [
        f"{field} from “{getattr(changed, field)}” to “{value}”"
        for field, value in new.items()
        if getattr(changed, field) != value
    ]
    if not said:
        return
    words = "; ".join(said)
    journal = changes.begin(
        session,
        kind=EDIT,
        subject=subject_of(changed),
        words=sentence(words[0].upper() + words[1:]),
        by_name=actor.name,
        now=now,
    )
    journal.set(PEOPLE, {"id": changed.id}, "name", name, organisation=organisation)
    session.refresh(changed)
    raise_revision(session, "directory", now)
    record(session, changed, EDIT, f"Changed the details of {name}.", actor, now)


def change_address(
    session: DbSession,
    *,
    key: str,
    version: int,
    email: str,
    reason: str,
    actor: Actor,
    now: datetime,
    can_be_undone: bool = True,
    confirmed_at: datetime | None = None,
) -> None:
    """Give a person another address, not confirmed until they use it; both addresses are told.
    ``confirmed_at``: they showed then that it is theirs, for it is one they had before.

    Codes and links sent to the old one end, and every sign-in with them. Raises ``StaleEdit``,
    ``SameAddress``, ``AddressTaken``, ``NotAnAddress``. The whole of it, with their bookings, is
    in workflows/change_address.py.
    """
    person, address = held(session, key), canonical(email)
    if person.version != version:
        raise StaleEdit
    old = person.email
    if address == old:
        raise SameAddress
    if session.scalar(select(Person.id).where(Person.email == address)):
        raise AddressTaken
    journal = changes.begin(
        session,
        kind=ADDRESS,
        subject=subject_of(person),
        words=f"Email address from {shown(old)} to {shown(address)}.",
        by_name=actor.name,
        now=now,
    )
    try:
        journal.set(PEOPLE, {"id": person.id}, "email", address, email_confirmed_at=confirmed_at)
    except IntegrityError as error:  # Somebody booked with it in this very moment.
        raise AddressTaken from error
    if not can_be_undone:  # It is the undoing of another.
        changes.claim(session, journal.change, now)
    session.refresh(person)
    person.version += 1
    session.flush()
    end_codes(session, email=old, now=now)
    own_address.end_all(session, person_id=person.id, now=now)
    end_links(session, person_id=person.id, purposes=[RESET, *WELCOME_PURPOSES], now=now)
    sign_ins.end_all(session, person_id=person.id)
    letters.address_left(session, name=person.name, email=old, about=subject_of(person), now=now)
    letters.address_new(session, person=person, now=now)
    summary = f"Changed the email address of {person.name}."
    record(session, person, "person.address", summary, actor, now, reason)


def invite(session: DbSession, *, key: str, actor: Actor, now: datetime) -> None:
    """Mail a link that opens the account, for 14 days. Raises ``AccountDisabled``."""
    person = held(session, key)
    if person.disabled_at:
        raise AccountDisabled
    token = make_link(session, person=person, purpose=INVITATION, now=now)
    letters.invitation(session, person=person, token=token, life=LIVES[INVITATION], now=now)
    record(session, person, "person.invite", f"Invited {person.name}.", actor, now)


def disable(session: DbSession, *, key: str, reason: str, actor: Actor, now: datetime) -> None:
    """Lock an account: every sign-in and link ends, and its owner is told. Raises
    ``LastCoordinator``."""
    hold_coordinators(session)
    person = held(session, key)
    if person.disabled_at:
        return
    shut(session, person, now)
    if person.registered_at:
        letters.account_locked(session, person=person, now=now)
    summary = f"Locked the account of {person.name}."
    record(session, person, "person.disable", summary, actor, now, reason)


def enable(session: DbSession, *, key: str, actor: Actor, now: datetime) -> None:
    """Unlock an account; its owner is told. Harmless for one that is open, or leads to another."""
    person = held(session, key)
    if person.disabled_at is None or person.merged_into_id is not None:
        return
    person.disabled_at = None
    person.version += 1
    session.flush()
    raise_revision(session, "directory", now)
    if person.registered_at:
        letters.account_unlocked(session, person=person, now=now)
    summary = f"Unlocked the account of {person.name}."
    record(session, person, "person.enable", summary, actor, now)


def held(session: DbSession, key: str) -> Person:
    """Whom nobody else changes until the commit. Raises ``NotFound``, ``ClosedForGood``."""
    found = session.scalar(select(Person.id).where(Person.key == key))
    person = hold_person(session, found) if found else None
    if person is None:
        raise NotFound
    if person.is_gone:
        raise ClosedForGood
    return person


def record(
    session: DbSession,
    person: Person,
    action: str,
    summary: str,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=subject_of(person),
        summary=summary,
        reason=reason,
        now=now,
    )
