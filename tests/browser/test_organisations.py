"""A link to take a seat goes from the contact of an organisation to somebody new, on a phone; and
the pages of organisations hold whatever is written in them."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from netapp.membership.invoice_models import InvoiceDetails
from netapp.membership.models import MembershipKind, Seat
from netapp.membership.operations.invoice_mails import send_one
from netapp.membership.operations.kinds import load_kinds
from netapp.people.models import Person
from tests.browser.looking import sticks_out
from tests.browser.organisation_scenes import make_long_organisation
from tests.factories import NOW, make_coordinator, make_member, make_person
from tests.membership.seat_scenes import contact, make_member_organisation
from tests.organisations.scenes import make_register
from tests.people.letters import code_in, last_letter, letters_to

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

CLEO = "cleo@example.org"
ROSA = "rosa@example.org"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 700}


def live(session) -> int:
    return len(session.scalars(select(Seat.id).where(Seat.ended_at.is_(None))).all())


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_link_goes_round_and_somebody_new_takes_a_seat(session, browse, script):
    bury = make_member_organisation(session, seats=1)
    amina = contact(session, bury, make_person(session, name="Amina Okafor"))
    page = browse(amina, script=script)
    page.goto("/account/organisations")
    page.get_by_role("link", name="Seats and contact").click()
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_role("status").first).to_contain_text("Here is the link.")
    link = page.locator("[data-copy-text]").inner_text()
    path = "/" + link.split("/", 3)[3]

    cleo = browse(phone=True, script=script)
    cleo.goto(path)
    expect(cleo.get_by_role("heading", level=1)).to_have_text("A seat of Bury Music")
    cleo.get_by_role("link", name="I am new here").tap()
    cleo.get_by_label("Your name").fill("Cleo New")
    cleo.get_by_label("Email address").fill(CLEO)
    cleo.get_by_role("button", name="Email me a code").tap()
    expect(cleo.get_by_role("heading", level=1)).to_have_text("Check your email")
    cleo.get_by_label("Six-digit code").fill(code_in(session, CLEO))
    cleo.get_by_role("button", name="Make my account").tap()
    expect(cleo.get_by_role("heading", level=1)).to_have_text("A seat of Bury Music")
    assert live(session) == 0
    cleo.get_by_role("button", name="Take a seat").tap()
    expect(cleo.get_by_role("status").first).to_contain_text("You have a seat of Bury Music.")
    assert live(session) == 1

    late = browse(make_person(session), script=script)
    late.goto(path)
    expect(late.get_by_text("All 1 seat is taken.")).to_be_visible()
    expect(late.get_by_role("button", name="Take a seat")).to_have_count(0)

    page.reload()
    expect(page.get_by_text("Cleo New").first).to_be_visible()
    page.get_by_text("Pass this role on").click()
    page.locator("label", has_text="Cleo New").click()
    page.get_by_role("button", name="Make them the contact").click()
    expect(page.get_by_role("status").first).to_contain_text("The new contact is told by email.")
    cleo.goto("/account/organisations/bury-music")
    cleo.get_by_role("button", name="End this seat").tap()
    cleo.get_by_role("button", name="End the seat").tap()
    expect(cleo.get_by_role("status").first).to_contain_text("The seat has ended")
    assert live(session) == 0
    assert session.scalar(select(Person.name).where(Person.email == CLEO)) == "Cleo New"


def test_their_pages_hold_long_words_and_please_axe(session, browse, axe):
    make_register(session)
    amina = make_member(session, name="Amina Okafor")
    one = make_long_organisation(session, amina)
    desk, public = f"/desk/organisations/{one.key}", "/taking-off/organisations"
    walks = [
        (None, [public, f"{public}?q=nothing", f"{public}/{one.slug}", one.link, "/seats/x?key=x"]),
        (
            amina,
            [
                f"{public}/{one.slug}",
                "/account/organisations?q=music",
                f"/account/organisations/add/{one.other_key}",
                f"/account/organisations/at/{one.affiliation}",
                f"/account/organisations/{one.slug}",
            ],
        ),
        (
            make_coordinator(session),
            [
                "/desk/organisations",
                "/desk/organisations/new",
                desk,
                f"{desk}/people",
                f"{desk}/membership",
                f"{desk}/merge",
                f"{desk}/merge/{one.other_key}",
                one.link,
            ],
        ),
    ]
    found = []
    for person, paths in walks:
        page = browse(person)
        for path in paths:
            page.goto(path)
            page.set_viewport_size(WIDE)
            found += [f"{path}: {problem}" for problem in axe(page)]
            page.set_viewport_size(NARROW)
            found += [f"{path}: {problem}" for problem in [sticks_out(page)] if problem]
    assert found == []


def test_from_asking_to_join_to_an_end_that_is_undone(session, browse, axe):
    """An organisation joins on a phone and pays; somebody comes and goes; the desk ends it."""
    load_kinds(session)
    session.scalars(select(MembershipKind).filter_by(slug="organisation")).one().fee_pence = 12000
    session.add(InvoiceDetails(id=1, sender="The Network\n1 Hill Road", payment="By bank transfer"))
    session.commit()
    page = browse(phone=True)
    page.goto("/join/organisation")
    page.get_by_label("Your name").fill("Rosa Delgado")
    page.get_by_label("Email address").fill(ROSA)
    page.get_by_label("Name of the organisation").fill("Riverbend Arts")
    page.get_by_label("Your order number").fill("PO-77")
    page.get_by_role("button", name="Email me a code").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")
    page.get_by_label("Six-digit code").fill(code_in(session, ROSA))
    page.get_by_role("button", name="Confirm my address").tap()
    expect(page.get_by_text("The invoice, with your order number PO-77,")).to_be_visible()

    desk = browse(make_coordinator(session, name="Jo Field"))
    desk.goto("/desk")
    desk.get_by_role("link", name=re.compile("Read and answer.*Rosa Delgado")).click()
    expect(desk.get_by_text("An invoice of £120 with their order number")).to_be_visible()
    desk.get_by_role("button", name="Approve", exact=True).click()
    expect(desk.get_by_role("status")).to_contain_text("Riverbend Arts is a member now.")
    send_one(session, NOW)
    session.commit()
    assert letters_to(session, ROSA)[-2:] == ["membership/approved", "membership/invoice"]
    assert last_letter(session, ROSA).startswith("Hello Rosa Delgado,")

    page.goto("/account/membership")
    expect(page.get_by_text("To pay by 10 February 2027.")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download (PDF)").tap()
    assert saved.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_role("link", name="Seats and contact of Riverbend Arts").tap()
    page.get_by_role("button", name="Make a link").tap()
    expect(page.get_by_role("status").first).to_have_text("Here is the link.")
    assert axe(page) == []
    assert sticks_out(page) == ""
    link = page.locator("[data-copy-text]").inner_text()
    cleo = browse(make_person(session, name="Cleo New", email=CLEO), phone=True)
    cleo.goto("/" + link.split("/", 3)[3])
    cleo.get_by_role("button", name="Take a seat").tap()
    expect(cleo.get_by_role("link", name="I work at Riverbend Arts")).to_be_visible()
    cleo.get_by_role("button", name="Give it back").tap()
    cleo.get_by_role("button", name="Give the seat back").tap()
    expect(cleo.get_by_role("status").first).to_contain_text("You have given the seat back.")

    desk.goto("/desk/membership/invoices")
    desk.get_by_role("link", name="2027-0001").click()
    desk.get_by_role("button", name="Mark as paid").click()
    page.goto("/account/membership")
    expect(page.get_by_text("We had it on 11 January 2027.")).to_be_visible()
    desk.get_by_role("link", name="The membership of Riverbend Arts").click()
    desk.get_by_role("link", name="End it").click()
    expect(desk.get_by_text("Rosa Delgado gets a mail.")).to_be_visible()
    desk.get_by_label("Why it ends").fill("Wrong line")
    desk.get_by_role("button", name="End the membership").click()
    page.goto("/account/membership")
    expect(page.get_by_text("It is no member at the moment.")).to_be_visible()
    desk.get_by_role("button", name="Undo").click()
    expect(desk.get_by_role("status").first).to_contain_text("It goes on as before")
    page.goto("/account/membership")
    expect(page.get_by_text("It runs to 31 August 2027.")).to_be_visible()
    assert letters_to(session, ROSA)[-1] == "membership/goes_on"
