"""Passkeys in a real browser, with an authenticator that Chromium plays (WebDriver, section 11 of
WebAuthn): added, used as a second step, to sign in, and once more before what is grave."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import CDPSession, Page, expect
from sqlalchemy import select

from netapp.people import passwords
from netapp.people.models import Passkey, PasskeyChallenge, Person, SignIn
from tests.browser.looking import sticks_out
from tests.factories import NOW, make_coordinator, make_person
from tests.people.apps import code_at
from tests.people.letters import last_letter

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

PASSWORD = "wren marble kettle"
HASH = passwords.hashed(PASSWORD)
A_PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
A_KEY_WITHOUT_PIN = {
    "protocol": "u2f",
    "transport": "usb",
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def named(app, address, session, monkeypatch) -> str:
    """The same server at a host with a name: passkeys know no numbers."""
    base = address.replace("127.0.0.1", "localhost")
    site = replace(app.extensions["site"], base_url=base)
    monkeypatch.setitem(app.extensions, "site", site)
    monkeypatch.setitem(session.info, "site", site)
    return str(base)


@pytest.fixture
def amara(session) -> Person:
    return make_person(session, name="Amara Osei", email="amara@example.org", password_hash=HASH)


def plug_in(page: Page, what: dict[str, object] = A_PHONE) -> CDPSession:
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": what})
    return cdp


def give_password(page: Page, base: str, email: str = "amara@example.org") -> None:
    page.goto(f"{base}/sign-in")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_passkey(page: Page, base: str, name: str = "My phone") -> None:
    page.goto(f"{base}/account/security")
    page.get_by_label("Name of the passkey").fill(name)
    page.get_by_role("button", name="Add a passkey").click()


def sign_out(page: Page, base: str) -> None:
    page.goto(f"{base}/account")
    page.get_by_role("button", name="Sign out").first.click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_from_adding_it_to_signing_in_with_it(session, browse, named, amara, axe):
    page = browse(phone=True)
    plug_in(page)
    give_password(page, named)
    expect(page).to_have_url(f"{named}/account")
    add_passkey(page, named)
    expect(page.get_by_role("heading", level=1)).to_have_text("My recovery codes")
    assert axe(page) == []
    assert sticks_out(page) == ""
    expect(page.locator("ol.codes li")).to_have_count(10)
    page.get_by_role("link", name="I have them, go on").click()
    expect(page.get_by_role("heading", name="My phone")).to_be_visible()
    assert axe(page) == []
    assert sticks_out(page) == ""
    assert "A passkey was added." in last_letter(session, amara.email)

    sign_out(page, named)
    page.goto(f"{named}/sign-in?next=/account/details")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{named}/account/details")

    sign_out(page, named)
    give_password(page, named)
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
    assert axe(page) == []
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{named}/account")
    kept = session.scalars(select(Passkey)).one()
    assert (kept.name, kept.last_used_at, kept.sign_count > 1) == ("My phone", NOW, True)
    assert session.scalars(select(PasskeyChallenge.id)).all() == []


@pytest.mark.one_database
def test_before_what_is_grave(session, browse, named, at):
    jo = make_coordinator(session, name="Jo Field", email="jo@example.org", password_hash=HASH)
    page = browse()
    plug_in(page)
    give_password(page, named, jo.email)
    page.get_by_label("Code").fill(code_at())
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{named}/desk")
    add_passkey(page, named)
    expect(page.get_by_role("heading", level=1)).to_have_text("My recovery codes")
    before = session.scalars(select(SignIn.token_hash)).one()
    with at(NOW + timedelta(minutes=11)):
        page.goto(f"{named}/account/security/app")
        expect(page.get_by_role("heading", level=1)).to_have_text("Show that it is you")
        page.get_by_role("button", name="Use a passkey").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("How I sign in")
    session.expire_all()
    assert session.scalars(select(SignIn.token_hash)).one() != before, "a new token"


@pytest.mark.one_database
def test_asked_for_again_the_button_leads_to_the_page_that_asks(browse, named, amara, at):
    page = browse()
    plug_in(page)
    give_password(page, named)
    page.goto(f"{named}/account/security")
    with at(NOW + timedelta(minutes=11)):
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Show that it is you")
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        expect(page).to_have_url(f"{named}/account/security")


@pytest.mark.one_database
def test_a_key_that_verifies_nobody_is_a_second_step_and_no_more(browse, named, amara):
    page = browse()
    cdp = plug_in(page, A_KEY_WITHOUT_PIN)
    give_password(page, named)
    add_passkey(page, named, "Key ring")
    expect(page.get_by_role("heading", level=1)).to_have_text("My recovery codes")
    sign_out(page, named)
    give_password(page, named)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{named}/account")
    cdp.detach()


@pytest.mark.one_database
def test_who_cancels_is_told_and_can_try_again(browse, named, amara):
    page = browse()
    cdp = plug_in(page, {**A_PHONE, "isUserVerified": False})
    page.goto(f"{named}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("That was cancelled, or took too long.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()
    cdp.detach()


@pytest.mark.one_database
def test_without_script_the_page_says_to_use_a_code(session, browse, named, amara):
    session.add(
        Passkey(
            key="k" * 12,
            person_id=amara.id,
            name="My phone",
            credential_id=b"c",
            public_key=b"p",
            created_at=NOW,
        )
    )
    session.commit()
    page = browse(script=False)
    give_password(page, named)
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    expect(
        page.get_by_text("Your passkey does not work in this browser. Use a code.")
    ).to_be_visible()


@pytest.mark.one_database
def test_at_a_number_the_page_names_the_address_that_works(browse, address, named, amara):
    page = browse()
    page.goto(f"{address}/sign-in")
    expect(page.get_by_role("link", name=f"open {named}")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
