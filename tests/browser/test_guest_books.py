"""A guest books with name and address, and cancels by the link in the mail on another device."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from netapp.events.models import Booking, Event, Place
from netapp.people.models import Person
from tests.events.scenes import fill, taken
from tests.factories import make_event
from tests.people.letters import last_letter, letters_to, link_in

pytestmark = pytest.mark.browser

SAM = "sam@example.org"


@pytest.fixture
def event(session) -> Event:
    return make_event(session, title="Working With Chaos", capacity=4)


def states_of(session, email: str) -> list[str]:
    found = select(Place.state).join(Booking).join(Person).where(Person.email == email)
    return [state.value for state in session.scalars(found.order_by(Place.id))]


def book(page: Page, event: Event, *, name: str = "Sam Okoro", email: str = SAM) -> None:
    page.goto(f"/events/{event.slug}")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Email address").fill(email)
    page.get_by_role("button", name="Confirm booking").click()


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_books_and_cancels_by_the_link_in_the_mail(session, browse, event, script):
    page = browse(phone=True, script=script)
    book(page, event)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked, Sam")
    expect(page.get_by_text("We have just emailed sam@example.org")).to_be_visible()
    assert states_of(session, SAM) == ["confirmed"]
    assert letters_to(session, SAM) == ["events/booking_confirmed"]

    other = browse(phone=True, script=script)
    other.goto(link_in(session, SAM))
    expect(other.get_by_role("heading", level=1)).to_have_text("Your booking")
    expect(other.get_by_text("Booked by Sam Okoro.")).to_be_visible()
    other.get_by_role("link", name="Cancel my booking").first.tap()
    expect(other.get_by_role("heading", level=1)).to_have_text("Cancel your booking?")
    assert states_of(session, SAM) == ["confirmed"]
    other.get_by_role("button", name="Cancel my booking").tap()
    expect(other.get_by_role("status")).to_contain_text("Your booking is cancelled.")

    assert states_of(session, SAM) == ["cancelled"]
    assert taken(session, event) == [0]
    assert letters_to(session, SAM) == ["events/booking_confirmed", "events/booking_cancelled"]
    assert "Working With Chaos" in last_letter(session, SAM)


@pytest.mark.one_database
def test_the_link_opens_nothing_else(session, browse, event):
    page = browse()
    book(page, event)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked, Sam")
    link = link_in(session, SAM)
    other = browse()
    other.goto(link)
    expect(other.get_by_role("heading", level=1)).to_have_text("Your booking")
    other.goto("/account")
    expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")
    other.goto(link.split("?")[0])
    expect(other.get_by_role("heading", level=1)).to_have_text("Open your booking from the email")


@pytest.mark.one_database
def test_wrong_input_is_kept_and_the_summary_takes_the_focus(session, browse, event):
    page = browse(phone=True)
    page.goto(f"/events/{event.slug}")
    page.get_by_label("Email address").fill("sam at example.org")
    page.get_by_text("Tell us anything that would help you take part").tap()
    page.get_by_label("What would help you take part?").fill("Captions, please")
    page.get_by_role("button", name="Confirm booking").tap()

    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    expect(summary.get_by_role("heading")).to_have_text("There are 3 things to put right")
    expect(page.get_by_label("Email address")).to_have_value("sam at example.org")
    expect(page.get_by_label("What would help you take part?")).to_have_value("Captions, please")
    summary.get_by_role("link").first.tap()
    expect(page.get_by_label("Your name")).to_be_focused()
    assert states_of(session, SAM) == []

    page.get_by_label("Your name").fill("Sam Okoro")
    page.get_by_label("Email address").fill(SAM)
    page.get_by_label("I agree that what I wrote here").check()
    page.get_by_role("button", name="Confirm booking").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked, Sam")
    assert states_of(session, SAM) == ["confirmed"]


def test_the_last_place_goes_to_one_of_two_who_see_it(session, browse):
    event = make_event(session, capacity=1)
    first, second = browse(phone=True), browse(phone=True)
    second.goto(f"/events/{event.slug}")
    second.get_by_label("Your name").fill("Kim Reed")
    second.get_by_label("Email address").fill("kim@example.org")
    book(first, event)
    expect(first.get_by_role("heading", level=1)).to_have_text("You are booked, Sam")

    second.get_by_role("button", name="Confirm booking").tap()
    expect(second.get_by_role("heading", level=1)).to_have_text("You are on the waiting list, Kim")
    expect(second.locator("main")).to_contain_text("The last place went a moment before")
    assert states_of(session, "kim@example.org") == ["waiting"]
    assert taken(session, event) == [1]


def test_takes_an_offer_from_the_mail(session, browse):
    event = make_event(session, capacity=1)
    (full,) = fill(session, event, 0, people=1)
    owner = session.get(Person, full.person_id)
    page = browse(phone=True)
    page.goto(f"/events/{event.slug}")
    page.get_by_label("Your name").fill("Sam Okoro")
    page.get_by_label("Email address").fill(SAM)
    page.get_by_role("button", name="Join the waiting list").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are on the waiting list, Sam")

    holder = browse(owner)
    holder.goto(f"/bookings/{full.reference}/cancel")
    holder.get_by_role("button", name="Cancel my booking").click()
    expect(holder.get_by_role("status")).to_contain_text("Your booking is cancelled.")
    assert letters_to(session, SAM)[-1] == "events/offer"

    other = browse(phone=True)
    other.goto(link_in(session, SAM))
    expect(other.get_by_role("heading", name="A place has come free for you")).to_be_visible()
    other.get_by_role("button", name="Take the place").tap()
    expect(other.get_by_role("status")).to_contain_text("The place is yours.")
    assert states_of(session, SAM) == ["confirmed"]
    assert taken(session, event) == [1]


@pytest.mark.one_database
def test_one_button_makes_it_an_account(session, browse, event):
    page = browse(phone=True)
    book(page, event)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked, Sam")
    page.goto(link_in(session, SAM))
    page.get_by_role("button", name="Email me the link").tap()
    expect(page.get_by_role("status")).to_contain_text("makes this an account")
    page.goto(link_in(session, SAM))
    page.get_by_role("button", name="Open my account").tap()
    expect(page).to_have_url("/account")
    page.goto("/account/bookings")
    expect(page.get_by_role("heading", level=1)).to_have_text("My bookings")
    expect(page.get_by_role("heading", name="Working With Chaos")).to_be_visible()
