"""Somebody joins on a phone, is approved, and renews; by keyboard, without script, seen by axe."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from netapp.membership.models import Membership
from netapp.membership.operations.applying import Answers, apply
from netapp.membership.operations.kinds import load_kinds
from netapp.people.models import Person
from tests.browser.looking import sticks_out, tab_to
from tests.factories import NOW, make_coordinator, make_membership, make_person
from tests.people.letters import code_in, letters_to, link_in

pytestmark = pytest.mark.browser

AMINA = "amina@example.org"
RITA = "rita@example.org"


@pytest.fixture(autouse=True)
def kinds(session) -> None:
    load_kinds(session)
    session.commit()


def head(page: Page):
    return expect(page.get_by_role("heading", level=1))


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_joins_is_approved_and_renews(session, browse, script):
    page = browse(phone=True, script=script)
    page.goto("/join")
    page.get_by_role("link", name="Join as core member").tap()
    page.get_by_label("Your name").fill("Amina Okafor")
    page.get_by_label("Email address").fill(AMINA)
    page.get_by_label("What you do").fill("Singing leader")
    page.get_by_role("button", name="Email me a code").tap()
    head(page).to_have_text("Check your email")
    page.get_by_label("Six-digit code").fill(code_in(session, AMINA))
    page.get_by_role("button", name="Confirm my address").tap()
    head(page).to_have_text("Thank you: we have your application")
    page.get_by_label("Their name").fill("Rita Reed")
    page.get_by_label("Their email address").fill(RITA)
    page.get_by_role("button", name="Ask them").tap()
    expect(page.get_by_role("status")).to_contain_text("We have written to them.")

    referee = browse(phone=True, script=script)
    referee.goto(link_in(session, RITA))
    referee.get_by_text("Yes, I know their work").tap()
    referee.get_by_label("Anything you want to add").fill("A fine musician.")
    referee.get_by_role("button", name="Send my answer").tap()
    head(referee).to_have_text("Thank you")

    desk = browse(make_coordinator(session, name="Jo Field"), script=script)
    desk.goto("/desk")
    desk.get_by_role("link", name=re.compile("Read and answer.*Amina Okafor")).click()
    expect(desk.get_by_text("A fine musician.").first).to_be_visible()
    desk.get_by_label("A word of welcome").fill("Glad to have you.")
    desk.get_by_role("button", name="Approve", exact=True).click()
    expect(desk.get_by_role("status")).to_contain_text("Amina Okafor is a member now")
    assert letters_to(session, AMINA)[-1] == "membership/approved"

    session.rollback()
    held = session.scalars(select(Membership)).one()
    assert (held.starts_on, held.ends_on) == (date(2027, 1, 11), date(2027, 8, 31))
    held.ends_on = date(2027, 1, 31)
    session.commit()
    page.goto("/account/membership")
    expect(page.get_by_text("It runs to 31 January 2027.")).to_be_visible()
    page.get_by_role("button", name="Renew").tap()
    expect(page.get_by_role("status")).to_contain_text("It runs to 31 August 2027.")
    assert letters_to(session, AMINA)[-1] == "membership/renewed"


@pytest.mark.one_database
def test_by_keyboard_alone(session, browse):
    page = browse()
    page.goto("/join/wider-community")
    tab_to(page, "Your name")
    page.keyboard.type("Amina Okafor")
    tab_to(page, "Email address")
    page.keyboard.type(AMINA)
    page.keyboard.press("Enter")
    head(page).to_have_text("Check your email")
    tab_to(page, "Six-digit code")
    page.keyboard.type(code_in(session, AMINA))
    page.keyboard.press("Enter")
    head(page).to_have_text("You are a member")


@pytest.mark.one_database
def test_mistakes_are_said_where_they_are(session, browse):
    page = browse(phone=True)
    page.goto("/join/core-member")
    page.get_by_role("button", name="Email me a code").tap()
    expect(page.locator("#error-summary")).to_be_focused()
    page.get_by_role("link", name="Enter a name, like Sam Okoro.").tap()
    expect(page.get_by_label("Your name")).to_be_focused()


@pytest.mark.one_database
def test_axe_finds_nothing(session, browse, axe):
    member = make_person(session, name="Amina Okafor", email=AMINA)
    make_membership(
        session,
        person_id=member.id,
        kind="associate",
        starts_on=date(2026, 2, 1),
        ends_on=date(2027, 1, 31),
    )
    asked = apply(
        session,
        kind="core-member",
        person_id=make_person(session, name="Bartholomew " * 6).id,
        answers=Answers(role="Leader", reason="word " * 100),
        now=NOW,
    )
    session.commit()
    coordinator = make_coordinator(session)
    wrong = []
    for person, paths in (
        (None, ["/join", "/join/core-member", "/join/young-member", "/network"]),
        (member, ["/account/membership", "/still-true"]),
        (
            coordinator,
            [
                "/desk/membership/applications",
                f"/desk/membership/applications/{asked.key}",
                "/desk/membership/terms",
                "/desk/membership/kinds",
                "/desk/membership/kinds/organisation",
                "/desk/membership/invoices",
                "/desk/membership/invoices/details",
            ],
        ),
    ):
        wrong += looked_at(browse, axe, person, paths)
    assert wrong == []


def looked_at(browse, axe, person: Person | None, paths: list[str]) -> list[str]:
    wrong = []
    for phone in (True, False):
        page = browse(person, phone=phone)
        for path in paths:
            page.goto(path)
            found = [*axe(page), sticks_out(page)]
            wrong += [f"{path}{' on a phone' if phone else ''}: {one}" for one in found if one]
    return wrong
