"""The page of an event: what it says to people and to search engines."""

from datetime import timedelta
from typing import Any

import pytest

from netapp.events.models import EventStatus, FormerSlug, Mode, Segment, SessionStatus, Theme
from tests.events.views.event_pages import AHEAD, change, panel
from tests.events.views.pages import heading, linked_data, section, words
from tests.factories import NOW, make_event, make_member


def facts(page_text):
    """The key facts by their names."""
    block = page_text.split('<dl class="keyfacts">', 1)[1].split("</dl>", 1)[0]
    rows = [row.split("</dt>") for row in block.split("<dt>")[1:]]
    return {words(name): words(value) for name, value in rows}


def test_the_facts_come_first(session, visitor):
    event = make_event(
        session,
        sessions=3,
        slug="chaos",
        title="Working With Chaos",
        summary="Three afternoons.",
        theme=Theme.INCLUSION,
        mode=Mode.IN_PERSON,
        cost="Free for members. £30 if you are not.",
        who_for="Anyone leading music.",
        hosts="Example Music Service",
        partners="Example Hub",
        description="# What we do\n\nWe **play**.\n\n<script>alert(1)</script>",
        access_facts=[
            {"kind": "step-free", "text": "from the street."},
            {"kind": "captions", "text": "at every session."},
        ],
    )
    session.add(Segment(session_id=event.sessions[0].id, title="Tea", starts_at=AHEAD))
    session.commit()
    visitor.open("/events/chaos")
    assert heading(visitor.text) == "Working With Chaos"
    assert facts(visitor.text) == {
        "When": (
            "Wednesdays 10, 17 and 24 February 2027, 2pm to 5:30pm GMT"
            " Come to one, two or all three."
        ),
        "Where": "Room 1, Example House, London",
        "Cost": "Free for members. £30 if you are not.",
        "Who it is for": "Anyone leading music.",
        "Hosts and partners": "Example Music Service Example Hub",
    }
    assert section(visitor.text, 'aria-labelledby="acc">') == (
        "Access Live captions at every session. Step-free route from the street."
        " Ask for a BSL interpreter or live captions by Wednesday 20 January 2027 for the first"
        " date, and 21 days before each later one."
        " Need something else? Ask Jo Field , or tell us when you book."
        " Worried about somebody’s safety? Whom to talk to ."
    )
    assert 'href="mailto:jo@example.org"' in visitor.text
    text = visitor.text
    assert text.index("Step-free") < text.index("About this event") < text.index('id="dts"')
    assert "<h3>What we do</h3>\n<p>We <strong>play</strong>.</p>" in text
    assert "<script>alert(1)" not in text
    first = section(text, 'aria-labelledby="dts">').split(" Add to calendar")[0]
    assert first == (
        "Dates 10 Feb Wednesday 10 February 2027 2pm to 5:30pm GMT Tea from 2pm 10 places left"
    )


def test_social_time_stands_under_when(session, visitor):
    event = make_event(session, slug="launch", hours=2)
    starts_at = AHEAD + timedelta(hours=2)
    session.add(Segment(session_id=event.sessions[0].id, title="Social time", starts_at=starts_at))
    session.commit()
    visitor.open("/events/launch")
    assert facts(visitor.text)["When"] == (
        "Wednesday 10 February 2027, 2pm to 4pm GMT Then social time from 4pm."
    )


def test_a_record_says_what_was_not_recorded_and_cannot_be_booked(session, visitor):
    event = make_event(
        session,
        slug="then",
        is_record=True,
        starts_at=NOW - timedelta(days=900),
        access_contact_name=None,
        access_contact_email=None,
    )
    change(session, event, mode=None)
    visitor.open("/events/then")
    told = facts(visitor.text)
    assert {told[name] for name in ("Where", "Cost", "Who it is for", "Hosts")} == {"Not recorded"}
    assert section(visitor.text, 'aria-labelledby="acc">') == "Access Not recorded."
    assert section(visitor.text, 'aria-labelledby="abt">') == "About this event Not recorded."
    assert panel(visitor.text).startswith("From the archive This is a record of what took place.")
    assert visitor.forms() == []
    sent = visitor.client.post("/events/then/bookings", data={})
    assert sent.status_code == 400


def test_a_cancelled_event_says_so_with_the_reason(session, visitor):
    event = make_event(
        session, slug="off", status=EventStatus.CANCELLED, cancel_reason="The hall is flooded."
    )
    event.sessions[0].status = SessionStatus.CANCELLED
    session.commit()
    visitor.open("/events/off")
    said = words(visitor.text)
    assert "This event has been cancelled The hall is flooded." in said
    assert panel(visitor.text).startswith("Cancelled This event will not take place.")
    assert linked_data(visitor.text)["eventStatus"] == "https://schema.org/EventCancelled"


@pytest.mark.parametrize("ends", ["cancelled", "past", "closed"])
def test_what_cannot_be_booked_any_more_invites_nobody(session, visitor, ends):
    ways: dict[str, dict[str, Any]] = {
        "cancelled": {"status": EventStatus.CANCELLED},
        "past": {"starts_at": NOW - timedelta(days=60)},
        "closed": {"booking_closes_at": NOW - timedelta(days=1)},
    }
    make_event(session, slug="it", sessions=3, **ways[ends])
    visitor.open("/events/it")
    told = words(visitor.text)
    assert "Come to one" not in told
    assert ("Subscribe to these dates" in told) == (ends == "closed")
    assert ("The link to join opens in your booking, 48 hours before" in told) == (ends == "closed")
    assert ("Questions about this event? Ask Jo Field" in told) == (ends != "closed")
    assert ("Add to calendar" in told) == (ends == "closed")


def test_a_choice_is_of_the_dates_to_come(session, visitor, at):
    make_event(session, slug="it", sessions=3)
    with at(AHEAD + timedelta(days=1)):
        visitor.open("/events/it")
    assert facts(visitor.text)["When"].endswith("Come to one or both of those still to come.")


def test_a_sample_is_marked(session, visitor):
    make_event(session, slug="sample", is_sample=True)
    visitor.open("/events/sample")
    assert section(visitor.text, 'class="tagline tags">', "</p>") == "Training Sample"


def test_a_draft_is_there_for_nobody(session, visitor, as_person):
    make_event(session, slug="draft", status=EventStatus.DRAFT)
    assert visitor.open("/events/draft").status_code == 404
    assert as_person(make_member(session)).open("/events/draft").status_code == 404
    assert visitor.open("/events/no-such-event").status_code == 404


def test_former_addresses_lead_on(session, client, visitor):
    event = make_event(session, slug="new")
    session.add(FormerSlug(slug="old", event_id=event.id))
    session.commit()
    answer = client.get("/events/old")
    assert (answer.status_code, answer.location) == (301, "/events/new")
    change(session, event, status=EventStatus.DRAFT)
    assert client.get("/events/old").status_code == 404


def test_a_form_sent_to_a_former_address_arrives(session, visitor):
    event = make_event(session, slug="before")
    visitor.open("/events/before")
    session.add(FormerSlug(slug="before", event_id=event.id))
    change(session, event, slug="after")
    sent = dict(visitor.form("/bookings").fields) | {"name": "Ada", "email": "ada@example.org"}
    answer = visitor.client.post("/events/before/bookings", data=sent)
    assert (answer.status_code, answer.location) == (308, "/events/after/bookings")
    answer = visitor.client.post(answer.location, data=sent)  # As browsers do for a 308.
    assert answer.location.startswith("/events/after/thanks/")


def test_what_search_engines_read_of_one_date(session, visitor):
    make_event(
        session, slug="one", title="One </script><b>day</b>", summary="Short.",
        mode=Mode.IN_PERSON, hosts="Hub",
    )  # fmt: skip
    visitor.open("/events/one")
    site = "http://127.0.0.1:8000"
    assert linked_data(visitor.text) == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "One </script><b>day</b>",
        "url": f"{site}/events/one",
        "description": "Short.",
        "organizer": {"@type": "Organization", "name": "Hub"},
        "inLanguage": "en-GB",
        "startDate": "2027-02-10T14:00:00+00:00",
        "endDate": "2027-02-10T17:30:00+00:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": "Room 1, Example House, London",
            "address": "Room 1, Example House, London",
        },
    }
    assert f'<link rel="canonical" href="{site}/events/one">' in visitor.text
    assert 'type="text/calendar"' in visitor.text
    assert 'href="/events/one.ics"' in visitor.text
    assert '<meta property="og:title" content="One &lt;/script&gt;&lt;b&gt;day&lt;/b&gt;">' in (
        visitor.text
    )


def test_what_search_engines_read_of_a_series(session, visitor):
    event = make_event(session, slug="series", sessions=3, starts_at=NOW + timedelta(days=70))
    event.sessions[2].status = SessionStatus.CANCELLED
    session.commit()
    visitor.open("/events/series")
    read = linked_data(visitor.text)
    assert (read["@type"], read["location"]["@type"]) == ("EventSeries", "VirtualLocation")
    assert [one["startDate"] for one in read["subEvent"]] == [
        "2027-03-22T12:00:00+00:00",
        "2027-03-29T13:00:00+01:00",
    ]


@pytest.mark.parametrize(
    "title",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7 * 7 }} {% raw %}",
        "نص من اليمين إلى اليسار",
        "x" * 200,
        "Emoji 🎵 and \\ backslash; comma, quote ' done",
    ],
)
def test_odd_titles_are_only_text(session, visitor, title):
    make_event(session, slug="odd", title=title, summary=title, hosts=title, cost=title)
    visitor.open("/events/odd")
    assert heading(visitor.text) == title
    assert facts(visitor.text)["Cost"] == title
    assert linked_data(visitor.text)["name"] == title
    assert "<script>alert" not in visitor.text
    assert "<img src=x" not in visitor.text


def test_times_carry_the_zone_of_the_event(session, visitor):
    make_event(session, slug="paris", zone="Europe/Paris")
    visitor.open("/events/paris")
    assert facts(visitor.text)["When"] == "Wednesday 10 February 2027, 3pm to 6:30pm CET"


def test_the_preview_for_coordinators_shows_a_draft_and_books_nothing(app, session):
    from netapp.events import views  # noqa: PLC0415

    event = make_event(session, title="Not yet", status=EventStatus.DRAFT)
    with app.test_request_context("/desk/events/x/preview"):
        shown = views.preview(event.id)
    assert heading(shown) == "Not yet"
    assert "Only coordinators see this page." in words(shown)
    assert panel(shown) == "Book your place People book here once the event is published."
    assert 'name="robots" content="noindex"' in shown
