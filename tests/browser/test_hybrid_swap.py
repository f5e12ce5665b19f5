"""A member books the last place in the room on a phone, joins online instead, and comes back."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from netapp.events.models import EventMode, Mode, Place, PlaceState
from netapp.events.operations.changing import cancel_booking
from tests.browser.looking import STICKS_OUT
from tests.events.test_hybrid import book
from tests.factories import NOW, make_event, make_member

pytestmark = pytest.mark.browser


def test_from_in_person_to_online_and_back(session, browse, axe):
    member = make_member(session, name="Amara Osei")
    event = make_event(session, mode=EventMode.HYBRID, title="Working With Chaos")
    event.sessions[0].pool_of(Mode.IN_PERSON).capacity = 1
    session.commit()
    page = browse(member, phone=True)
    page.goto(f"/events/{event.slug}")
    page.locator(".choice", has_text="In person").tap()
    page.get_by_role("button", name="Confirm booking").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked, Amara")
    expect(page.get_by_text("In person: Room 1").first).to_be_visible()

    page.get_by_role("button", name="Join online instead").tap()
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text("The room is full: you cannot come back unless")
    assert axe(page) == []
    asked.get_by_role("button", name="Join online instead").tap()
    expect(page.get_by_role("status")).to_contain_text("It is swapped.")
    assert modes(session, member) == ["online"]

    other = book(session, event, 0, mode=Mode.IN_PERSON)
    page.reload()
    page.get_by_role("button", name="Wait for a place in the room").press("Enter")
    expect(page.get_by_text("What you have stays yours until you take it.")).to_be_visible()
    cancel_booking(session, booking_id=other.id, now=NOW)
    session.commit()
    page.reload()
    expect(page.get_by_role("heading", name="A place has come free in the room")).to_be_visible()
    assert (axe(page), page.evaluate(STICKS_OUT)) == ([], "")
    page.get_by_role("button", name="Come in person instead").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The place is yours.")
    assert modes(session, member) == ["in_person"]


def modes(session, member) -> list[str]:
    session.rollback()
    mine = Place.person_id == member.id, Place.state == PlaceState.CONFIRMED
    return [mode.value for mode in session.scalars(select(Place.mode).where(*mine))]
