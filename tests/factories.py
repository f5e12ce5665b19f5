"""Rows for tests, made the short way and committed."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netapp.events.models import (
    Event,
    EventHelper,
    EventKind,
    EventMode,
    EventSession,
    EventStatus,
    HelperRole,
    Mode,
    Pool,
)
from netapp.kernel import crypto
from netapp.kernel.site import site_of
from netapp.kernel.tokens import hash_token, new_key, new_token
from netapp.membership.models import Membership, MembershipKind
from netapp.membership.operations.kinds import CORE, load_kinds
from netapp.membership.policies import rights_until
from netapp.organisations.models import Organisation
from netapp.people.models import Authenticator, Person, Role, RoleGrant, SignIn

NOW = datetime(2027, 1, 11, 12, tzinfo=UTC)  # A Monday; London is on GMT.
_number = count(1)


def make_person(session: Session, **overrides: Any) -> Person:
    """Somebody with an account and a confirmed address."""
    n = next(_number)
    values = {
        "key": new_key(),
        "email": f"person{n}@example.org",
        "name": f"Person {n}",
        "created_at": NOW,
        "email_confirmed_at": NOW,
        "registered_at": NOW,
    }
    person = Person(**(values | overrides))
    session.add(person)
    session.commit()
    return person


def make_guest(session: Session, **overrides: Any) -> Person:
    return make_person(session, **{"registered_at": None, "email_confirmed_at": None, **overrides})


def make_member(session: Session, **overrides: Any) -> Person:
    person = make_person(session, **overrides)
    make_membership(session, person_id=person.id)
    return person


def make_membership(
    session: Session,
    *,
    kind: str = CORE,
    starts_on: date = date(2020, 1, 1),
    ends_on: date | None = None,
    **overrides: Any,
) -> Membership:
    """Of a ``person_id`` or an ``organisation_id``; with the days of grace of its kind."""
    load_kinds(session)
    of_kind = session.scalars(select(MembershipKind).where(MembershipKind.slug == kind)).one()
    values = {
        "key": new_key(),
        "kind_id": of_kind.id,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "rights_until": rights_until(of_kind, ends_on),
        "granted_at": NOW,
    }
    held = Membership(**(values | overrides))
    session.add(held)
    session.commit()
    return held


def make_organisation(session: Session, **overrides: Any) -> Organisation:
    n = next(_number)
    values = {
        "key": new_key(),
        "slug": f"organisation-{n}",
        "name": f"Organisation {n}",
        "created_at": NOW,
    }
    organisation = Organisation(**(values | overrides))
    session.add(organisation)
    session.commit()
    return organisation


def make_coordinator(
    session: Session, *, with_second_factor: bool = True, **overrides: Any
) -> Person:
    """With an app for codes, as coordinators must have one; ``tests.people.apps`` reads it."""
    person = make_person(session, **overrides)
    session.add(RoleGrant(person_id=person.id, role=Role.COORDINATOR, granted_at=NOW))
    if with_second_factor:
        make_authenticator(session, person)
    session.commit()
    return person


def make_helper(
    session: Session,
    event: Event,
    person: Person,
    *,
    role: HelperRole = HelperRole.EVENTS_HELPER,
    reads_needs: bool = False,
) -> Person:
    session.add(
        EventHelper(
            event_id=event.id,
            person_id=person.id,
            role=role,
            reads_needs=reads_needs,
            granted_at=NOW,
        )
    )
    session.commit()
    return person


SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def make_authenticator(session: Session, person: Person) -> None:
    """An app for codes, in use; every one of the tests has the same seed."""
    key = new_key()
    bound_to = f"authenticators.sealed:{key}:{person.id}"
    sealed = crypto.seal(site_of(session).secret, SEED.encode(), bound_to=bound_to)
    session.add(
        Authenticator(key=key, person_id=person.id, sealed=sealed, created_at=NOW, confirmed_at=NOW)
    )
    session.commit()


def make_sign_in(session: Session, person: Person) -> str:
    """A signed-in browser; returns the token of its cookie."""
    token = new_token()
    session.add(
        SignIn(
            token_hash=hash_token(token),
            key=new_key(),
            person_id=person.id,
            device="Test browser",
            created_at=NOW,
            last_used_at=NOW,
            ends_at=NOW + timedelta(days=30),
            proved_at=NOW,
            is_strong=True,
        )
    )
    session.commit()
    return token


def make_event(
    session: Session,
    *,
    sessions: int = 1,
    capacity: int | None = 10,
    mode: Mode | EventMode = EventMode.ONLINE,
    starts_at: datetime = NOW + timedelta(days=30, hours=2),
    hours: float = 3.5,
    **overrides: Any,
) -> Event:
    """A published event with dates a week apart, 2pm to 5:30pm London time; ``sessions`` loaded."""
    n = next(_number)
    values = {
        "key": new_key(),
        "slug": f"event-{n}",
        "title": f"Event {n}",
        "kind": EventKind.TRAINING,
        "status": EventStatus.PUBLISHED,
        "mode": EventMode(mode.value),
        "zone": "Europe/London",
        "access_contact_name": "Jo Field",
        "access_contact_email": "jo@example.org",
        "created_at": NOW,
        "published_at": NOW,
    }
    event = Event(**(values | overrides))
    event.sessions = [
        make_event_session(starts_at + timedelta(weeks=k), hours, mode, capacity)
        for k in range(sessions)
    ]
    session.add(event)
    session.commit()
    return event


def make_event_session(
    starts_at: datetime, hours: float, mode: Mode | EventMode, capacity: int | None
) -> EventSession:
    """With a place, a link or both, and as many places in each way to take part."""
    modes = EventMode(mode.value).modes
    return EventSession(
        key=new_key(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        place="Room 1, Example House, London" if Mode.IN_PERSON in modes else None,
        join_link="https://meet.example.org/abc" if Mode.ONLINE in modes else None,
        created_at=NOW,
        revised_at=NOW,
        pools=[Pool(mode=each, capacity=capacity) for each in modes],
    )
