"""Organisations that are members, and that the network has nobody to write to in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.membership.models import Membership
from netapp.membership.queries.belonging import gives_rights
from netapp.organisations.models import Affiliation, Organisation
from netapp.people.models import Person


@dataclass(frozen=True, slots=True)
class WithoutContact:
    key: str
    name: str


def without_contact(session: DbSession, *, at: datetime) -> Sequence[WithoutContact]:
    """Members now, days of grace included, by name. A contact whose account is closed is none.
    One query."""
    today = to_local(at, site_of(session).zone).date()
    contact = (
        select(Affiliation.id)
        .join(Person, Person.id == Affiliation.person_id)
        .where(
            Affiliation.organisation_id == Organisation.id,
            Affiliation.is_contact.is_(True),
            Affiliation.ends_on.is_(None) | (Affiliation.ends_on >= today),
            Person.disabled_at.is_(None),
        )
        .correlate(Organisation)
    )
    member = (
        select(Membership.id)
        .where(Membership.organisation_id == Organisation.id, gives_rights(session, at))
        .correlate(Organisation)
    )
    rows = session.execute(
        select(Organisation.key, Organisation.name)
        .where(member.exists(), ~contact.exists())
        .order_by(Organisation.name, Organisation.id)
    )
    return [WithoutContact(*row) for row in rows]
