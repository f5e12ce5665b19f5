"""People say where they work, and when they left. It gives no rights: see membership for those."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.revisions import raise_revision
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.kernel.zones import to_local
from netapp.organisations.errors import EndsBeforeItStarts, HasLeft, WorksThere
from netapp.organisations.models import Affiliation, Organisation
from netapp.organisations.operations.editing import record
from netapp.organisations.operations.guard import DIRECTORY
from netapp.people.models import Person
from netapp.people.operations.guards import hold_person


def begin(
    session: DbSession,
    *,
    person_id: int,
    organisation_key: str,
    role: str = "",
    starts_on: date | None = None,
    actor: Actor,
    now: datetime,
) -> Affiliation:
    """This person works for this organisation, as well as wherever else they work.

    What they wrote of themselves as their organisation stays; where they wrote nothing it becomes
    this one. Raises ``WorksThere``, ``NotFound``.
    """
    person = _held(session, person_id)
    organisation = session.scalar(
        select(Organisation).where(
            Organisation.key == organisation_key, Organisation.merged_into_id.is_(None)
        )
    )
    if organisation is None:
        raise NotFound
    if live_affiliation(session, person.id, organisation.id, on=_today(session, now)):
        raise WorksThere
    added = Affiliation(
        key=new_key(),
        person_id=person.id,
        organisation_id=organisation.id,
        role=role,
        starts_on=starts_on,
        created_at=now,
    )
    session.add(added)
    if not person.organisation:
        person.organisation = organisation.name[:120]
        person.version += 1
    session.flush()
    raise_revision(session, DIRECTORY, now)
    if actor.id != person.id:
        summary = f"Noted that {person.name} works for {organisation.name}."
        record(session, organisation, "person", summary, actor, now)
    return added


def change_role(
    session: DbSession, *, key: str, role: str, person_id: int | None = None, now: datetime
) -> None:
    """What they do there, in their words. ``person_id``: only of this person. Raises ``NotFound``,
    ``HasLeft``."""
    affiliation = find_affiliation(session, key, person_id=person_id)
    if affiliation.ends_on is not None:
        raise HasLeft
    affiliation.role = role
    session.flush()
    raise_revision(session, DIRECTORY, now)


def end(
    session: DbSession,
    *,
    key: str,
    on: date,
    person_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> Affiliation:
    """``on`` is their last day there, in the network's zone; nothing else ends with it: a seat is
    given back by itself. ``person_id``: only of this person.

    Raises ``EndsBeforeItStarts``, ``HasLeft``, ``NotFound``.
    """
    affiliation = find_affiliation(session, key, person_id=person_id)
    person = _held(session, affiliation.person_id)
    session.refresh(affiliation, ["ends_on", "starts_on"])
    if affiliation.ends_on is not None:
        raise HasLeft
    if affiliation.starts_on and on < affiliation.starts_on:
        raise EndsBeforeItStarts
    affiliation.ends_on = on
    session.flush()
    raise_revision(session, DIRECTORY, now)
    if actor.id != person.id:
        organisation = session.get_one(Organisation, affiliation.organisation_id)
        summary = f"Noted that {person.name} has left {organisation.name}."
        record(session, organisation, "person", summary, actor, now)
    return affiliation


def end_now(session: DbSession, *, key: str, actor: Actor, now: datetime) -> None:
    """They have left: yesterday was their last day. One that began today or has not begun is gone.
    Raises ``HasLeft``, ``NotFound``."""
    affiliation = find_affiliation(session, key)
    yesterday = _today(session, now) - timedelta(days=1)
    if affiliation.starts_on is None or affiliation.starts_on <= yesterday:
        end(session, key=key, on=yesterday, actor=actor, now=now)
        return
    end(session, key=key, on=affiliation.starts_on, actor=actor, now=now)
    session.delete(affiliation)
    session.flush()


def write_of_oneself(
    session: DbSession, *, person_id: int, organisation: str, now: datetime
) -> None:
    """Where somebody works, in their own words: for what is not in the register."""
    person = _held(session, person_id)
    if person.organisation != organisation:
        person.organisation = organisation
        person.version += 1
        session.flush()
        raise_revision(session, DIRECTORY, now)


def find_affiliation(session: DbSession, key: str, *, person_id: int | None = None) -> Affiliation:
    """Raises ``NotFound``, also where it is of somebody else than ``person_id``."""
    wanted = select(Affiliation).where(Affiliation.key == key)
    if person_id is not None:
        wanted = wanted.where(Affiliation.person_id == person_id)
    found = session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def live_affiliation(
    session: DbSession, person_id: int, organisation_id: int, *, on: date
) -> Affiliation | None:
    """That they work there on a day, if they do."""
    return session.scalar(
        select(Affiliation)
        .where(
            Affiliation.person_id == person_id,
            Affiliation.organisation_id == organisation_id,
            Affiliation.ends_on.is_(None) | (Affiliation.ends_on >= on),
        )
        .order_by(Affiliation.ends_on.is_(None).desc(), Affiliation.id.desc())
        .limit(1)
    )


def _held(session: DbSession, person_id: int) -> Person:
    person = hold_person(session, person_id)
    if person is None:
        raise NotFound
    return person


def _today(session: DbSession, now: datetime) -> date:
    return to_local(now, site_of(session).zone).date()
