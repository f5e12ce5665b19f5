"""Every page, as people meet it: axe finds nothing, nothing sticks out, nothing breaks the policy.

Each page is looked at on a wide screen, on a phone, on a phone in the calm look with the largest
text, and at 320 CSS pixels, which is what 1280 become at 400 % (WCAG 2.2, 1.4.10).
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.looking import sticks_out
from tests.browser.scenes import make_long_member, make_season
from tests.factories import make_member

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

NARROW: ViewportSize = {"width": 320, "height": 800}
CALM_AND_LARGE = "Object.assign(document.documentElement.dataset, {look: 'calm', text: 'xl'})"
AS_DESIGNED = """() => {
  delete document.documentElement.dataset.look;
  delete document.documentElement.dataset.text;
}"""

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


def test_pages_about_the_network(browse, inspect_all):
    paths = ["/", "/about", "/accessibility", "/privacy", "/display", "/calendar", "/no-such-page"]
    assert inspect_all(browse(), paths) == []


def test_every_component(browse, inspect_all):
    assert inspect_all(browse(), ["/patterns"]) == []


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
    assert inspect_all(browse(season.person), booked + more) == []


def test_my_own_pages(session, browse, inspect_all):
    season = make_season(session, make_long_member(session))
    page = browse(season.person)
    paths = [
        "/account",
        "/account/bookings",
        "/account/calendar",
        "/account/password",
        "/account/privacy",
        "/account/profile",
        "/account/sign-ins",
    ]
    assert inspect_all(page, paths) == []
    page.goto("/account/calendar")
    page.get_by_label("What will read it?").fill("My phone, the old one with the broken screen")
    page.get_by_role("button", name="Make the address").click()
    page.wait_for_load_state()
    assert inspect(page) == []
