"""People of the demo who can sign in."""

from datetime import datetime

from sqlalchemy import select

from netapp.demo.people import SIGN_INS, SignInDetails
from netapp.demo.queries import has_person
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.kernel.zones import to_local
from netapp.membership.models import Membership, MembershipKind
from netapp.membership.operations.kinds import CORE
from netapp.people import passwords
from netapp.people.models import Person, Role, RoleGrant
from netapp.people.operations import authenticators
from netapp.people.queries import find_by_address
from netapp.people.second_factors import has_second_factor


def add_sign_ins(session: DbSession, *, now: datetime) -> int:
    """Add the people of ``SIGN_INS`` who are missing; returns how many that were."""
    missing = [details for details in SIGN_INS if not has_person(session, details.email)]
    for details in missing:
        _add(session, details, now)
    for details in SIGN_INS:
        if details.seed:
            _give_second_factor(session, details, now)
    return len(missing)


def _give_second_factor(session: DbSession, details: SignInDetails, now: datetime) -> None:
    """Coordinators need one. Whoever set up another keeps it."""
    person = find_by_address(session, details.email)
    if person is None or not person.is_demo or has_second_factor(session, person.id):
        return
    authenticators.add_known(session, person=person, seed=details.seed, now=now)


def _add(session: DbSession, details: SignInDetails, now: datetime) -> None:
    person = Person(
        key=new_key(),
        email=details.email,
        name=details.name,
        created_at=now,
        email_confirmed_at=now,
        registered_at=now,
        password_hash=passwords.hashed(details.password),
        password_set_at=now,
        is_demo=True,
    )
    session.add(person)
    session.flush()
    if details.is_coordinator:
        session.add(RoleGrant(person_id=person.id, role=Role.COORDINATOR, granted_at=now))
    if details.is_member:
        today = to_local(now, site_of(session).zone).date()
        kind = session.scalars(select(MembershipKind).where(MembershipKind.slug == CORE)).one()
        session.add(
            Membership(
                key=new_key(),
                kind_id=kind.id,
                person_id=person.id,
                starts_on=today,
                granted_at=now,
                note="Sample",
            )
        )
    session.flush()
