"""The page of one event: what it says to everybody, and to whom it offers what."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from netapp.events.models import (
    Audience,
    BookedAs,
    Event,
    EventStatus,
    FormerSlug,
    Mode,
    Segment,
    SessionStatus,
    Theme,
)
from netapp.events.operations.changing import cancel_booking
from tests.events.scenes import book, fill
from tests.events.views.pages import heading, linked_data, section, ticked, words
from tests.factories import NOW, make_event, make_member, make_person

AHEAD = NOW + timedelta(days=30, hours=2)  # Wednesday 10 February 2027, 2pm in London.


def facts(page_text):
    """The key facts by their names."""
    block = page_text.split('<dl class="keyfacts">', 1)[1].split("</dl>", 1)[0]
    rows = [row.split("</dt>") for row in block.split("<dt>")[1:]]
    return {words(name): words(value) for name, value in rows}


def panel(page_text):
    return section(page_text, 'id="book"', "</section>").partition(">")[2].strip()


def change(session, event, **values):
    """Write to an event as operations do: with a new revision."""
    values["revision"], values["page_revision"] = Event.revision + 1, Event.page_revision + 1
    session.execute(update(Event).where(Event.id == event.id).values(**values))
    session.commit()


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
    ("options", "taken", "begins"),
    [
        ({}, 0, "Book your place Wednesday 10 February 2027 2pm to 5:30pm GMT. 10 places left"),
        ({"capacity": 1}, 1, "Join the waiting list Wednesday 10 February 2027"),
        ({"capacity": 1, "has_waiting_list": False}, 1, "Every place has been taken"),
        (
            {"booking_opens_at": NOW + timedelta(days=3)},
            0,
            "Booking is not open yet Booking opens on Thursday 14 January 2027, midday GMT .",
        ),
        ({"booking_closes_at": NOW}, 0, "Booking has closed"),
        ({"starts_at": NOW - timedelta(hours=1)}, 0, "Booking has closed"),
        ({"starts_at": NOW - timedelta(days=1)}, 0, "This event is over"),
        (
            {"starts_at": NOW - timedelta(days=1), "sessions": 3, "booked_as": BookedAs.WHOLE},
            0,
            "Booking has closed",
        ),
        ({"starts_at": NOW - timedelta(days=1), "sessions": 2}, 0, "Book your place Sunday 17"),
        ({"audience": Audience.MEMBERS}, 0, "For members This event is for members"),
    ],
)
def test_the_panel_says_whether_one_can_book(session, visitor, options, taken, begins):
    event = make_event(session, slug="it", **options)
    fill(session, event, 0, people=taken)
    visitor.open("/events/it")
    assert panel(visitor.text)[: len(begins)] == begins
    books = [form for form in visitor.forms() if form.action.endswith("/bookings")]
    assert len(books) == (1 if begins.startswith(("Book your", "Join")) else 0)


def test_a_course_is_booked_as_one(session, visitor):
    make_event(session, slug="course", sessions=2, booked_as=BookedAs.WHOLE, capacity=7)
    visitor.open("/events/course")
    assert panel(visitor.text).startswith(
        "Book your place One booking for both dates"
        " Wednesday 10 February 2027 2pm to 5:30pm GMT"
        " Wednesday 17 February 2027 2pm to 5:30pm GMT 7 places left. Your name"
    )


def test_the_next_date_with_a_place_is_ticked(session, visitor):
    event = make_event(session, slug="three", sessions=3, capacity=1)
    book(session, event, 0)
    visitor.open("/events/three")
    assert ticked(visitor.text) == [event.sessions[1].key]
    assert "Full. Tick it to join the waiting list." in words(visitor.text)
    bar = section(visitor.text, '<div class="stickybar">', "</div>")
    assert bar == "Book your place Next: Wed 17 Feb, 1 place left Book"


def you_book(page_text):
    """What is said beside the button, of that what is not hidden."""
    told = page_text.split("data-you-book>")[1].split("</div>")[0]
    return [words(line) for line in told.split("</p>") if line.strip() and " hidden>" not in line]


def test_what_the_button_books_is_said_beside_it(session, visitor):
    event = make_event(session, slug="it", sessions=3, capacity=1)
    visitor.open("/events/it")
    assert you_book(visitor.text) == ["You book: Wednesday 10 February, 2pm"]
    book(session, event, 0)
    visitor.open("/events/it")
    assert you_book(visitor.text) == ["You book: Wednesday 17 February, 2pm"]
    keys = [date.key for date in event.sessions]
    visitor.send("/events/it/bookings", name="", email="", session=keys)
    assert you_book(visitor.text) == [
        "You book: Wednesday 17 February, 2pm Wednesday 24 February, 2pm",
        "You join the waiting list for: Wednesday 10 February, 2pm",
    ]
    visitor.send("/events/it/bookings", name="", email="", session=[])
    assert you_book(visitor.text) == ["Tick the dates you want."]


def test_one_date_and_a_course_name_their_dates_above_already(session, visitor):
    make_event(session, slug="one")
    make_event(session, slug="course", sessions=3, booked_as=BookedAs.WHOLE)
    for slug in ("one", "course"):
        visitor.open(f"/events/{slug}")
        assert "data-you-book" not in visitor.text


def test_a_full_date_without_a_waiting_list_cannot_be_ticked(session, visitor):
    event = make_event(session, slug="two", sessions=2, capacity=1, has_waiting_list=False)
    book(session, event, 0)
    visitor.open("/events/two")
    assert [value for name, value in visitor.form("/bookings").fields if name == "session"] == [
        event.sessions[1].key
    ]
    assert f'value="{event.sessions[0].key}" disabled' in visitor.text


def test_whoever_waits_already_goes_first(session, visitor):
    """A place came free, and is on offer to the first who waits: a newcomer would wait, too."""
    event = make_event(session, slug="wait", sessions=2, capacity=1, booked_as=BookedAs.WHOLE)
    book(session, event)
    book(session, event)
    visitor.open("/events/wait")
    assert panel(visitor.text).startswith("Join the waiting list")


def test_a_member_sees_their_name_and_no_fields(session, as_person):
    make_event(session, slug="it")
    member = as_person(make_member(session, name="Amara Osei", email="amara@example.org"))
    member.open("/events/it")
    said = panel(member.text)
    assert "A Amara Osei, member amara@example.org" in said
    assert member.form("/bookings").names >= {"needs", "seen", "once"}
    assert "email" not in member.form("/bookings").names


def test_members_only(session, visitor, as_person):
    make_event(session, slug="ours", audience=Audience.MEMBERS)
    visitor.open("/events/ours")
    assert 'href="/sign-in?next=/events/ours"' in visitor.text
    other = as_person(make_person(session, email="visitor@example.org"))
    other.open("/events/ours")
    assert "and visitor@example.org is not a member at the moment." in panel(other.text)
    member = as_person(make_member(session))
    member.open("/events/ours")
    assert panel(member.text).startswith("Book your place")


def test_who_has_booked_is_led_to_the_booking(session, as_person):
    event = make_event(session, slug="it")
    person = make_member(session)
    booking = book(session, event, 0, person=person)
    member = as_person(person)
    member.open("/events/it")
    assert panel(member.text).startswith("You have a booking")
    assert member.forms()[0].action == "/sign-out"
    assert f'href="/bookings/{booking.reference}"' in member.text


def test_who_waits_or_has_an_offer_is_not_said_to_have_a_place(session, as_person):
    event = make_event(session, slug="it", capacity=1)
    first = book(session, event, 0)
    person = make_member(session)
    booking = book(session, event, 0, person=person)
    member = as_person(person)
    member.open("/events/it")
    assert panel(member.text).startswith("You are on the waiting list See your number")
    cancel_booking(session, booking_id=first.id, now=NOW)
    session.commit()
    member.open("/events/it")
    assert panel(member.text).startswith("A place has come free for you We hold it for a while.")
    assert f'href="/bookings/{booking.reference}#offer"' in member.text


def test_a_stranger_costs_six_queries_and_then_one(session, client, count_queries):
    event = make_event(session, slug="it", sessions=5)
    session.add(Segment(session_id=event.sessions[0].id, title="Tea", starts_at=AHEAD))
    session.commit()
    costs = []
    for _ in range(2):
        with count_queries() as statements:
            assert client.get("/events/it").status_code == 200
        costs.append(len(statements))
    assert costs == [6, 1]


def test_a_member_costs_four_queries_more(session, as_person, count_queries):
    make_event(session, slug="it")
    member = as_person(make_member(session))
    member.open("/events/it")
    with count_queries() as statements:
        member.open("/events/it")
    assert len(statements) == 5


def test_a_kept_page_gives_each_form_its_own_tokens(session, as_person):
    make_event(session, slug="it")
    fields = []
    for _ in range(3):
        stranger = as_person(None)
        stranger.open("/events/it")
        fields.append(dict(stranger.form("/bookings").fields))
    assert len({form["once"] for form in fields}) == 3
    assert len({form["csrf_token"] for form in fields}) == 3
    assert "form-token" not in stranger.text
    assert stranger.page.headers["Cache-Control"] == "no-store"


def test_a_kept_page_is_never_another_persons(session, as_person):
    make_event(session, slug="it")
    stranger, member = as_person(None), as_person(make_member(session, name="Amara Osei"))
    for visitor in (stranger, member, stranger):
        visitor.open("/events/it")
    assert "Amara" not in stranger.text
    member.open("/events/it")
    assert "Amara Osei" in member.text


def test_a_kept_page_follows_display_settings_and_tells_what_is_to_be_said_once(session, client):
    make_event(session, slug="it")
    client.get("/events/it")
    client.set_cookie("display", "xl.calm")
    assert 'data-text="xl" data-look="calm"' in client.get("/events/it").text
    with client.session_transaction() as cookie:
        cookie["_flashes"] = [("success", "Said once.")]
    assert "Said once." in client.get("/events/it").text
    assert "Said once." not in client.get("/events/it").text


def test_a_kept_page_tells_of_every_change_at_once(session, client, at):
    event = make_event(session, slug="it", capacity=2)
    assert "2 places left" in client.get("/events/it").text
    book(session, event, 0)
    assert "1 place left" in client.get("/events/it").text
    change(session, event, title="Another title")
    assert heading(client.get("/events/it").text) == "Another title"
    with at(AHEAD):
        assert panel(client.get("/events/it").text).startswith("Booking has closed")
    with at(AHEAD + timedelta(hours=3, minutes=30)):
        assert panel(client.get("/events/it").text).startswith("This event is over")
    assert panel(client.get("/events/it").text).startswith("Book your place")


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
