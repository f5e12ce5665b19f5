"""What the desk says of a person's membership, and how it is given and ended by hand."""

from datetime import date

import pytest
from sqlalchemy import select

from netapp.membership.invoice_models import Invoice
from netapp.membership.models import Membership
from netapp.membership.operations.kinds import load_kinds
from tests.factories import (
    make_coordinator,
    make_guest,
    make_member,
    make_membership,
    make_person,
)
from tests.membership.seat_scenes import make_member_organisation, seat
from tests.people.letters import last_letter, letters_to


@pytest.fixture
def desk(session, as_person):
    return as_person(make_coordinator(session))


def test_a_seat_is_said_before_the_form_which_stands_folded(session, desk):
    amina = make_person(session, name="Amina Okafor", email="amina@example.org")
    organisation = make_member_organisation(session)
    seat(session, organisation, amina)
    page = desk.open(f"/desk/people/{amina.key}").text
    link = f'<a href="/desk/organisations/{organisation.key}/membership">Bury Music</a>'
    assert f"Member through {link}" in page
    assert "Not a member so far" not in page
    assert "<details>\n    <summary>Make Amina a member by themselves, too<" in page


def test_a_member_without_an_account_is_no_guest(session, desk):
    member = make_guest(session, name="Amina Okafor", email="amina@example.org")
    make_membership(session, person_id=member.id)
    assert "Guest" not in desk.open(f"/desk/people/{member.key}").text
    row = desk.open("/desk/people?q=Amina").text.partition("<tbody>")[2]
    assert "No account yet" in row
    assert "Guest<" not in row


@pytest.mark.parametrize(
    ("sent", "last_day"),
    [
        ({}, date(2027, 8, 31)),
        ({"kind": "associate", "starts_on": "2027-02-01"}, date(2028, 1, 31)),
        ({"kind": "wider-community"}, None),
        ({"ends_on": ""}, None),
        ({"ends_on": "2027-03-31"}, date(2027, 3, 31)),
    ],
)
def test_a_term_is_as_long_as_its_kind_says_unless_somebody_changes_it(
    session, desk, sent, last_day
):
    load_kinds(session)
    amina = make_person(session, name="Amina Okafor", email="amina@example.org")
    desk.open(f"/desk/people/{amina.key}")
    desk.send(f"/{amina.key}/memberships", sent)
    assert session.scalar(select(Membership.ends_on)) == last_day
    assert letters_to(session, amina.email) == ["membership/given"]


def test_ending_says_first_what_ends_then_why_and_can_be_undone(session, desk):
    amina = make_member(session, name="Amina Okafor", email="amina@example.org")
    seat(session, make_member_organisation(session), amina)
    held = session.scalars(select(Membership).where(Membership.person_id == amina.id)).one()
    add_invoice(session, held)
    end = f"/desk/membership/terms/{held.key}/end"
    assert f'href="{end}"' in desk.open(f"/desk/people/{amina.key}").text
    desk.open(end)
    assert "Amina Okafor gets a mail." in desk.text
    assert "They stay a member through Bury Music." in desk.text
    assert "Invoice 2027-0001</a>, £30, stays open." in desk.text
    assert desk.send(end, reason="").status_code == 422
    assert is_ended(session, held) is False
    desk.send(end, reason="Moved abroad")
    assert is_ended(session, held) is True
    assert "Moved abroad" in last_letter(session, amina.email)
    assert "Membership (Core member): ended." in desk.text
    desk.send("/undo")
    assert is_ended(session, held) is False


def is_ended(session, held):
    return session.scalar(select(Membership.ended_early).where(Membership.id == held.id))


def add_invoice(session, held):
    session.add(
        Invoice(key="invoice", year=2027, sequence=1, membership_id=held.id, name="Amina Okafor",
                email="amina@example.org", words="A term", pence=3000, sender="Us",
                payment="Bank", issued_on=date(2027, 1, 4), due_on=date(2027, 2, 4))
    )  # fmt: skip
    session.commit()
