"""Who is a coordinator, and who looks after safeguarding checks; each act leaves an audit line.
Nobody who closed their account is given a role: that raises ``ClosedForGood``."""

from datetime import datetime

from sqlalchemy import delete

from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession, insert_for
from netapp.people import letters
from netapp.people.errors import AccountDisabled, LastCoordinator, NoAccount
from netapp.people.models import Person, Role, RoleGrant
from netapp.people.operations.desk import held, record
from netapp.people.operations.guards import hold_coordinators
from netapp.people.operations.guests import find_or_add_guest
from netapp.people.operations.links import INVITATION, make_link
from netapp.people.queries import count_coordinators
from netapp.people.second_factors import has_second_factor


def make_coordinator(session: DbSession, *, key: str, actor: Actor, now: datetime) -> None:
    """Harmless for somebody who is one already. Raises ``NoAccount``, ``AccountDisabled``."""
    person = held(session, key)
    if person.registered_at is None:
        raise NoAccount
    if person.disabled_at:
        raise AccountDisabled
    _grant(session, person, actor, now)


def remove_coordinator(session: DbSession, *, key: str, actor: Actor, now: datetime) -> None:
    """Harmless for somebody who is none. Raises ``LastCoordinator``."""
    hold_coordinators(session)
    person = held(session, key)
    mine = RoleGrant.person_id == person.id, RoleGrant.role == Role.COORDINATOR
    if session.scalar(delete(RoleGrant).where(*mine).returning(RoleGrant.person_id)) is None:
        return
    if count_coordinators(session) == 0:
        raise LastCoordinator
    record(
        session,
        person,
        "role.remove",
        f"{person.name} is a coordinator no more.",
        actor,
        now,
    )


def name_safeguarding_lead(session: DbSession, *, key: str, actor: Actor, now: datetime) -> None:
    """They see and note checks on people from now on, and are told. Raises ``NoAccount``,
    ``NotFound``."""
    person = held(session, key)
    if person.registered_at is None or person.disabled_at:
        raise NoAccount
    row = insert_for(session, RoleGrant).values(
        person_id=person.id,
        role=Role.SAFEGUARDING_LEAD,
        granted_at=now,
        granted_by_id=actor.id,
    )
    added = row.on_conflict_do_nothing().returning(RoleGrant.person_id)
    if session.scalar(added) is None:
        return
    needs_step = not has_second_factor(session, person.id)
    letters.lead_named(session, person=person, needs_step=needs_step, now=now)
    summary = f"{person.name} looks after safeguarding checks."
    record(session, person, "role.grant", summary, actor, now)


def end_safeguarding_lead(session: DbSession, *, key: str, actor: Actor, now: datetime) -> None:
    """They are told. Harmless for who is not."""
    person = held(session, key)
    mine = RoleGrant.person_id == person.id, RoleGrant.role == Role.SAFEGUARDING_LEAD
    if session.scalar(delete(RoleGrant).where(*mine).returning(RoleGrant.person_id)) is None:
        return
    letters.lead_ended(session, person=person, now=now)
    summary = f"{person.name} looks after safeguarding checks no more."
    record(session, person, "role.remove", summary, actor, now)


def appoint(
    session: DbSession, *, email: str, name: str, actor: Actor, now: datetime
) -> tuple[Person, str]:
    """Make somebody coordinator by address alone; returns them and the token of a one-time link
    that opens the account, for whoever runs the command to pass on.

    Raises ``NotAnAddress``, ``AccountDisabled``.
    """
    person = find_or_add_guest(session, email=email, name=name or email, now=now)
    if person.disabled_at:
        raise AccountDisabled
    token = make_link(session, person=person, purpose=INVITATION, now=now)
    _grant(session, person, actor, now)
    return person, token


def _grant(session: DbSession, person: Person, actor: Actor, now: datetime) -> None:
    row = insert_for(session, RoleGrant).values(
        person_id=person.id, role=Role.COORDINATOR, granted_at=now, granted_by_id=actor.id
    )
    added = session.scalar(
        row.on_conflict_do_nothing(index_elements=["person_id", "role"]).returning(
            RoleGrant.person_id
        )
    )
    if added is not None:
        record(session, person, "role.grant", f"Made {person.name} a coordinator.", actor, now)
