"""A coordinator finds somebody twice, makes them one, and takes them apart again; with and without
script."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from netapp.people.models import Person
from tests.browser.looking import sticks_out
from tests.events.scenes import book
from tests.factories import make_coordinator, make_event, make_guest, make_member

pytestmark = [pytest.mark.browser, pytest.mark.one_database, pytest.mark.slow]


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_somebody_is_here_twice_and_then_once(session, browse, axe, script):
    kept = make_member(session, name="Amina Okafor", email="amina@example.org")
    gone = make_guest(session, name="Amina Okafor", email="a.m.i.n.a@example.org")
    event = make_event(session, title="Working With Chaos")
    for person in (kept, gone):
        book(session, event, 0, person=person)
    desk = browse(make_coordinator(session, name="Jo Field"), phone=not script, script=script)
    desk.goto("/desk/people")
    desk.get_by_role("link", name="Possible duplicates").click()
    desk.get_by_role("link", name="Compare").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Amina Okafor goes into Amina Okafor")
    expect(desk.get_by_text("Both have a place on the same date")).to_be_visible()
    assert not sticks_out(desk)
    if script:
        assert axe(desk) == []
    desk.get_by_role("button", name="Make them one").click()
    expect(desk.get_by_role("status").first).to_contain_text("are one now, and told by email")
    expect(desk.get_by_text("Merged Amina Okafor into Amina Okafor.").first).to_be_visible()
    assert not sticks_out(desk)
    if script:
        assert axe(desk) == []
    desk.goto(f"/desk/people/{gone.key}")
    expect(desk.get_by_text("amina@example.org").first).to_be_visible()
    if script:
        desk.get_by_role("button", name="Take apart again").click()
    else:
        desk.get_by_role("button", name="Take apart again").tap()
    desk.get_by_role("button", name="Take them apart").click()
    expect(desk.get_by_role("status").first).to_contain_text("is somebody by themselves again")
    session.rollback()
    assert session.scalars(select(Person.merged_into_id).where(Person.id == gone.id)).one() is None
    desk.get_by_label("Name", exact=True).fill("Amina Hill")
    desk.get_by_role("button", name="Save the details").click()
    expect(desk.get_by_text("Name from “Amina Okafor” to “Amina Hill”.").first).to_be_visible()
    desk.get_by_role("button", name="Undo").click()
    expect(desk.get_by_role("status").first).to_contain_text("Undone")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Amina Okafor")
