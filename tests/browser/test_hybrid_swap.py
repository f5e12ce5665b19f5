"""A member books in person on a phone, and joins online instead when the day comes near."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from netapp.events.models import EventMode, Place
from tests.factories import make_event, make_member

pytestmark = pytest.mark.browser


def test_from_in_person_to_online_and_back(session, browse):
    member = make_member(session, name="Amara Osei")
    event = make_event(session, mode=EventMode.HYBRID, title="Working With Chaos")
    page = browse(member, phone=True)
    page.goto(f"/events/{event.slug}")
    page.locator(".choice", has_text="In person").tap()
    page.get_by_role("button", name="Confirm booking").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked, Amara")
    expect(page.get_by_text("In person.", exact=False).first).to_be_visible()

    page.get_by_role("button", name="Join online instead").tap()
    expect(page.get_by_role("status")).to_contain_text("It is swapped.")
    assert modes(session) == ["online"]

    page.get_by_role("button", name="Come in person instead").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("It is swapped.")
    assert modes(session) == ["in_person"]


def modes(session) -> list[str]:
    session.rollback()
    return [mode.value for mode in session.scalars(select(Place.mode).order_by(Place.id))]
