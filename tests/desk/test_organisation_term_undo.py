"""The membership of an organisation, ended by mistake on the desk, goes on as it was."""

from datetime import date

import pytest
from sqlalchemy import select

from netapp.membership.invoice_models import Invoice
from netapp.membership.models import Membership
from netapp.membership.queries.belonging import is_current
from tests.factories import NOW, make_coordinator, make_membership, make_person
from tests.membership.seat_scenes import contact, make_member_organisation, seat
from tests.people.letters import last_letter, letters_to

AMINA = "amina@example.org"


@pytest.fixture
def bury(session):
    bury = make_member_organisation(session, ends_on=date(2027, 8, 31))
    contact(session, bury, make_person(session, name="Amina Okafor", email=AMINA))
    return bury


@pytest.fixture
def desk(session, as_person):
    return as_person(make_coordinator(session, name="Jo Field"))


def end(session, desk, bury):
    """The path of its page, after its one term was ended there."""
    here = f"/desk/organisations/{bury.key}/membership"
    (key,) = session.scalars(select(Membership.key)).all()
    desk.open(f"/desk/membership/terms/{key}/end")
    desk.send("/end", reason="Wrong line")
    return here


def terms(session):
    session.rollback()
    columns = Membership.key, Membership.starts_on, Membership.ends_on, Membership.rights_until
    return [tuple(row) for row in session.execute(select(*columns, Membership.ended_early))]


def test_it_is_as_before_with_its_seats_and_the_contacts_are_told(session, desk, bury):
    ben = make_person(session, name="Ben Adeyemi")
    seat(session, bury, ben)
    before = terms(session)
    end(session, desk, bury)
    assert not is_current(session, ben.id, at=NOW)
    assert "Membership (Organisation): ended." in desk.text
    assert letters_to(session, ben.email) == ["membership/through_ended"]
    assert "You are welcome to join by yourself." in last_letter(session, ben.email)
    desk.send("/undo")
    assert "It goes on as before, and whoever was told of the end gets a mail." in desk.text
    assert "Membership (Organisation): ended." not in desk.text
    assert terms(session) == before
    assert is_current(session, ben.id, at=NOW)
    assert letters_to(session, AMINA)[-2:] == ["membership/ended", "membership/goes_on"]
    assert letters_to(session, ben.email)[1:] == ["membership/through_again"]
    assert "You belong through Bury Music." in last_letter(session, ben.email)
    assert "it goes on as before, to 31 August 2027." in last_letter(session, AMINA)
    assert "Undid that Jo Field ended the membership of Bury Music." in desk.open("/desk/log").text


def test_one_that_has_not_lasted_a_day_comes_back_with_its_invoice(session, desk, bury):
    held = session.scalars(select(Membership)).one()
    held.starts_on = NOW.date()
    session.add(
        Invoice(key="invoice", year=2027, sequence=1, membership_id=held.id, name="Bury Music",
                email=AMINA, words="A term", pence=3000, sender="Us", payment="Bank",
                issued_on=NOW.date(), due_on=date(2027, 2, 4))
    )  # fmt: skip
    session.commit()
    before, of = terms(session), select(Invoice.membership_id)
    numbers = session.scalars(of).all()
    end(session, desk, bury)
    assert (terms(session), session.scalars(of).all()) == ([], [None])
    desk.send("/undo")
    assert (terms(session), session.scalars(of).all()) == (before, numbers)


def test_not_where_it_was_given_another_term_since(session, desk, bury):
    here = end(session, desk, bury)
    make_membership(
        session, organisation_id=bury.id, kind="organisation", starts_on=NOW.date(), ends_on=None
    )
    desk.open(here)
    desk.send("/undo")
    assert "member on those days already" in desk.text
    assert len([row for row in terms(session) if row[-1]]) == 1
    assert letters_to(session, AMINA)[-1] == "membership/ended"


def test_a_change_of_another_organisation_is_not_found(session, desk, bury):
    end(session, desk, bury)
    other = make_member_organisation(session, name="Leeds Music")
    form = desk.form("/undo")
    action = form.action.replace(bury.key, other.key)
    assert desk.client.post(action, data=dict(form.fields)).status_code == 404
