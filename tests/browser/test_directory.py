"""Somebody says who sees them, and is found or not; on a phone, by keyboard, with and without
script, with long names and with nothing in it."""

import pytest
from playwright.sync_api import Page, expect

from netapp.people.models import Person
from netapp.vocabulary.operations import load_terms
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.directory_scenes import make_long_entry
from tests.browser.looking import sticks_out, tab_to
from tests.directory.scenes import make_listed
from tests.factories import NOW, make_coordinator, make_member, make_membership, make_person

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


@pytest.fixture
def amara(session) -> Person:
    load_terms(session, now=NOW)
    return make_member(session, name="Amara Osei", email="amara@example.org")


def is_found(page: Page, words: str) -> bool:
    page.goto("/directory")
    page.get_by_label("Name or words").fill(words)
    page.get_by_role("button", name="Search").click()
    return page.get_by_role("link", name="Amara Osei").count() == 1


@pytest.mark.parametrize("script", [True, False])
def test_set_privacy_and_be_found_or_not(session, browse, amara, script):
    """Asked on My page; found by what is shown, not by what is hidden; gone again."""
    other = browse(make_member(session, name="Sam Okoro"), script=script)
    assert not is_found(other, "amara")
    page = browse(amara, phone=True, script=script)
    page.goto("/account")
    page.get_by_role("link", name="Write my profile").click()
    page.get_by_text("Yes, for members", exact=True).click()
    page.get_by_label("What you do", exact=False).first.fill("Harp teacher")
    page.get_by_label("About you and your work").fill("I know the moon landing by heart.")
    page.get_by_label("Who sees the words about you").select_option("Nobody but me")
    page.locator("summary", has_text="Needs you work with").click()
    page.get_by_label("Mental health").check()
    page.get_by_role("button", name="Save my profile").click()
    expect(page.get_by_text("Members find you in the directory.")).to_be_visible()
    assert is_found(other, "harp")
    assert is_found(other, "mental health")
    assert not is_found(other, "moon landing")
    page.get_by_role("link", name="See it as a member").click()
    expect(page.get_by_text("Harp teacher")).to_be_visible()
    expect(page.get_by_text("moon landing")).to_have_count(0)
    page.goto("/account/profile")
    page.get_by_text("No, I am not in the directory", exact=True).click()
    page.get_by_role("button", name="Save my profile").click()
    expect(page.get_by_text("You are not in the directory.")).to_be_visible()
    assert not is_found(other, "harp")


def test_filters_are_a_sheet_on_a_phone(session, browse, amara):
    make_listed(session, "Zoë Long", terms=("send", "genre-jazz"))
    make_listed(session, "Sam Okoro", terms=("mental-health",))
    page = browse(amara, phone=True)
    page.goto("/directory")
    expect(page.get_by_text("2 people")).to_be_visible()
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Jazz").check()
    page.get_by_role("button", name="Show people").click()
    expect(page.get_by_role("heading", name="1 person of 2")).to_be_visible()
    page.get_by_role("link", name="Jazz").click()
    expect(page.get_by_role("heading", name="2 people")).to_be_visible()


def test_by_keyboard_alone(session, browse, amara):
    make_listed(session, "Zoë Long")
    page = browse(amara)
    page.goto("/directory")
    tab_to(page, "Name or words")
    page.keyboard.type("zoe")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/directory?q=zoe")
    tab_to(page, "Zoë Long")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zoë Long")
    tab_to(page, "Write to Zoë")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Write to Zoë Long")
    tab_to(page, "Your message")
    page.keyboard.type("Hello Zoë")
    tab_to(page, "Send the message")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your message is on its way to Zoë Long.")).to_be_visible()


def make_everything(session, amara) -> dict[Person | None, list[str]]:
    """Who opens which pages."""
    listed = make_long_entry(session, amara)
    young = make_person(session, name="Ada Young")
    make_membership(session, person_id=young.id, kind="young-member")
    coordinator = make_coordinator(session, name="Jo Field")
    path, message = f"/directory/{listed.slug}", f"/account/messages/{listed.message}"
    desk, on_desk = "/desk/directory", f"/desk/directory/people/{listed.person.key}"
    return {
        None: [path],
        make_person(session): ["/directory"],
        young: ["/account/profile"],
        listed.person: ["/account", "/account/profile", "/account/profile/preview?as=public"],
        amara: [
            *("/account", "/directory", "/directory?need=send&genre=genre-jazz"),
            *("/directory?q=nobody-like-this", path, f"{path}/message", "/account/profile"),
            *("/account/messages", message, f"{message}/report"),
        ],
        coordinator: [
            *(desk, f"{desk}/rules/phone", f"{desk}/reports/{listed.reported}"),
            *(on_desk, f"{on_desk}/lock/phone"),
        ],
    }


def test_every_page_of_it(session, browse, amara, axe):
    found = []
    for person, paths in make_everything(session, amara).items():
        page = browse(person)
        for path in paths:
            page.goto(path)
            found += looked_at(page, axe)
    assert "\n".join(found) == ""


def test_what_went_wrong_is_said_first(session, browse, amara, axe):
    page = browse(amara, phone=True)
    page.goto("/account/profile")
    page.get_by_label("Website").first.fill("not a website")
    page.get_by_role("button", name="Save my profile").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert looked_at(page, axe) == []
    page.get_by_role("link", name="Enter the address of a website").click()
    expect(page.locator("#website")).to_be_focused()


def looked_at(page: Page, axe) -> list[str]:
    found = []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        found += [f"{page.url}: {words}" for words in axe(page)]
        found += [f"{page.url}: {words}" for words in [sticks_out(page)] if words]
    return found
