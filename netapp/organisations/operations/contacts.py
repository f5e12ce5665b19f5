"""Whom the network writes to in an organisation: named, taken away, handed on."""

from datetime import date, datetime

from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.revisions import raise_revision
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.kernel.zones import to_local
from netapp.organisations import letters
from netapp.organisations.models import Affiliation, Organisation
from netapp.organisations.operations.affiliations import live_affiliation
from netapp.organisations.operations.editing import record
from netapp.organisations.operations.guard import DIRECTORY, hold_organisation
from netapp.people.models import Person


def make_contact(
    session: DbSession, *, key: str, person_id: int, actor: Actor, now: datetime
) -> None:
    """This person is a contact of the organisation of this key from now on, beside whoever is one
    already; they work there, if that was not known yet. They get a mail. Harmless for somebody who
    is one. Raises ``NotFound``.
    """
    organisation = hold_organisation(session, key)
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    works = live_affiliation(session, person.id, organisation.id, on=_today(session, now))
    if works is None:
        works = Affiliation(
            key=new_key(),
            person_id=person.id,
            organisation_id=organisation.id,
            is_contact=False,
            created_at=now,
        )
        session.add(works)
    if works.is_contact:
        return
    works.is_contact = True
    session.flush()
    raise_revision(session, DIRECTORY, now)
    _tell(session, person, organisation, actor, now, is_contact=True)


def end_contact(
    session: DbSession, *, key: str, person_id: int, actor: Actor, now: datetime
) -> None:
    """They stay with the organisation, and keep their seat; they are told unless it was they who
    did it. Harmless for somebody who is no contact. Raises ``NotFound``."""
    organisation = hold_organisation(session, key)
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    works = live_affiliation(session, person.id, organisation.id, on=_today(session, now))
    if works is None or not works.is_contact:
        return
    works.is_contact = False
    session.flush()
    _tell(session, person, organisation, actor, now, is_contact=False)


def is_contact(session: DbSession, *, organisation_id: int, person_id: int, now: datetime) -> bool:
    return organisation_id in contact_of(session, person_id, now=now)


def contact_of(session: DbSession, person_id: int, *, now: datetime) -> set[int]:
    """The organisations, by id, whose contact this person is. One query."""
    today = _today(session, now)
    held = select(Affiliation.organisation_id).where(
        Affiliation.person_id == person_id,
        Affiliation.is_contact.is_(True),
        Affiliation.ends_on.is_(None) | (Affiliation.ends_on >= today),
    )
    return set(session.scalars(held))


def _tell(
    session: DbSession,
    person: Person,
    organisation: Organisation,
    actor: Actor,
    now: datetime,
    *,
    is_contact: bool,
) -> None:
    if actor.id != person.id:
        letters.contact_changed(
            session,
            person=person,
            organisation=organisation,
            is_contact=is_contact,
            by=actor.name,
            now=now,
        )
    did = "Made {} a contact of {}." if is_contact else "Took the role of contact of {1} from {0}."
    summary = did.format(person.name, organisation.name)
    record(session, organisation, "contact", summary, actor, now)


def _today(session: DbSession, now: datetime) -> date:
    return to_local(now, site_of(session).zone).date()
