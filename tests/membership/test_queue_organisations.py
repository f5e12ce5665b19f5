"""An organisation joins: it gets the membership, and whoever applied becomes its contact."""

from sqlalchemy import func, select

from netapp.membership.application_models import ApplicationState
from netapp.membership.models import Membership, Seat
from netapp.membership.queries.belonging import belongings
from netapp.membership.queries.kinds import find_kind
from netapp.organisations.models import Affiliation, Organisation
from netapp.people.models import Person
from tests.events.views.pages import words
from tests.factories import NOW, make_membership, make_organisation
from tests.membership.conftest import EMAIL, application_of
from tests.people.letters import last_letter, link_in

QUEUE = "/desk/membership/applications"


def test_a_new_organisation_gets_the_membership(session, applied, desk):
    made = applied("organisation", organisation="Hill Music Service")
    desk.open(f"{QUEUE}/{made.key}")
    assert "not in the register yet" in desk.text
    desk.send("/approve")
    organisation = session.scalars(select(Organisation)).one()
    assert organisation.name == "Hill Music Service"
    held = session.scalars(select(Membership)).one()
    assert (held.person_id, held.organisation_id) == (None, organisation.id)
    contact = session.scalars(select(Affiliation)).one()
    assert (contact.person_id, contact.is_contact, contact.role) == (
        made.person_id,
        True,
        "Singing leader",
    )
    assert session.scalars(select(Seat.person_id)).all() == [made.person_id]
    ways = belongings(session, made.person_id, at=NOW)
    assert [way.organisation for way in ways] == ["Hill Music Service"]
    assert "Hill Music Service is a member" in last_letter(session, EMAIL)


def test_one_of_the_register_is_found_by_its_name(session, applied, desk):
    known = make_organisation(session, name="Hill Music Service")
    made = applied("organisation", organisation="hill music service")
    desk.open(f"{QUEUE}/{made.key}")
    desk.send("/approve")
    assert session.scalars(select(Membership.organisation_id)).all() == [known.id]


def test_a_coordinator_says_which_organisation_was_meant(session, applied, desk):
    known = make_organisation(session, name="Hill Music Service")
    made = applied("organisation", organisation="HMS")
    desk.open(f"{QUEUE}/{made.key}")
    desk.send("/approve", organisation=known.key)
    assert session.scalars(select(Membership.organisation_id)).all() == [known.id]
    assert session.scalar(select(func.count()).select_from(Organisation)) == 1


def test_an_organisation_that_is_a_member_already(session, applied, desk):
    known = make_organisation(session, name="Hill Music Service")
    make_membership(session, organisation_id=known.id, kind="organisation")
    made = applied("organisation", organisation="Hill Music Service")
    desk.open(f"{QUEUE}/{made.key}")
    desk.send("/approve")
    assert "That organisation is a member already." in desk.text
    assert application_of(session).state is ApplicationState.WAITING


def test_own_membership_stays_when_the_organisation_joins(session, applied, desk):
    made = applied("organisation", organisation="Hill Music Service")
    make_membership(session, person_id=made.person_id)
    desk.open(f"{QUEUE}/{made.key}")
    desk.send("/approve")
    ways = belongings(session, made.person_id, at=NOW)
    assert [way.organisation for way in ways] == ["", "Hill Music Service"]


def test_what_joining_costs_and_what_comes_next_is_said_before_and_after(
    session, applied, priced, desk, as_person
):
    find_kind(session, "organisation").fee_pence = 12000
    made = applied("organisation", organisation="Hill Music Service")
    made.order_number = "PO-77"
    session.commit()
    assert "It costs £120 for each term." in words(last_letter(session, EMAIL))
    applicant = as_person(session.get_one(Person, made.person_id))
    applicant.open(f"/join/applications/{made.key}")
    assert "The invoice, with your order number PO-77, comes by email once" in applicant.text
    desk.open(f"{QUEUE}/{made.key}")
    assert "An invoice of £120 with their order number goes out by email." in desk.text
    desk.send("/approve")
    assert "Hill Music Service is a member now." in desk.text
    assert "Membership and seats of Hill Music Service" in desk.text
    told = last_letter(session, EMAIL)
    assert "You are its contact and have a seat in it." in told
    assert "more seats: give them to your people by name" in words(told)
    assert link_in(session, EMAIL) == "/account/organisations/hill-music-service"
    applicant.open("/account/membership")
    assert "Seats and contact of Hill Music Service" in applicant.text
    assert "To pay by 10 February 2027." in applicant.text
    assert "Your order number: PO-77" in applicant.text
