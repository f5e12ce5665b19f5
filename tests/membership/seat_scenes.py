"""Organisations that are members, with seats, contacts and links, for tests."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from netapp.audit.operations import COMMAND_LINE
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.membership.models import Membership, Seat
from netapp.membership.operations import seat_links
from netapp.membership.operations.seats import By
from netapp.membership.queries.seats import open_url
from netapp.organisations.models import Affiliation, Organisation
from netapp.organisations.operations.contacts import make_contact
from netapp.people.models import Person
from tests.factories import NOW, make_membership, make_organisation

DESK = By(COMMAND_LINE)


def make_member_organisation(
    session: Session, name: str = "Bury Music", *, seats: int | None = None, **term: Any
) -> Organisation:
    """With a term that runs, from the beginning of 2026 on."""
    organisation = make_organisation(session, name=name, slug=name.lower().replace(" ", "-"))
    term_of(session, organisation, seats=seats, **term)
    return organisation


def term_of(session: Session, organisation: Organisation, **term: Any) -> Membership:
    values: dict[str, Any] = {"starts_on": date(2026, 1, 1), "kind": "organisation"} | term
    return make_membership(session, organisation_id=organisation.id, **values)


def seat(session: Session, organisation: Organisation, person: Person, **more: Any) -> Seat:
    row = Seat(
        key=new_key(), organisation_id=organisation.id, person_id=person.id, given_at=NOW, **more
    )
    session.add(row)
    session.commit()
    return row


def works_for(session: Session, organisation: Organisation, person: Person) -> Affiliation:
    row = Affiliation(
        key=new_key(), organisation_id=organisation.id, person_id=person.id, created_at=NOW
    )
    session.add(row)
    session.commit()
    return row


def contact(session: Session, organisation: Organisation, person: Person) -> Person:
    make_contact(session, key=organisation.key, person_id=person.id, actor=COMMAND_LINE, now=NOW)
    session.commit()
    return person


def link_of(session: Session, organisation: Organisation) -> str:
    """The path of a new link to take a seat."""
    seat_links.renew_link(session, organisation_key=organisation.key, by=DESK, now=NOW)
    session.commit()
    return open_url(session, organisation).removeprefix(site_of(session).base_url)
