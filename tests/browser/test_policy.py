"""What the Content-Security-Policy lets through: our own data for machines, nothing of others.

A violation is written to the console as an error, which fails every browser test.
"""

import json
from email import policy
from email.parser import BytesParser

import pytest
from playwright.sync_api import Dialog, expect
from sqlalchemy import select

from netapp.kernel.site import site_of
from netapp.mail.drafts import bytes_of
from netapp.mail.models import OutboxMessage
from tests.browser.scenes import make_season
from tests.events.scenes import book
from tests.factories import make_coordinator, make_event, make_member

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")  # Landmarks are for pages.
ACTING = "[onclick], [onerror], [onload], a[href^='javascript']"
HOSTILE = '</title><script>alert(1)</script><img src=x onerror="alert(2)"><svg onload=alert(3)>'
HOSTILE_MARKDOWN = f"{HOSTILE}\n\n[press](javascript:alert(4)) <b onclick='alert(5)'>me</b>"


def test_machines_read_the_event_on_its_page(session, browse):
    event = make_event(session, sessions=2, title="Working With Chaos & <Order>")
    page = browse()
    page.goto(f"/events/{event.slug}")
    text = page.locator('script[type="application/ld+json"]').text_content()
    told = json.loads(text or "")
    flat = told if isinstance(told, list) else [told]
    assert flat[0]["name"] == "Working With Chaos & <Order>"
    assert flat[0]["startDate"].startswith("2027-02-10T14:00:00")


def test_forms_work_on_the_page_that_shows_a_calendar_address(session, browse):
    page = browse(make_member(session))
    page.goto("/account/calendar")
    page.get_by_label("What will read it?").fill("My phone")
    page.get_by_role("button", name="Make the address").click()
    page.get_by_role("button", name="Sign out").first.click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_what_people_write_does_not_act(session, browse):
    jo = make_coordinator(session, name="Jo Field")
    event = make_event(
        session,
        title=HOSTILE[:200],
        summary=HOSTILE[:300],
        description=HOSTILE_MARKDOWN,
        cost=HOSTILE[:200],
        who_for=HOSTILE[:300],
        access_facts=[{"kind": "captions", "text": HOSTILE}],
        access_contact_name=HOSTILE[:120],
    )
    amara = make_member(session, name=HOSTILE[:120])
    booking = book(session, event, 0, person=amara)
    said: list[str] = []

    def hear(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    for person, paths in (
        (None, ["/", "/events", f"/events/{event.slug}"]),
        (amara, ["/account", f"/bookings/{booking.reference}", "/account/bookings"]),
        (jo, ["/desk", f"/desk/events/{event.key}/bookings", "/desk/people", "/desk/log"]),
    ):
        page = browse(person)
        page.on("dialog", hear)
        for path in paths:
            page.goto(path)
            assert page.locator("script:not([src]):not([type='application/ld+json'])").count() == 0
            assert page.locator(ACTING).count() == 0
    assert said == []


def test_a_mail_on_the_desk_is_framed_without_script(session, browse):
    jo, amara = make_coordinator(session), make_member(session, name="Amara Osei")
    book(session, make_event(session, title="Working With Chaos"), 0, person=amara)
    key = session.scalars(select(OutboxMessage.key)).one()
    page = browse(jo)
    page.goto(f"/desk/mail/{key}")
    expect(page.frame_locator("iframe").get_by_text("Working With Chaos").first).to_be_visible()


def test_mails_are_as_easy_to_read_as_pages(session, browse, axe):
    season = make_season(session, make_member(session, name="Amara Osei"))
    assert season.mail_key
    page, found, seen = browse(), [], set()
    for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)):
        if row.message in seen:
            continue
        seen.add(row.message)
        parsed = BytesParser(policy=policy.default).parsebytes(
            bytes_of(site_of(session), row.key, row.sealed or b"")
        )
        body = parsed.get_body(("html",))
        assert body is not None, row.message
        page.set_content(body.get_content())
        found += [f"{row.message}: {problem}" for problem in axe(page, *WCAG)]
    assert seen >= {"events/booking_confirmed", "events/waiting", "events/offer"}
    assert found == []
