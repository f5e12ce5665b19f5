"""The second factors of a person as a whole: the first, the last, and taking all away."""

from datetime import datetime

from sqlalchemy import delete, select

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.people import letters
from netapp.people.errors import ReasonMissing, SecondFactorNeeded
from netapp.people.models import Passkey, Person, Role, RoleGrant
from netapp.people.operations import authenticators, recovery, sign_ins
from netapp.people.operations.guards import hold_person
from netapp.people.second_factors import has_second_factor, recovery_codes_left


def added(
    session: DbSession, *, person: Person, what: str, sign_in_id: int, now: datetime
) -> tuple[str, list[str]]:
    """After a second factor was added: every other sign-in ends, this one gets a new token, and
    whoever has no recovery codes gets them. Returns the token and the codes to show."""
    sign_ins.end_all_but(session, person_id=person.id, keep_id=sign_in_id)
    token = sign_ins.renew(session, sign_in_id=sign_in_id, is_strong=True, now=now)
    codes = []
    if not recovery_codes_left(session, person.id):
        codes = recovery.make_codes(session, person_id=person.id, now=now)
    tell(session, person=person, action="second_factor.add", what=f"{what} was added", now=now)
    return token, codes


def remove_authenticator(session: DbSession, *, person: Person, now: datetime) -> None:
    """Harmless where there is none. Raises ``SecondFactorNeeded``."""
    hold_person(session, person.id)
    if authenticators.remove(session, person_id=person.id):
        _after_removing(session, person, "Your app for codes was removed", now)


def remove_passkey(session: DbSession, *, person: Person, key: str, now: datetime) -> None:
    """Raises ``NotFound`` for anybody else's, and ``SecondFactorNeeded``."""
    hold_person(session, person.id)
    name = session.scalar(
        delete(Passkey)
        .where(Passkey.person_id == person.id, Passkey.key == key)
        .returning(Passkey.name)
    )
    if name is None:
        raise NotFound
    _after_removing(session, person, f"The passkey “{name}” was removed", now)


def _after_removing(session: DbSession, person: Person, what: str, now: datetime) -> None:
    if not has_second_factor(session, person.id):
        if _must_have_one(session, person.id):
            raise SecondFactorNeeded
        recovery.remove(session, person_id=person.id)
    tell(session, person=person, action="second_factor.remove", what=what, now=now)


def reset(session: DbSession, *, key: str, reason: str, actor: Actor, now: datetime) -> None:
    """Take every second factor of somebody away who has lost theirs; all their sign-ins end.

    Raises ``ReasonMissing``, and ``NotFound`` where there is nobody or nothing to take.
    """
    if not reason:
        raise ReasonMissing
    person = session.scalar(select(Person).where(Person.key == key))
    held = hold_person(session, person.id) if person else None
    if held is None or held.is_gone or not has_second_factor(session, held.id):
        raise NotFound
    authenticators.remove(session, person_id=held.id)
    recovery.remove(session, person_id=held.id)
    session.execute(delete(Passkey).where(Passkey.person_id == held.id))
    sign_ins.end_all(session, person_id=held.id)
    letters.second_factor_reset(session, person=held, now=now)
    audit.record(
        session,
        actor=actor,
        action="second_factor.reset",
        subject=f"person:{held.key}",
        summary=f"Took the second factor of {held.name} away.",
        reason=reason,
        now=now,
    )


def tell(session: DbSession, *, person: Person, action: str, what: str, now: datetime) -> None:
    """A mail to the person, and a line in the activity log: ``what`` is a sentence without its
    full stop, to the person."""
    letters.second_factor_changed(session, person=person, what=what, now=now)
    audit.record(
        session,
        actor=Actor(person.id, person.name),
        action=action,
        subject=f"person:{person.key}",
        summary=f"{what}.",
        now=now,
    )


def _must_have_one(session: DbSession, person_id: int) -> bool:
    mine = RoleGrant.person_id == person_id, RoleGrant.role == Role.COORDINATOR
    return session.scalar(select(RoleGrant.role).where(*mine)) is not None
