"""Somebody asks to join a group, is let in, meets, and has the meetings in their calendar."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from netapp.groups.models import GroupKind, ProgrammeStatus
from netapp.meetings.models import Meeting
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.group_scenes import make_busy_group
from tests.browser.looking import sticks_out
from tests.factories import make_coordinator, make_member, make_organisation
from tests.groups.scenes import make_group, put_in

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


@pytest.mark.parametrize("script", [True, False])
def test_from_asking_to_the_calendar(session, browse, script):
    cass = make_member(session, name="Cass Chair")
    ada = make_member(session, name="Ada Asks")
    make_group(session, lead=cass, name="Early years", slug="early-years")

    asking = browse(ada, phone=True, script=script)
    asking.goto("/groups")
    asking.get_by_role("link", name="Early years").click()
    asking.get_by_role("link", name="Ask to join").click()
    asking.get_by_label("Why you would like to join").fill("I teach in nurseries.")
    asking.get_by_role("button", name="Send my request").click()
    expect(asking.get_by_text("Your request is on its way.")).to_be_visible()

    leading = browse(cass, script=script)
    leading.goto("/groups/early-years")
    leading.get_by_role("link", name="People, requests and invitations").click()
    leading.get_by_label("Your words to Ada Asks").fill("Lovely to have you.")
    leading.get_by_role("button", name="Accept").click()
    expect(leading.get_by_text("They are in, and told.")).to_be_visible()

    leading.goto("/groups/early-years/meetings")
    leading.get_by_role("link", name="What we always ask").click()
    expect(leading.get_by_label("What the group asks in each meeting")).to_have_value(
        "Equality, diversity and inclusion\nHow have these decisions moved us forward?"
    )
    leading.get_by_role("button", name="Save").click()
    leading.get_by_role("link", name="Call a meeting").click()
    leading.get_by_label("Title").fill("Spring meeting")
    leading.get_by_label("Day", exact=True).fill("2027-02-04")
    leading.get_by_label("Starts").fill("14:00")
    leading.get_by_label("Ends", exact=True).fill("16:00")
    leading.get_by_role("button", name="Call the meeting").click()
    expect(leading.get_by_role("heading", level=1)).to_have_text("Spring meeting")
    expect(leading.get_by_text("Equality, diversity and inclusion")).to_be_visible()

    leading.get_by_role("link", name="Write notes and register").click()
    leading.get_by_label("Notes").fill("We **agreed** on much.")
    leading.get_by_label("Ada Asks").select_option("Present")
    leading.get_by_role("button", name="Save notes and register").click()
    expect(leading.locator("strong", has_text="agreed")).to_be_visible()
    leading.get_by_text("Write down a decision").click()
    leading.get_by_label("What was decided").fill("Ask the hubs for figures")
    leading.get_by_label("Who sees to it").select_option("Ada Asks")
    leading.get_by_role("button", name="Write it down").click()
    expect(leading.get_by_text("The decision is written down.")).to_be_visible()

    asking.goto("/account")
    expect(asking.get_by_role("heading", name="Ask the hubs for figures")).to_be_visible()
    asking.goto("/groups/early-years")
    asking.get_by_role("link", name="Put them in my calendar").click()
    asking.get_by_role("button", name="Make my address").click()
    feed = asking.locator("[data-copy-text]").inner_text()
    path = "/calendar/group/" + feed.rpartition("/")[2]
    assert "SUMMARY:Spring meeting" in asking.request.get(path).text()
    assert session.scalars(select(Meeting.notes)).all() == ["We **agreed** on much."]


def test_every_page_of_it(session, browse, axe):
    """With names as long as they may be; a page of one's own, of those who lead, of the desk."""
    chair = make_member(session, name="Cass Chair")
    busy = make_busy_group(session, chair)
    programme = make_group(
        session,
        name="Music nurture groups",
        slug="nurture",
        kind=GroupKind.PROGRAMME,
        stage=ProgrammeStatus.PILOT,
    )
    put_in(session, programme, make_member(session))
    make_organisation(session)
    boss = make_coordinator(session, name="Jo Field")
    here, meeting = f"/groups/{busy.group.slug}", f"/groups/{busy.group.slug}/meetings/{busy.key}"
    desk = f"/desk/groups/{busy.group.key}"
    pages = {
        None: ["/groups", here, "/groups/nurture", "/groups/invitations/nothing"],
        make_member(session): [f"{here}/join"],
        chair: [
            *(here, f"{here}/people", f"{here}/meetings", f"{here}/meetings/new", meeting),
            *(f"{here}/meetings/agenda", f"{meeting}/agenda", f"{meeting}/notes"),
            *(f"{here}/decisions", f"{here}/calendar", "/account", "/groups"),
        ],
        boss: ["/desk/groups", "/desk/groups/new", desk, f"{desk}/people", "/desk"],
    }
    found = []
    for person, paths in pages.items():
        page = browse(person)
        for path in paths:
            assert page.goto(path).ok, path
            for size in (DESKTOP, PHONE):
                page.set_viewport_size(size)
                found += [f"{path}: {problem}" for problem in axe(page)]
            page.set_viewport_size({"width": 320, "height": 800})
            found += [f"{path} at 320: {what}" for what in [sticks_out(page)] if what]
    assert found == []
