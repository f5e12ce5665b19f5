"""The mails about organisations: which template, with which words."""

from datetime import datetime

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.mail.operations import Address, enqueue
from netapp.organisations.models import Organisation
from netapp.people.models import Person


def contact_changed(
    session: DbSession,
    *,
    person: Person,
    organisation: Organisation,
    is_contact: bool,
    by: str,
    now: datetime,
) -> None:
    """To somebody who is the contact of an organisation from now on, or is so no more."""
    page = f"/account/organisations/{organisation.slug}" if is_contact else "/account/organisations"
    enqueue(
        session,
        to=Address(person.name, person.email),
        message="organisations/contact_changed",
        about=f"organisation:{organisation.key}",
        context={
            "name": person.name,
            "organisation": organisation.name,
            "is_contact": is_contact,
            "by": by,
            "url": site_of(session).url(page),
        },
        now=now,
    )
