"""Somebody answers what an event asks; with and without script, on a phone and with long words."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from netapp.events.models import Booking, Event, QuestionKind
from netapp.people.models import Person
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.looking import sticks_out
from tests.browser.scenes import LONG_TITLE, LONG_WORD
from tests.events.asked import answers, ask
from tests.events.scenes import book
from tests.events.test_naming import book_party
from tests.factories import make_event, make_member

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

EATS = "Do you have lunch with us?"
MEAL = "Which meal?"
MEALS = ("Soup and bread", "Salad", LONG_WORD)


@pytest.fixture
def amara(session) -> Person:
    return make_member(session, name="Amara Osei", email="amara@example.org")


def make_asking(session: Session) -> Event:
    """An event that asks one question of each kind, some of them in very long words."""
    event = make_event(session, title="Working With Chaos")
    eats = ask(session, event, EATS, QuestionKind.YES_NO, needed_by_days=7)
    ask(
        session, event, MEAL, QuestionKind.CHOICE, *MEALS,
        only_if=eats, only_if_value="yes", required=True, needed_by_days=7,
    )  # fmt: skip
    ask(session, event, "Which days?", QuestionKind.SEVERAL, "Friday", "Saturday")
    ask(session, event, "Which instrument do you bring?", required=True)
    ask(session, event, LONG_TITLE, QuestionKind.LONG_TEXT)
    ask(session, event, "How many young people do you work with?", QuestionKind.NUMBER)
    ask(session, event, "When do you arrive?", QuestionKind.DATE)
    ask(session, event, "The network may show photographs of me.", QuestionKind.CONSENT)
    return event


def to_questions(page: Page, booking: Booking) -> None:
    page.goto(f"/bookings/{booking.reference}")
    page.get_by_role("link", name="Answer the question").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Questions for you")


@pytest.mark.parametrize("script", [True, False])
def test_answers_on_a_phone(session, browse, amara, script):
    event = make_event(session)
    eats = ask(session, event, EATS, QuestionKind.YES_NO)
    ask(
        session, event, MEAL, QuestionKind.CHOICE, *MEALS,
        only_if=eats, only_if_value="yes", required=True,
    )  # fmt: skip
    booking = book(session, event, 0, person=amara)
    page = browse(amara, phone=True, script=script)
    to_questions(page, booking)
    meal = page.get_by_role("group", name=MEAL)
    if script:
        expect(meal).to_be_hidden()
        page.get_by_text("No", exact=True).click()
        expect(meal).to_be_hidden()
    page.get_by_text("Yes", exact=True).click()
    expect(meal).to_be_visible()
    page.get_by_text("Soup and bread").click()
    page.get_by_role("button", name="Save my answers").click()
    expect(page.get_by_text("Your answers are kept.")).to_be_visible()
    assert answers(session, booking) == [True, "Soup and bread"]


def test_every_page_of_it(session, browse, amara, axe):
    event = make_asking(session)
    single, party = book(session, event, 0, person=amara), book_party(session, event)
    pages = {
        amara: [f"/bookings/{single.reference}", f"/bookings/{single.reference}/questions"],
        session.get_one(Person, party.person_id): [f"/bookings/{party.reference}/questions"],
    }
    found = []
    for person, paths in pages.items():
        page = browse(person)
        for path in paths:
            page.goto(path)
            found += looked_at(page, axe)
        if person is amara:
            page.get_by_role("button", name="Save my answers").click()
            expect(page.get_by_role("alert")).to_be_visible()
            found += looked_at(page, axe)
    assert found == []


def looked_at(page: Page, axe) -> list[str]:
    found = []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        found += axe(page)
        found += [words] if (words := sticks_out(page)) else []
    return found
