"""An access request from question to answer: kept once, shared by a tick, answered honestly."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from netapp.events.models import Mode
from tests.browser.looking import STICKS_OUT
from tests.factories import make_coordinator, make_event, make_member
from tests.people.letters import last_letter

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


@pytest.fixture
def look(axe):
    """Nothing sticks out, axe finds nothing; with LOOK_AT set, a picture to look at."""
    folder, number = os.environ.get("LOOK_AT"), 0

    def _look(page: Page) -> None:
        nonlocal number
        number += 1
        if folder:
            page.screenshot(path=Path(folder) / f"{number:02}.png", full_page=True)
        assert (axe(page), page.evaluate(STICKS_OUT)) == ([], "")

    return _look


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_from_question_to_answer(session, browse, look, phone):
    amara = make_member(session, name="Amara Osei", email="amara@example.org")
    jo = make_coordinator(session, name="Jo Field", email="jo@example.org")
    event = make_event(session, slug="chaos", title="Chaos", mode=Mode.IN_PERSON)
    page, desk = browse(amara, phone=phone), browse(jo)

    page.goto("/account/access")
    page.get_by_text("British Sign Language (BSL) interpreter").click()
    page.get_by_label("Anything else that helps").fill("A seat in front")
    page.get_by_text("Vegan", exact=True).click()
    page.get_by_label("I agree that the network keeps this").check()
    page.get_by_role("button", name="Save what helps me").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    look(page)

    page.goto("/events/chaos")
    by = "Ask for a BSL interpreter or live captions by Wednesday 20 January 2027."
    expect(page.get_by_text(by).first).to_be_visible()
    expect(page.get_by_label("Share my access needs with this event")).not_to_be_checked()
    page.get_by_label("Share my access needs with this event").check()
    page.get_by_label("Share my dietary needs with this event").check()
    look(page)
    page.get_by_role("button", name="Confirm booking").click()
    expect(
        page.get_by_text("Asked. We are looking into it, and will write to you.")
    ).to_be_visible()
    booking = page.url
    look(page)

    desk.goto("/desk")
    request = desk.get_by_role("listitem").filter(has_text="1 request for an interpreter")
    request.get_by_role("link", name="Read and answer").click()
    expect(desk.get_by_text("A seat in front")).to_have_count(0)
    look(desk)
    desk.get_by_role("button", name="Show what they wrote").click()
    expect(desk.get_by_text("A seat in front")).to_be_visible()
    look(desk)
    desk.get_by_text("It is not possible", exact=True).click()
    desk.get_by_role("button", name="Answer Amara Osei").click()
    expect(desk.get_by_role("link", name="Write why it is not possible.")).to_be_visible()
    look(desk)
    desk.get_by_label("Your words to them").fill("Nobody is free that day. We caption it instead.")
    desk.get_by_role("button", name="Answer Amara Osei").click()
    expect(desk.get_by_text("Noted, and the person is told by email.")).to_be_visible()
    desk.get_by_role("button", name="Show the numbers").click()
    expect(desk.get_by_role("row", name="Vegan 1")).to_be_visible()
    expect(desk.get_by_text("Amara")).to_have_count(0)
    look(desk)

    session.expire_all()
    assert "Nobody is free that day. We caption it instead." in last_letter(session, amara.email)
    page.goto(booking)
    expect(page.get_by_text("Not possible this time.")).to_be_visible()
    expect(page.get_by_text("Nobody is free that day.")).to_be_visible()

    page.goto("/account/access")
    expect(page.get_by_role("link", name=event.title)).to_be_visible()
    page.get_by_role("button", name="Delete all of it").first.click()
    look(page)
    page.get_by_role("dialog").get_by_role("button", name="Delete all of it").click()
    expect(
        page.get_by_text("Deleted: what you kept here and 3 entries at 1 event.")
    ).to_be_visible()
    expect(page.get_by_text("You share nothing with any event.")).to_be_visible()
