"""Every page, as people meet it: axe finds nothing, nothing sticks out, nothing breaks the policy.

Each page is looked at on a wide screen, on a phone, on a phone in the calm look with the largest
text, and at 320 CSS pixels, which is what 1280 become at 400 % (WCAG 2.2, 1.4.10).
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from werkzeug.routing import Rule

from netapp.events.models import Event, EventKind, EventStatus, Mode
from netapp.people.models import Role, RoleGrant
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.looking import sticks_out
from tests.browser.scenes import LONG_NAME, LONG_TITLE, Season, make_long_member, make_season
from tests.events.manage.pattern_scenes import fresh
from tests.events.scenes import fill
from tests.factories import NOW, make_coordinator, make_event, make_member

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.slow]

NARROW: ViewportSize = {"width": 320, "height": 800}
CALM_AND_LARGE = "Object.assign(document.documentElement.dataset, {look: 'calm', text: 'xl'})"
AS_DESIGNED = """() => {
  delete document.documentElement.dataset.look;
  delete document.documentElement.dataset.text;
}"""

SANDBOXED = {"desk_mail.look"}  # No script runs there, so axe cannot.
FOR_ENDED_LINKS = {"events.thanks", "links.welcome", "links.reset"}
FOR_ENDED_LINKS |= {"my_address.look", "my_address.look_back"}
FOR_ENDED_LINKS |= {"interest.asked", "interest.confirm", "interest.show"}
FOR_ENDED_LINKS |= {"interest.back_to_interest", "seats.show"}
FOR_ENDED_LINKS |= {"applications.show", "applications.reference", "still_true.show"}

Inspect = Callable[[Page], list[str]]


@pytest.fixture
def inspect(axe) -> Inspect:
    """What is wrong with the page that is open, in words."""

    def _inspect(page: Page) -> list[str]:
        found = []
        for view, size in (("wide", DESKTOP), ("phone", PHONE)):
            page.set_viewport_size(size)
            found += [f"{view}: {problem}" for problem in axe(page)]
        page.set_viewport_size(NARROW)
        found.append(sticks_out(page))
        page.evaluate(CALM_AND_LARGE)
        found.append(sticks_out(page))
        found += [f"calm and large: {problem}" for problem in axe(page, "color-contrast")]
        page.evaluate(AS_DESIGNED)
        where = page.url.split("/", 3)[3]
        return [f"/{where}: {problem}" for problem in found if problem]

    return _inspect


@pytest.fixture
def inspect_all(inspect) -> Callable[[Page, list[str]], list[str]]:
    def _all(page: Page, paths: list[str]) -> list[str]:
        found = []
        for path in paths:
            page.goto(path)
            found += inspect(page)
        return found

    return _all


def test_what_is_wrong_is_found(browse, inspect):
    """Or all tests below would pass without looking."""
    page = browse()
    page.goto("/about")
    page.evaluate(
        "document.querySelector('main').innerHTML = '<input><table><td>' + 'x'.repeat(99)"
    )
    found = " ".join(inspect(page))
    assert "label: <input>" in found
    assert "sticks out by" in found


@pytest.mark.parametrize("area", ["public", "account", "desk"])
def test_every_address_there_is(app, session, browse, inspect, area):
    """A new page is looked at as soon as it has an address."""
    season = make_season(session, make_long_member(session))
    visitors = {
        "public": None,
        "account": season.person,
        "desk": make_coordinator(session, name="Jo Field"),
    }
    lead = visitors["desk"]
    session.add(RoleGrant(person_id=lead.id, role=Role.SAFEGUARDING_LEAD, granted_at=NOW))
    session.commit()
    page = browse(visitors[area])
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or area_of(rule) != area or rule.endpoint in SANDBOXED:
            continue
        path = address_of(rule, season)
        answer = page.request.get(path)
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert answer.ok or rule.endpoint in FOR_ENDED_LINKS, f"{path}: {answer.status}"
            page.goto(path)
            found += inspect(page)
    assert found == []


def area_of(rule: Rule) -> str:
    first = rule.rule.split("/")[1]
    return {"desk": "desk", "account": "account", "bookings": "account"}.get(first, "public")


def address_of(rule: Rule, season: Season) -> str:
    """What stands in the variable parts: by endpoint, by blueprint, or anywhere."""
    event, booking = season.events["open"], season.mine["confirmed"]
    known = {
        "slug": event.slug,
        "reference": booking.reference,
        "person": season.attendee_key,
        "token": "no-such-token",
        "filename": "css/site.css",
        "kind": event.kind.value,
        "key": event.key,
        "date_key": event.sessions[0].key,
        "form": "change",
        "request_key": "no-such-request",
        "named.place.reference": season.given[0],
        "named.place.person": season.given[1],
        "place_needs.reference": season.given[0],
        "place_needs.person": season.given[1],
        "named.back_to_place.reference": season.given[0],
        "named.back_to_place.person": season.given[1],
        "name": "no-such-name",
        "desk_holidays.key": season.calendar.key,
        "holiday_key": season.calendar.holidays[0].key,
        "desk_patterns.key": season.repeated.key,
        "pattern_key": season.pattern_key,
        "desk_ideas.key": season.idea.key,
        "desk_people.key": season.person.key,
        "desk_people_address.key": season.person.key,
        "desk_merge_people.key": season.person.key,
        "desk_merge_people.into": season.listed.person.key,
        "imports.key": season.people_file,
        "import_rows.key": season.people_file,
        "import_rows.state": "fault",
        "desk_mail.key": season.mail_key,
        "desk_privacy.key": season.about_data_key,
        "desk_safeguarding.key": season.person.key,
        "desk_questions.key": season.library_key,
        "question": season.asked.key,
        "join.slug": "core-member",
        "desk_applications.key": season.belonging.application,
        "desk_kinds.slug": "organisation",
        "desk_invoices.key": season.belonging.invoice,
        "desk_invoice_by_hand.membership": season.belonging.term,
        "desk_terms_by_hand.membership": season.belonging.term,
        "desk_terms_by_hand.key": season.person.key,
        "my_membership.key": season.belonging.invoice,
        "directory.slug": season.listed.slug,
        "messages.slug": season.listed.slug,
        "messages.key": season.listed.message,
        "desk_directory.name": "phone",
        "desk_directory.key": season.person.key,
        "desk_directory.report.key": season.listed.reported,
        "organisations.slug": season.organisation.slug,
        "my_organisation.slug": season.organisation.slug,
        "workplaces.key": season.organisation.key,
        "affiliation": season.organisation.affiliation,
        "desk_groups.key": season.group.key,
        "desk_group_people.key": season.group.key,
        "desk_organisations.key": season.organisation.key,
        "desk_organisation_people.key": season.organisation.key,
        "desk_merge_organisations.key": season.organisation.key,
        "desk_merge_organisations.into": season.organisation.other_key,
        "desk_seats.key": season.organisation.key,
        "seats.key": season.organisation.key,
    }
    blueprint = rule.endpoint.partition(".")[0]
    parts = {}
    for name in rule.arguments:
        ways = (f"{rule.endpoint}.{name}", f"{blueprint}.{name}", name)
        parts[name] = next((known[way] for way in ways if way in known), "") or known[name]
    built = rule.build(parts)
    assert built is not None
    return built[1]


def test_what_is_not_there(browse, inspect_all):
    assert inspect_all(browse(), ["/no-such-page", "/events/no-such-event"]) == []


def test_pages_without_anything_in_them(session, browse, inspect_all):
    page = browse(make_member(session))
    paths = ["/", "/events", "/events/past", "/account", "/account/bookings", "/account/calendar"]
    assert inspect_all(page, paths) == []


def test_lists_of_events(session, browse, inspect_all):
    make_season(session, make_member(session))
    paths = [
        "/",
        "/events",
        "/events?kind=training&month=2027-02",
        "/events?kind=conference",
        "/events/past",
        "/events/past?q=nothing-like-this",
    ]
    assert inspect_all(browse(), paths) == []


def test_pages_of_events_for_strangers(session, browse, inspect_all):
    season = make_season(session, make_member(session))
    paths = [f"/events/{event.slug}" for event in season.events.values()]
    assert inspect_all(browse(), paths) == []


def test_pages_of_events_for_members(session, browse, inspect_all):
    season = make_season(session, make_long_member(session))
    shown = ("open", "members", "course", "full", "waiting list")
    paths = [f"/events/{season.events[name].slug}" for name in shown]
    assert inspect_all(browse(season.person), paths) == []


def test_bookings_in_every_state(session, browse, inspect_all):
    season = make_season(session, make_long_member(session))
    booked = [f"/bookings/{booking.reference}" for booking in season.mine.values()]
    confirmed = season.mine["confirmed"].reference
    more = [f"/bookings/{confirmed}?done=booked", f"/bookings/{confirmed}/cancel"]
    more += [f"/bookings/{season.mine['waiting'].reference}/cancel", "/bookings/NOSUCH-0"]
    more += [f"/bookings/{season.mine[name].reference}/names" for name in ("party", "confirmed")]
    more += ["/bookings/{}/places/{}".format(*season.given), f"/bookings/{confirmed}/handed-back"]
    assert inspect_all(browse(season.person), booked + more) == []


def test_an_address_of_my_calendar_just_made(session, browse, inspect):
    page = browse(make_member(session))
    page.goto("/account/calendar")
    page.get_by_label("What will read it?").fill(LONG_NAME[:60])
    page.get_by_role("button", name="Make the address").click()
    expect(page.get_by_text("/calendar/my/").first).to_be_visible()
    found = inspect(page)
    page.goto("/account/calendar")
    assert found + inspect(page) == []


def desk_paths(event: Event) -> list[str]:
    here = f"/desk/events/{event.key}"
    tabs = ("", "/dates", "/booking", "/access", "/bookings", "/waiting", "/needs", "/copy")
    return [here + tab for tab in tabs]


def test_lists_of_the_desk(session, browse, inspect_all):
    make_season(session, make_long_member(session))
    jo = make_coordinator(session, name="Jo Field")
    paths = [
        "/desk/events?show=past",
        "/desk/events?show=drafts",
        "/desk/find?q=chaos",
        "/desk/find?q=nothing-like-this",
        "/desk/people?q=nothing-like-this",
        f"/desk/people/{jo.key}",
    ]
    assert inspect_all(browse(jo), paths) == []


def test_the_desk_with_nothing_on_it(session, browse, inspect_all):
    paths = ["/desk", "/desk/events", "/desk/mail", "/desk/log"]
    assert inspect_all(browse(make_coordinator(session)), paths) == []


def test_long_names_and_other_states_on_the_desk(session, browse, inspect_all):
    season = make_season(session, make_long_member(session))
    long = season.events["long"]
    draft = make_event(session, status=EventStatus.DRAFT, published_at=None, mode=Mode.IN_PERSON)
    draft.sessions[0].place = None
    session.commit()
    states = ("offer", "cancelled", "record")
    parties = []
    for name in ("party", "party that waits"):
        booking = season.mine[name]
        here = f"/desk/events/{session.get_one(Event, booking.event_id).key}"
        parties += [f"{here}/bookings", f"{here}/waiting", f"{here}/bookings/{booking.reference}"]
        parties += [f"{here}/bookings/new"]
    paths = [
        *desk_paths(long),
        f"/desk/events/{long.key}/bookings/{season.mine['long'].reference}",
        f"/desk/events/{draft.key}",
        *(f"/desk/events/{season.events[state].key}/bookings" for state in states),
        *parties,
        f"/desk/events/{season.events['waiting list'].key}/waiting",
    ]
    assert inspect_all(browse(make_coordinator(session)), paths) == []


def test_what_a_pattern_would_do(session, browse, inspect):
    season = make_season(session, make_long_member(session))
    fill(session, fresh(session, season.repeated), 1, people=2)
    here = f"/desk/events/{season.repeated.key}"
    page = browse(make_coordinator(session))
    page.goto(f"{here}/dates")
    found = inspect(page)
    page.goto(f"{here}/patterns/{season.pattern_key}")
    page.get_by_label("Ends", exact=True).fill("17:00")
    page.get_by_label("Or this many dates").fill("2")
    page.get_by_role("button", name="See what it would do").first.click()
    expect(page.get_by_role("heading", name="What happens then")).to_be_visible()
    found += inspect(page)
    page.get_by_role("button", name="tell 2 people").click()
    expect(page.get_by_role("alert")).to_be_focused()
    found += inspect(page)
    page.goto(f"{here}/patterns/new")
    page.get_by_role("button", name="See what it would do").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert found + inspect(page) == []


def test_moving_a_date_and_what_went_wrong(session, browse, inspect):
    season = make_season(session, make_long_member(session))
    event = season.events["open"]
    page = browse(make_coordinator(session))
    date = f"/desk/events/{event.key}/dates/{event.sessions[0].key}"
    page.goto(date)
    page.get_by_role("textbox", name="Starts").fill("13:00")
    page.get_by_role("button", name="Save this date").click()
    expect(page.get_by_role("heading", name="What happens then")).to_be_visible()
    found = inspect(page)
    for path, label, button in (
        (date, "Day", "Save this date"),
        ("/desk/events/new", "Title", "Make the draft"),
        (f"/desk/events/{event.key}", "Title", "Save the details"),
        ("/desk/people/new", "Email address", "Add"),
    ):
        page.goto(path)
        page.get_by_label(label, exact=True).fill("")
        page.get_by_role("button", name=button).first.click()
        expect(page.get_by_role("alert")).to_be_focused()
        found += inspect(page)
    assert found == []


def test_forms_with_something_wrong(session, browse, inspect):
    event = make_event(session, sessions=2)
    page = browse()
    found: list[str] = []
    for path, button in (
        (f"/events/{event.slug}", "Confirm booking"),
        (f"/events/{event.slug}/party", "Confirm booking"),
        ("/sign-in", "Email me a code"),
        ("/register", "Email me a code"),
        ("/reset-password", "Email me"),
    ):
        page.goto(path)
        found += inspect(page)
        page.set_viewport_size(DESKTOP)
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("alert")).to_be_focused()
        found += inspect(page)
    page.goto("/sign-in")
    page.get_by_label("Email address").fill("nobody@example.org")
    page.get_by_role("button", name="Email me a code").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    assert found + inspect(page) == []


def test_the_page_after_booking_as_a_guest(session, browse, inspect):
    event = make_event(session, sessions=2)
    page = browse()
    page.goto(f"/events/{event.slug}")
    page.get_by_label("Your name").fill(LONG_NAME)
    page.get_by_label("Email address").fill("sam@example.org")
    page.get_by_role("button", name="Confirm booking").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("You are booked")
    assert inspect(page) == []


def test_the_page_that_says_what_has_just_gone(session, browse, inspect):
    event = make_event(session, sessions=2, capacity=1, title=LONG_TITLE)
    page = browse()
    page.goto(f"/events/{event.slug}")
    page.locator(".choice").nth(1).click()
    page.get_by_label("Your name").fill(LONG_NAME)
    page.get_by_label("Email address").fill("sam@example.org")
    fill(session, event, 0, people=1)
    page.get_by_role("button", name="Confirm booking").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The last place has just gone")
    found = inspect(page)
    page.get_by_role("button", name="Book, and join the waiting list").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("You are booked")
    assert found == []


def test_open_menus_and_sheets_on_a_phone(session, browse, axe):
    make_event(session)
    make_event(session, mode=Mode.IN_PERSON, kind=EventKind.MEETING)
    page = browse(phone=True)
    page.goto("/events")
    page.get_by_role("button", name="Menu").tap()
    expect(page.get_by_role("link", name="Calendar", exact=True)).to_be_visible()
    found = axe(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Filters").tap()
    expect(page.get_by_role("button", name="Show events")).to_be_visible()
    assert found + axe(page) == []


def test_display_settings_come_with_the_cookie(session, browse, address, axe):
    make_event(session)
    page = browse(phone=True)
    page.context.add_cookies([{"name": "display", "value": "xl.calm", "url": address}])
    page.goto("/events")
    assert page.evaluate("({...document.documentElement.dataset})") == {
        "text": "xl",
        "look": "calm",
    }
    assert axe(page) == []
