"""A coordinator runs an event from its pages; the public page and the feed show it each time."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from netapp.events.models import Event, EventSession
from netapp.people.models import Person
from tests.browser.scenes import places_of
from tests.events.scenes import book, forget_mails, mails
from tests.factories import make_coordinator, make_event, make_member
from tests.kernel.ical.samples import unfolded

pytestmark = pytest.mark.browser


@pytest.fixture
def jo(session) -> Person:
    return make_coordinator(session, name="Jo Field", email="jo@example.org")


def in_feed(page: Page) -> list[tuple[str, str, str, str]]:
    """(title, start, sequence, status) of what the network's feed holds."""
    lines = unfolded(page.request.get("/calendar/events.ics").body())
    entries = "\n".join(lines).split("BEGIN:VEVENT\n")[1:]
    names = ("SUMMARY", "DTSTART", "SEQUENCE", "STATUS")
    return [tuple(_value(entry, name) for name in names) for entry in entries]  # type: ignore[misc]


def _value(entry: str, name: str) -> str:
    found = re.search(rf"^{name}[^:\n]*:(.*)$", entry, re.MULTILINE)
    assert found, f"no {name}"
    return found.group(1)


def make_draft(page: Page) -> None:
    page.goto("/desk")
    page.get_by_role("link", name="Add an event").last.click()
    page.get_by_label("Title").fill("Working With Chaos")
    page.get_by_text("Online", exact=True).click()
    page.get_by_label("Day", exact=True).fill("2027-02-11")
    page.get_by_role("textbox", name="Starts").fill("14:00")
    page.get_by_role("textbox", name="Ends").fill("17:30")
    page.get_by_role("textbox", name="Places (optional)").fill("24")
    page.get_by_role("button", name="Make the draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Working With Chaos")


def say_access(page: Page) -> None:
    page.get_by_role("link", name="Access", exact=True).click()
    page.get_by_role("checkbox", name="Live captions").check()
    page.get_by_label("Name", exact=True).fill("Jo Field")
    page.get_by_label("Email address").fill("jo@example.org")
    page.get_by_role("button", name="Save what you know").click()


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_creates_publishes_moves_and_cancels(session, browse, jo, script):
    page, public = browse(jo, script=script), browse()
    make_draft(page)
    slug = session.scalar(select(Event.slug))
    answer = public.goto(f"/events/{slug}")
    assert answer.status == 404
    assert in_feed(public) == []

    say_access(page)
    with page.expect_popup() as preview:
        page.get_by_role("link", name="Preview").first.click()
    expect(preview.value.get_by_text("Only coordinators see this page.")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published", exact=True).first).to_be_visible()
    public.goto(f"/events/{slug}")
    expect(public.get_by_text("Thursday 11 February 2027, 2pm to 5:30pm").first).to_be_visible()
    assert in_feed(public) == [("Working With Chaos", "20270211T140000", "0", "CONFIRMED")]

    amara = make_member(session, name="Amara Osei")
    event = session.scalars(select(Event).where(Event.slug == slug)).one()
    session.refresh(event, ["sessions"])
    book(session, event, 0, person=amara)
    forget_mails(session)

    page.get_by_role("link", name="Dates").click()
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_label("Day", exact=True).fill("2027-02-12")
    page.get_by_role("textbox", name="Starts").fill("10:00")
    page.get_by_role("textbox", name="Ends").fill("13:00")
    page.get_by_role("button", name="Save this date").click()
    expect(page.get_by_text("1 person gets a mail")).to_be_visible()
    page.get_by_text("With a place: 1 booking").click()
    expect(page.get_by_text("Amara Osei")).to_be_visible()
    assert in_feed(public)[0][1:3] == ("20270211T140000", "0")  # Not yet.
    assert mails(session, to=amara) == []

    page.get_by_role("button", name="Change this date and tell 1 person").click()
    expect(page.get_by_role("status")).to_contain_text("Saved, and 1 person was told.")
    assert mails(session, to=amara) == ["events/session_moved"]
    public.goto(f"/events/{slug}")
    expect(public.get_by_text("Friday 12 February 2027, 10am to 1pm").first).to_be_visible()
    assert in_feed(public) == [("Working With Chaos", "20270212T100000", "1", "CONFIRMED")]

    forget_mails(session)
    page.get_by_role("link", name="Cancel the event").first.click()
    page.get_by_label("Why it is cancelled").fill("The hall has no heating.")
    page.get_by_role("button", name="Cancel the event and tell 1 person").click()
    expect(page.get_by_role("status")).to_contain_text("The event is cancelled")
    assert mails(session, to=amara) == ["events/booking_cancelled"]
    assert places_of(session, amara) == [(event.sessions[0].id, "cancelled")]
    public.goto(f"/events/{slug}")
    expect(public.get_by_text("The hall has no heating.").first).to_be_visible()
    assert [(entry[2], entry[3]) for entry in in_feed(public)] == [("2", "CANCELLED")]


def test_a_move_sent_twice_is_done_once(session, browse, jo):
    event, amara = make_event(session), make_member(session)
    book(session, event, 0, person=amara)
    forget_mails(session)
    page = browse(jo, script=False)
    page.goto(f"/desk/events/{event.key}/dates/{event.sessions[0].key}")
    page.get_by_role("textbox", name="Starts").fill("13:00")
    page.get_by_role("button", name="Save this date").click()
    page.get_by_role("button", name="Change this date and tell 1 person").dblclick(
        no_wait_after=True
    )
    expect(page.get_by_role("heading", name="Wednesday 10 February 2027")).to_be_visible()
    assert mails(session, to=amara) == ["events/session_moved"]
    assert list(session.scalars(select(EventSession.sequence))) == [1]


@pytest.mark.one_database
def test_wrong_times_keep_what_was_typed(session, browse, jo):
    page = browse(jo)
    page.goto("/desk/events/new")
    page.get_by_label("Title").fill("Working With Chaos")
    page.get_by_label("Day", exact=True).fill("2027-03-28")
    page.get_by_role("textbox", name="Starts").fill("01:30")  # The clocks go forward over it.
    page.get_by_role("textbox", name="Ends").fill("05:00")
    page.get_by_role("button", name="Make the draft").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Title")).to_have_value("Working With Chaos")
    expect(page.get_by_role("textbox", name="Starts")).to_have_value("01:30")
    assert session.scalar(select(Event.id)) is None


@pytest.mark.one_database
def test_adds_somebody_by_hand_and_prints_the_sheet(session, browse, jo):
    event = make_event(session, capacity=1)
    page = browse(jo)
    page.goto(f"/desk/events/{event.key}/bookings")
    page.get_by_role("link", name="Add somebody by hand").click()
    page.get_by_label("Name", exact=True).fill("Sam Okoro")
    page.get_by_label("Email address").fill("sam@example.org")
    page.get_by_label("Why you add them").fill("Asked by telephone.")
    page.get_by_role("button", name="Add and send the confirmation").click()
    expect(page.get_by_role("heading", name="Sam Okoro")).to_be_visible()
    page.goto(f"/desk/events/{event.key}/bookings")
    page.get_by_role("link", name="Sign-in sheet").click()
    page.emulate_media(media="print")
    expect(page.get_by_text("Sam Okoro")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()


@pytest.mark.one_database
def test_two_coordinators_at_the_same_form_see_both_texts(session, browse, jo):
    event, kim = make_event(session), make_coordinator(session, name="Kim Reed")
    first, second = browse(jo), browse(kim)
    for page in (first, second):
        page.goto(f"/desk/events/{event.key}")
    first.get_by_label("What it costs").fill("Free")
    first.get_by_role("button", name="Save the details").click()
    expect(first.get_by_role("status")).to_be_visible()
    second.get_by_label("What it costs").fill("£10")
    second.get_by_role("button", name="Save the details").click()
    expect(second.get_by_text("Free", exact=True).first).to_be_visible()
    expect(second.get_by_text("£10").first).to_be_visible()
    assert session.scalar(select(Event.cost)) == "Free"
