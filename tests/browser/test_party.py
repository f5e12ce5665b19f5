"""An organisation books five places; somebody else names the people by the link in the mail."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from netapp.events.models import Attendee
from tests.events.scenes import taken
from tests.factories import make_event
from tests.people.letters import last_letter, letters_to

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

ADA, SAM = "ada@example.org", "sam@example.org"


def link(session, email: str, path: str) -> str:
    """The link in the newest mail to this address that looks like this."""
    pattern = rf"https?://[^/\s]+(/bookings/[A-Z0-9-]+{path}\?key=\S+)"
    found = re.search(pattern, last_letter(session, email))
    assert found, f"no link like {path} in the mail"
    return found.group(1)


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_an_organisation_books_and_names_people_later(session, browse, script):
    event = make_event(session, title="Working With Chaos", capacity=8)
    page = browse(phone=True, script=script)
    page.goto(f"/events/{event.slug}")
    page.get_by_role("link", name="Book for several people").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Book for several people")
    page.get_by_label("How many places?").fill("5")
    page.get_by_label("Organisation").fill("Example School")
    page.get_by_label("Order number").fill("PO/123")
    page.get_by_label("I take one of the places myself").uncheck()
    page.get_by_label("Your name").fill("Ada Byron")
    page.get_by_label("Email address").fill(ADA)
    page.get_by_role("button", name="Confirm booking").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked, Ada")
    expect(page.get_by_text("5 places for Example School.")).to_be_visible()
    assert taken(session, event) == [5]
    assert letters_to(session, ADA) == ["events/booking_confirmed"]

    colleague = browse(script=script)
    colleague.goto(link(session, ADA, "/names"))
    expect(colleague.get_by_role("heading", level=1)).to_have_text("Who is coming?")
    people = colleague.get_by_role("group")
    people.nth(0).get_by_label("Name").fill("Sam Okoro")
    people.nth(0).get_by_label("Email address").fill(SAM)
    people.nth(1).get_by_label("Name").fill("Kim Lee")
    colleague.get_by_role("button", name="Keep these names").click()
    expect(colleague.get_by_role("status").first).to_contain_text("That is kept.")
    expect(colleague.get_by_text("3 people are not named yet.")).to_be_visible()
    names = select(Attendee.name).order_by(Attendee.id)
    assert list(session.scalars(names)) == ["Sam Okoro", "Kim Lee", "", "", ""]

    sam = browse(phone=True, script=script)
    assert letters_to(session, SAM) == ["events/place_given"]
    sam.goto(link(session, SAM, "/places/[a-z0-9]+"))
    expect(sam.get_by_role("heading", level=1)).to_have_text("Your place, Sam")
    expect(sam.get_by_text("Booked for you by Ada Byron, Example School.")).to_be_visible()
    sam.get_by_text("I cannot come: hand the place back").tap()
    sam.get_by_role("button", name="Hand it back").tap()
    expect(sam.get_by_role("heading", level=1)).to_have_text("Thank you for telling us")
    assert letters_to(session, ADA)[-1] == "events/place_handed_back"

    page.goto(link(session, ADA, ""))
    expect(page.get_by_text("4 people are not named yet.").first).to_be_visible()
    page.get_by_text("Give back this place").last.tap()
    page.get_by_role("button", name="Give it back").last.tap()
    expect(page.get_by_role("status").first).to_contain_text("The place is given back.")
    assert taken(session, event) == [4]
