"""Signing in by code and by password, signing out, and where one is led."""

from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from netapp.people import passwords
from netapp.people.models import Person
from tests.factories import make_coordinator, make_event, make_person
from tests.people.apps import code_at
from tests.people.letters import code_in

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PASSWORD = "wren marble kettle"
HASH = passwords.hashed(PASSWORD)

# What browsers turn into another host: slashes that count double, backslashes that count as
# slashes, and tabs and line breaks that do not count at all (URL Standard, 4.4 URL parsing).
HOSTILE = (
    "//evil.example",
    "///evil.example/events",
    "/\\evil.example",
    "\\\\evil.example",
    "/%5cevil.example",
    "/%09/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "https://evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/.//evil.example",
    "/@evil.example//",
)

TYPE_NEXT = """(next) => {
  const field = document.createElement("input");
  Object.assign(field, {type: "hidden", name: "next", value: next});
  document.querySelector("form[action='/sign-in']").append(field);
}"""


@pytest.fixture
def amara(session) -> Person:
    return make_person(session, name="Amara Osei", email="amara@example.org", password_hash=HASH)


def sign_in(page: Page, email: str = "amara@example.org", password: str = PASSWORD) -> None:
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_by_a_code_pasted_with_its_space(session, browse, amara):
    page = browse(phone=True)
    page.goto("/sign-in")
    page.get_by_label("Email address").fill(amara.email)
    page.get_by_role("button", name="Email me a code").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your email")

    code = code_in(session, amara.email)
    field = page.get_by_label("Code")
    field.focus()
    page.keyboard.insert_text(f"{code[:3]} {code[3:]}")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/account")
    expect(page.get_by_text("Amara Osei").first).to_be_visible()


def test_a_wrong_code_says_so_and_the_right_one_still_works(session, browse, amara):
    page = browse()
    page.goto("/sign-in?next=/events/past")
    page.get_by_label("Email address").fill(amara.email)
    page.get_by_role("button", name="Email me a code").click()
    code = code_in(session, amara.email)
    page.get_by_label("Code").fill("000000" if code != "000000" else "111111")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url("/events/past")


def test_by_password_and_out_again(browse, amara):
    page = browse()
    page.goto("/account/bookings")
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("My bookings")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.goto("/account/bookings")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_wrong_password_keeps_the_address_and_takes_the_focus(browse, amara):
    page = browse(phone=True)
    page.goto("/sign-in")
    sign_in(page, password="kettle marble wren")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Email address")).to_have_value("amara@example.org")
    expect(page).to_have_title("Error: Sign in – Music and Social Justice Network")


def test_return_in_the_password_signs_in(browse, amara):
    page = browse()
    page.goto("/sign-in")
    page.get_by_label("Email address").fill(amara.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    expect(page.get_by_role("link", name="Amara")).to_be_visible()


def test_back_after_signing_out_shows_nothing_of_before(browse, amara):
    page = browse()
    page.goto("/sign-in")
    sign_in(page)
    page.goto("/account/details")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_coordinators_are_led_to_the_desk(session, browse):
    make_coordinator(session, email="jo@example.org", password_hash=HASH)
    page = browse()
    page.goto("/sign-in")
    sign_in(page, "jo@example.org")
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
    code = code_at()
    page.get_by_label("Code").focus()
    page.keyboard.insert_text(f"{code[:3]} {code[3:]}")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/desk")


def test_hostile_targets_stay_on_this_site(browse, address, amara):
    page = browse()
    for target in HOSTILE:
        page.goto("/sign-in")
        page.evaluate(TYPE_NEXT, target)
        sign_in(page)
        page.wait_for_url(lambda url: "/sign-in" not in url)
        assert urlsplit(page.url)[:2] == urlsplit(address)[:2], repr(target)


def test_hostile_links_to_the_page_stay_on_this_site(browse, address, amara):
    page = browse()
    for target in HOSTILE[:8:2]:
        page.goto(f"/sign-in?{urlencode({'next': target})}")
        sign_in(page)
        page.wait_for_url(lambda url: "/sign-in" not in url)
        assert urlsplit(page.url)[:2] == urlsplit(address)[:2], repr(target)


def test_display_settings_hold_on_every_page_and_lead_back(session, browse):
    event = make_event(session)
    page = browse(phone=True)
    page.goto(f"/events/{event.slug}")
    designed = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    page.get_by_role("link", name="Change text size and colours").tap()
    page.get_by_text("Largest", exact=True).tap()
    page.get_by_text("Calm: softer colours").tap()
    page.get_by_role("button", name="Use these settings").tap()
    expect(page).to_have_url(f"/events/{event.slug}")
    root = page.locator("html")
    expect(root).to_have_attribute("data-text", "xl")
    expect(root).to_have_attribute("data-look", "calm")
    larger = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    assert larger / designed == pytest.approx(1.3)
    page.goto("/events")
    expect(root).to_have_attribute("data-text", "xl")
