"""A member books: two taps on a phone, the same without script, and by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from netapp.events.models import Event
from netapp.people.models import Person
from tests.browser.looking import tab, tab_to
from tests.browser.scenes import places_of
from tests.events.scenes import fill
from tests.factories import make_event, make_member

pytestmark = pytest.mark.browser

COUNT_TAPS = """addEventListener("click", (event) => {
  if (event.isTrusted) sessionStorage.taps = Number(sessionStorage.taps ?? 0) + 1;
}, true)"""


@pytest.fixture
def amara(session) -> Person:
    return make_member(session, name="Amara Osei", email="amara@example.org")


@pytest.fixture
def event(session) -> Event:
    return make_event(session, sessions=3, title="Working With Chaos", capacity=4)


def open_event(page: Page, event: Event) -> None:
    page.goto(f"/events/{event.slug}")


def test_two_taps_on_a_phone(session, browse, amara, event):
    page = browse(amara, phone=True)
    page.add_init_script(COUNT_TAPS)
    open_event(page, event)
    page.get_by_role("link", name="Book", exact=True).tap()
    expect(page.get_by_role("button", name="Confirm booking")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Confirm booking").tap()

    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked, Amara")
    expect(page.get_by_text("Wednesday 10 February 2027", exact=False).first).to_be_visible()
    assert page.evaluate("sessionStorage.taps") == "2"
    assert places_of(session, amara) == [(event.sessions[0].id, "confirmed")]


@pytest.mark.one_database
def test_two_taps_without_script(session, browse, amara, event):
    page = browse(amara, phone=True, script=False)
    open_event(page, event)
    page.get_by_role("link", name="Book", exact=True).tap()
    page.get_by_role("button", name="Confirm booking").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked, Amara")
    assert places_of(session, amara) == [(event.sessions[0].id, "confirmed")]


def test_an_impatient_double_tap_books_once(session, browse, amara, event):
    page = browse(amara, phone=True, script=False)
    open_event(page, event)
    page.get_by_role("button", name="Confirm booking").dblclick(no_wait_after=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked, Amara")
    assert places_of(session, amara) == [(event.sessions[0].id, "confirmed")]


@pytest.mark.one_database
def test_going_back_shows_that_it_is_booked(session, browse, amara, event):
    page = browse(amara, phone=True)
    open_event(page, event)
    page.get_by_role("button", name="Confirm booking").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked, Amara")
    page.go_back()
    page.locator("#book").get_by_role("link", name="Your booking").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your booking")


def test_a_second_window_books_nothing_twice(session, browse, amara, event):
    page = browse(amara, phone=True)
    open_event(page, event)
    other = page.context.new_page()
    open_event(other, event)
    page.get_by_role("button", name="Confirm booking").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked, Amara")
    other.get_by_role("button", name="Confirm booking").tap()
    expect(other.get_by_role("alert")).to_contain_text("You already have a booking for this event")
    expect(other.get_by_role("alert")).to_be_focused()
    expect(other.locator("#book").get_by_role("link", name="Your booking")).to_be_visible()
    assert places_of(session, amara) == [(event.sessions[0].id, "confirmed")]


@pytest.mark.one_database
@pytest.mark.parametrize("script", [True, False])
def test_what_will_be_booked_follows_the_ticks(browse, amara, session, event, script):
    fill(session, event, 2, people=4)
    page = browse(amara, phone=True, script=script)
    open_event(page, event)
    told = page.locator("[data-you-book]")
    expect(told).to_contain_text("You book: Wednesday 10 February, 2pm", use_inner_text=True)
    choices = page.locator(".choice")
    choices.nth(1).tap()
    choices.nth(2).tap()
    if not script:
        expect(told).to_have_text("You book the dates ticked above.", use_inner_text=True)
        return
    expect(told).to_have_text(
        "You book: Wednesday 10 February, 2pm Wednesday 17 February, 2pm"
        " You join the waiting list for: Wednesday 24 February, 2pm",
        use_inner_text=True,
    )
    for number in range(3):
        choices.nth(number).tap()
    expect(told).to_have_text("Tick the dates you want.", use_inner_text=True)


@pytest.mark.one_database
def test_by_keyboard_alone(session, browse, amara, event):
    page = browse(amara)
    open_event(page, event)
    assert tab(page) == "Skip to main content"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    passed = tab_to(page, "Confirm booking")
    assert passed[0] == "All events"
    assert passed[-5:] == [
        "Wednesday 10 February 2027",
        "Wednesday 17 February 2027",
        "Wednesday 24 February 2027",
        "Tell us anything that would help you take part",
        "Confirm booking",
    ]
    for _ in range(3):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    tab_to(page, "Confirm booking")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked, Amara")
    first, second, _ = event.sessions
    assert places_of(session, amara) == [(first.id, "confirmed"), (second.id, "confirmed")]


@pytest.mark.one_database
def test_the_menu_opens_and_closes_by_keyboard_on_a_phone(browse, amara):
    page = browse(amara, phone=True)
    page.goto("/events")
    tab_to(page, "Menu")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Calendar", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Calendar", exact=True)).to_be_hidden()
    expect(page.get_by_role("button", name="Menu")).to_be_focused()


def test_a_full_date_leads_to_the_waiting_list(session, browse, amara):
    event = make_event(session, capacity=1)
    fill(session, event, 0, people=1)
    page = browse(amara, phone=True)
    open_event(page, event)
    page.get_by_role("link", name="Wait", exact=True).tap()
    page.get_by_role("button", name="Join the waiting list").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are on the waiting list, Amara")
    expect(page.get_by_text("You are number 1 on the list.")).to_be_visible()
    assert places_of(session, amara) == [(event.sessions[0].id, "waiting")]
