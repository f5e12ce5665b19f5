"""Somebody sees what is kept of them, takes it along and closes their account, on a phone."""

import json

import pytest
from playwright.sync_api import Page, expect

from netapp.people import passwords
from netapp.people.access import Told
from netapp.people.models import Person, ProfileKind
from netapp.people.operations.access import keep_profile
from tests.browser.looking import sticks_out
from tests.directory.scenes import make_profile, path_of
from tests.events.scenes import book, states
from tests.factories import NOW, make_event, make_member
from tests.people.letters import code_in, last_letter, letters_to

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

AMARA = "amara@example.org"
PASSWORD = "wren marble kettle"
HASH = passwords.hashed(PASSWORD)


@pytest.fixture
def amara(session) -> Person:
    """A member whom others find, who told what helps her and has one of the places there are."""
    amara = make_member(session, name="Amara Osei", email=AMARA, password_hash=HASH)
    make_profile(session, amara, role="Harp teacher")
    told = Told(("captions",), "a seat by the door")
    keep_profile(
        session, person_id=amara.id, kind=ProfileKind.ACCESS, told=told, seen_version=0, now=NOW
    )
    session.commit()
    return amara


def head(page: Page):
    return expect(page.get_by_role("heading", level=1))


def finds(page: Page, words: str) -> bool:
    page.goto("/directory")
    page.get_by_label("Name or words").fill(words)
    page.get_by_role("button", name="Search").click()
    return page.get_by_role("link", name="Amara Osei").count() == 1


def sign_in_by_code(session, page: Page) -> None:
    page.get_by_label("Email address").fill(AMARA)
    page.get_by_role("button", name="Email me a code").tap()
    head(page).to_have_text("Check your email")
    page.get_by_label("Code").fill(code_in(session, AMARA))
    page.get_by_role("button", name="Sign in").tap()


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_takes_everything_along_and_closes_the_account(session, browse, axe, amara, script):
    event = make_event(session, title="Songs for the ward", capacity=1)
    booking = book(session, event, 0, person=amara)
    sam = make_member(session, name="Sam Okoro")
    waits = book(session, event, 0, person=sam)
    other = browse(sam, script=script)
    entry = path_of(session, amara)
    assert finds(other, "harp")
    page = browse(phone=True, script=script)
    page.goto("/account/privacy")
    sign_in_by_code(session, page)

    head(page).to_have_text("My data and privacy")
    expect(page.get_by_role("heading", name="Keeping what helps you take part")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download it (JSON)").tap()
    assert saved.value.suggested_filename == "my-data-2027-01-11.json"
    copy = saved.value.path().read_text("utf-8")
    assert json.loads(copy)["about"] == AMARA
    for kept in ("Harp teacher", "a seat by the door", "Songs for the ward", "Live captions"):
        assert kept in copy
    page.get_by_role("link", name="Read all of it").tap()
    head(page).to_have_text("All we hold about me")
    expect(page.get_by_text("a seat by the door")).to_be_visible()
    page.get_by_role("link", name="My data and privacy").first.tap()

    page.get_by_role("link", name="Close my account").tap()
    head(page).to_have_text("Close my account")
    becomes = page.get_by_role("row").filter(has_text="You")
    expect(becomes.first).to_contain_text("So that the numbers of past events stay true.")
    page.get_by_role("button", name="Close my account").tap()
    expect(page.locator("#error-summary")).to_contain_text("Tick this if you are sure.")
    assert states(session, booking) == ["confirmed"]
    if script:
        assert axe(page) == []
        assert sticks_out(page) == ""
    page.get_by_label("Close my account for good").check()
    page.get_by_role("button", name="Close my account").tap()
    head(page).to_have_text("Your account is closed")

    page.goto("/account/privacy")
    head(page).to_have_text("Sign in")
    page.get_by_label("Email address").fill(AMARA)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).tap()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("button", name="Email me a code").tap()
    head(page).to_have_text("Check your email")
    # That place given back, and goodbye; the code above is forgotten, and there is no other.
    assert letters_to(session, AMARA) == ["events/booking_cancelled", "privacy/closed"]
    farewell = last_letter(session, AMARA)
    assert "Your account is closed. You are signed out everywhere" in farewell
    assert "- You: Stays without your name. So that the numbers of past events" in farewell

    assert not finds(other, "harp")
    assert not finds(other, "amara")
    assert other.goto(entry).status == 404
    assert states(session, waits) == ["offered"]
