"""An invoice for a membership that a coordinator gave."""

from datetime import date

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.membership.errors import InvoiceStands
from netapp.membership.invoice_models import Invoice
from netapp.membership.operations import invoicing
from netapp.membership.queries.kinds import find_kind
from tests.events.views.pages import words
from tests.factories import NOW, make_membership, make_organisation, make_person
from tests.membership.conftest import JO
from tests.membership.test_invoices import EMAIL, send_all
from tests.people.letters import letters_to

LIST = "/desk/membership/invoices"


@pytest.fixture
def given(session, priced):
    person = make_person(session, name="Amina Okafor", email=EMAIL)
    return make_membership(
        session,
        person_id=person.id,
        kind="associate",
        starts_on=date(2027, 1, 11),
        ends_on=date(2028, 1, 10),
    )


def write(session, given, pence=2550):
    return invoicing.issue_by_hand(
        session, membership=given.key, pence=pence, order_number="", actor=JO, now=NOW
    )


def test_it_is_written_from_the_list_with_what_was_agreed(session, desk, given):
    desk.open(LIST)
    assert "given by hand, or before there was a fee" in desk.text
    desk.open(f"{LIST}/for/{given.key}")
    assert dict(desk.form(given.key).fields)["amount"] == "25.50"
    assert f"Amina Okafor, {EMAIL}" in desk.text
    assert desk.send(given.key, amount="0").status_code == 422
    desk.send(given.key, amount="20", order_number="PO-77")
    one = session.scalars(select(Invoice)).one()
    assert (one.pence, one.order_number, one.membership_id) == (2000, "PO-77", given.id)
    assert one.words == "Associate membership, 11 January 2027 to 10 January 2028"
    assert desk.path == f"{LIST}/{one.key}"
    assert (send_all(session), letters_to(session, EMAIL)) == (1, ["membership/invoice"])
    assert "Wrote invoice 2027-0001 of £20.00 to Amina Okafor." in session.scalars(
        select(AuditLine.summary)
    )
    desk.open(LIST)
    assert "given by hand, or before there was a fee" not in desk.text


def test_one_stands_for_a_term_until_it_is_taken_back(session, desk, given):
    first = write(session, given)
    with pytest.raises(InvoiceStands):
        write(session, given)
    session.commit()
    desk.open(f"{LIST}/for/{given.key}")
    assert desk.path == f"{LIST}/{first.key}"
    invoicing.cancel(session, key=first.key, version=1, reason="Wrong sum.", actor=JO, now=NOW)
    assert write(session, given, 1000).number == "2027-0003"  # After the credit note.


def test_making_an_organisation_a_member_leads_to_its_invoice(session, desk, priced):
    kind = find_kind(session, "organisation")
    kind.fee_pence = 12000
    session.commit()
    one = make_organisation(session, name="Bury Music")
    desk.open(f"/desk/organisations/{one.key}/membership")
    desk.send("/membership", kind="organisation")
    assert "Bury Music is a member." in desk.text
    assert "It goes to us: nobody is there to write to" in words(desk.text)
    assert dict(desk.form(desk.path).fields)["amount"] == "120.00"


def test_making_somebody_a_member_by_hand_leads_to_their_invoice(session, desk, priced):
    person = make_person(session, name="Ben Ode")
    desk.open(f"/desk/people/{person.key}")
    desk.send("/memberships", kind="associate")
    assert "Write an invoice for Ben Ode" in words(desk.text)
