"""The contact of an organisation hands the role on to somebody else of it."""

from datetime import datetime

from sqlalchemy import select

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.membership.operations.seats import By, held_by
from netapp.membership.queries.seats import has_seat
from netapp.organisations.errors import NotOneOfThem
from netapp.organisations.operations.affiliations import live_affiliation
from netapp.organisations.operations.contacts import end_contact, make_contact
from netapp.people.models import Person


def pass_on(
    session: DbSession,
    *,
    organisation_key: str,
    to_key: str,
    stays: bool,
    by: By,
    now: datetime,
) -> None:
    """Somebody who has a seat or works there (``to_key``: their public key) becomes the contact;
    whoever passes it on stays one too, or is one no more. Both acts or none.

    Raises ``NotOneOfThem``, ``NotTheContact``, ``NotFound``.
    """
    organisation = held_by(session, organisation_key, by, now)
    today = to_local(now, site_of(session).zone).date()
    person = session.scalar(
        select(Person).where(Person.key == to_key, Person.disabled_at.is_(None))
    )
    if person is None or not (
        has_seat(session, organisation.id, person.id)
        or live_affiliation(session, person.id, organisation.id, on=today)
    ):
        raise NotOneOfThem
    make_contact(session, key=organisation.key, person_id=person.id, actor=by.actor, now=now)
    if not stays and by.actor.id is not None and by.actor.id != person.id:
        end_contact(session, key=organisation.key, person_id=by.actor.id, actor=by.actor, now=now)
