"""Bookings on the desk: find, add, cancel, take away, the waiting list, access needs."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.events.models import (
    AccessNeed,
    BookedAs,
    Booking,
    EventMode,
    EventStatus,
    NeedState,
)
from netapp.events.operations import dates as date_operations
from netapp.events.operations import needs, preferences
from netapp.events.plans import PlacesPlan, Telling
from netapp.events.queries.manage_needs import mark_of
from tests.events.manage.plans import ACTOR, lines
from tests.events.scenes import book, fill, forget_mails, mails, states
from tests.factories import NOW, make_event, make_member, make_person


@pytest.fixture
def event(session, now_there):
    return now_there(make_event(session, sessions=2, capacity=2, title="Chaos", slug="chaos"))


def names(desk, *wanted):
    """Which of these names the list shows."""
    return [name for name in wanted if f">{name}</a>" in desk.text]


PEOPLE = ("Ana Bell", "Ben Cole", "Cy Dean")


@pytest.fixture
def booked(session, event):
    """Ana and Ben have a place in the first date, Cy waits for it and has the second."""
    made = {}
    for name in PEOPLE:
        person = make_person(
            session, name=name, email=f"{name[:2].lower()}@example.org", organisation="Hub"
        )
        numbers = (0, 1) if name == "Cy Dean" else (0,)
        made[name] = book(session, event, *numbers, person=person)
    forget_mails(session)
    return made


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", PEOPLE),
        ("?q=ana", ("Ana Bell",)),
        ("?q=cy@example", ("Cy Dean",)),
        ("?q=hub+ben", ("Ben Cole",)),
        ("?q=%25", ()),
        ("?state=waiting", ("Cy Dean",)),
        ("?state=confirmed", PEOPLE),
        ("?state=cancelled", ()),
        ("?state=nonsense&date=nonsense", ()),
        ("?date=%00", PEOPLE),
        ("?date=FIRST&state=confirmed", ("Ana Bell", "Ben Cole")),
        ("?date=SECOND", ("Cy Dean",)),
    ],
)
def test_bookings_are_found(desk, event, booked, query, shown):
    first, second = (date.key for date in event.sessions)
    address = query.replace("FIRST", first).replace("SECOND", second)

    desk.open(f"/desk/events/{event.key}/bookings{address}")

    assert names(desk, *PEOPLE) == list(shown)


def test_a_booking_is_found_by_its_reference(desk, event, booked):
    desk.open(f"/desk/events/{event.key}/bookings?q={booked['Ben Cole'].reference.lower()}")

    assert names(desk, *PEOPLE) == ["Ben Cole"]


def test_the_list_needs_the_same_queries_for_1_and_for_30(desk, session, now_there, count_queries):
    event = now_there(make_event(session, sessions=2, capacity=100))
    fill(session, event, 0, 1, people=1)
    address = f"/desk/events/{event.key}/bookings"
    desk.open(address)
    with count_queries() as few:
        desk.open(address)
    fill(session, event, 0, 1, people=29)
    with count_queries() as many:
        desk.open(address)

    assert len(few) == len(many)
    assert "30 bookings" in desk.text


def test_a_booking_has_its_story(desk, event, booked):
    desk.open(f"/desk/events/{event.key}/bookings/{booked['Cy Dean'].reference}")

    assert "Cy Dean" in desk.text
    assert "Booked." in desk.text
    assert "Waiting" in desk.text
    assert "Has a place" in desk.text
    assert "Signed in, Mon 11 Jan 2027, midday" in desk.text


def test_somebody_is_added_by_hand(desk, session, event):
    desk.open(f"/desk/events/{event.key}/bookings/new")

    desk.send(
        "/bookings/new",
        name="Dee Ellis",
        email="Dee@Example.org",
        dates=[event.sessions[0].key],
        reason="Asked on the phone.",
    )

    (booking,) = session.scalars(select(Booking)).all()
    assert desk.path == f"/desk/events/{event.key}/bookings/{booking.reference}"
    assert "Dee Ellis is added, and a mail is on its way to them." in desk.text
    assert "Added by hand" in desk.text
    assert states(session, booking) == ["confirmed"]
    assert mails(session) == ["events/booking_confirmed"]
    assert lines(session) == [("booking.add", "Booked Chaos for Dee Ellis.", "Asked on the phone.")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Enter a name, like Sam Okoro."),
        ({"email": "nobody"}, "Enter an email address, like name@example.org"),
        ({"reason": ""}, "Say why, in a few words."),
        ({"dates": None}, "Choose at least one date."),
    ],
)
def test_wrong_fields_are_named_and_what_was_typed_stays(desk, session, event, typed, said):
    desk.open(f"/desk/events/{event.key}/bookings/new")
    filled = {
        "name": "Dee",
        "email": "dee@example.org",
        "dates": event.sessions[0].key,
        "reason": "Rang.",
    }

    page = desk.send("/bookings/new", filled | typed)

    assert page.status_code in (409, 422)
    assert said in desk.text
    assert session.scalars(select(Booking.id)).all() == []
    kept = dict(desk.form("/bookings/new").fields)
    assert [kept[n] for n in ("name", "email") if n not in typed] == [
        filled[n] for n in ("name", "email") if n not in typed
    ]


def test_how_they_take_part_is_asked_at_its_field(desk, session):
    event = make_event(session, mode=EventMode.HYBRID)
    desk.open(f"/desk/events/{event.key}/bookings/new")
    page = desk.send("/bookings/new", name="Dee", email="dee@example.org", reason="Rang.")
    assert page.status_code == 422
    assert desk.text.count("Choose how they take part: in person or online.") == 2
    desk.send("/bookings/new", mode="online")
    assert "Dee is added" in desk.text


def test_who_is_booked_already_is_shown_with_a_link(desk, event, booked):
    desk.open(f"/desk/events/{event.key}/bookings/new")

    page = desk.send(
        "/bookings/new",
        name="Ana",
        email="an@example.org",
        dates=event.sessions[1].key,
        reason="Rang.",
    )

    assert page.status_code == 409
    assert "Ana Bell already has a booking for this event" in desk.text
    assert "There is something to put right" not in desk.text
    assert f"/bookings/{booked['Ana Bell'].reference}" in desk.text
    assert dict(desk.form("/bookings/new").fields)["reason"] == "Rang."


def test_a_course_is_added_whole(desk, session, now_there):
    event = now_there(make_event(session, sessions=2, booked_as=BookedAs.WHOLE))
    desk.open(f"/desk/events/{event.key}/bookings/new")

    desk.send("/bookings/new", name="Dee", email="dee@example.org", reason="Rang.")

    (booking,) = session.scalars(select(Booking)).all()
    assert states(session, booking) == ["confirmed", "confirmed"]


def test_a_booking_is_cancelled_with_a_reason_once(desk, session, event, booked):
    desk.open(f"/desk/events/{event.key}/bookings/{booked['Ana Bell'].reference}")
    page = desk.send("/cancel", reason="")
    assert page.status_code == 422
    assert "Say why, in a few words" in desk.text

    form = desk.form("/cancel")
    for _ in range(2):
        desk.client.post(form.action, data=dict(form.fields) | {"reason": "She is ill."})
    desk.open(f"/desk/events/{event.key}/bookings/{booked['Ana Bell'].reference}")

    assert states(session, booked["Ana Bell"]) == ["cancelled"]
    assert states(session, booked["Cy Dean"]) == ["offered", "confirmed"]
    assert mails(session) == ["events/booking_cancelled", "events/offer"]
    assert "Cancelled: She is ill." in desk.text
    assert "By Jo Field." in desk.text
    assert lines(session) == [
        ("booking.cancel", "Cancelled the booking of Ana Bell for Chaos.", "She is ill.")
    ]


def test_a_reason_without_a_full_stop_gets_one(desk, session, event, booked):
    path = f"/desk/events/{event.key}/bookings/{booked['Ana Bell'].reference}"
    desk.open(path)
    desk.send("/cancel", reason="Asked us on the phone")
    desk.open(path)

    assert 'Cancelled: Asked us on the phone. <span class="soft">By Jo Field.</span>' in desk.text


def test_bookings_of_another_event_are_not_found_here(desk, session, booked):
    other = make_event(session)

    page = desk.open(f"/desk/events/{other.key}/bookings/{booked['Ana Bell'].reference}")

    assert page.status_code == 404


def exported(desk, event, query=""):
    desk.open(f"/desk/events/{event.key}/bookings{query}")
    page = desk.send("/bookings.csv")
    text = page.data.decode("utf-8")
    assert text.startswith("\ufeff")
    assert "\r\n" in text
    return page, list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_bookings_are_taken_away_as_a_table(desk, session, event, booked):
    page, rows = exported(desk, event)

    assert page.headers["Content-Disposition"] == 'attachment; filename="chaos-bookings.csv"'
    assert page.headers["Cache-Control"] == "no-store"
    assert rows[0] == [
        *("Reference", "Name", "Email", "Organisation", "Order number"),
        *("Booked by", "Their email", "Booked at", "How"),
        "Wed 10 Feb 2027, 2pm GMT",
        "Wed 17 Feb 2027, 2pm GMT",
    ]
    assert [row[1:4] + row[8:] for row in rows[1:]] == [
        ["Cy Dean", "cy@example.org", "Hub", "Signed in", "Waiting", "Has a place"],
        ["Ben Cole", "be@example.org", "Hub", "Signed in", "Has a place", ""],
        ["Ana Bell", "an@example.org", "Hub", "Signed in", "Has a place", ""],
    ]
    assert lines(session) == [("booking.export", "Took away 3 bookings of Chaos as a table.", "")]


def test_a_table_is_safe_to_open(desk, session, event):
    hostile = '=HYPERLINK("http://evil.example","x")'
    person = make_person(session, name=hostile, organisation="+44 20 7946 0018")
    book(session, event, 0, person=person)

    _, rows = exported(desk, event)

    assert rows[1][1] == "'" + hostile
    assert rows[1][3] == "+44 20 7946 0018"


def test_the_table_holds_what_the_list_was_filtered_to(desk, event, booked):
    _, rows = exported(desk, event, "?state=waiting")

    assert [row[1] for row in rows[1:]] == ["Cy Dean"]


def test_the_waiting_list_says_who_is_next_and_why_nobody_is_offered(desk, event, booked):
    desk.open(f"/desk/events/{event.key}/waiting")

    assert "No place is free: 2 of 2 places confirmed." in desk.text
    assert "Next to be offered" in desk.text
    assert names(desk, *PEOPLE) == ["Cy Dean"]


def test_the_waiting_list_says_until_when_an_offer_holds(desk, session, event, booked):
    date_operations.set_places(
        session,
        event_id=event.id,
        places={event.sessions[0].key: PlacesPlan(3)},
        seen_version=1,
        actor=ACTOR,
        now=NOW,
    )
    session.commit()
    fill(session, event, 0, people=1)

    desk.open(f"/desk/events/{event.key}/waiting")

    until = "held until Wed 13 Jan 2027, 10am GMT"
    assert f"Offered Mon 11 Jan 2027, midday GMT, {until}" in desk.text
    assert "The offer is held until Wed 13 Jan 2027, 10am GMT; if it is not taken" in desk.text


@pytest.fixture
def told(session, event, booked):
    """Ana and Cy said what would help."""
    for name, text in (("Ana Bell", "BSL, please.\nI sit in front."), ("Cy Dean", "A quiet room.")):
        booking = session.get_one(Booking, booked[name].id)
        needs.keep_need(session, booking=booking, text=text, now=NOW)
    session.commit()


def test_access_needs_are_counted_before_they_are_opened(desk, session, event, told):
    desk.open(f"/desk/events/{event.key}/needs")

    assert "2 people told us. 2 wait for an answer." in desk.text
    assert "BSL" not in desk.text
    assert "Ana" not in desk.text
    assert lines(session) == []


def test_opening_access_needs_writes_down_each_reading(desk, session, event, told):
    desk.open(f"/desk/events/{event.key}/needs")

    page = desk.send("/needs")

    assert "BSL, please.\nI sit in front." in desk.text
    assert "A quiet room." in desk.text
    assert "Ana Bell" in desk.text
    assert page.headers["Cache-Control"] == "no-store"
    line = ("need.read", "Read what one person needs to take part in Chaos.", "")
    assert lines(session) == [line, line]


def test_what_is_answered_is_marked(desk, session, event, told):
    desk.open(f"/desk/events/{event.key}/needs")
    desk.send("/needs")
    first = session.scalars(select(AccessNeed).order_by(AccessNeed.id)).first()

    desk.send("/needs/answered", need=[f"{first.key}.{mark_of(first)}", "\x00", "😀", "a.b"])

    found = session.scalars(select(AccessNeed.state).order_by(AccessNeed.id)).all()
    assert found == [NeedState.ANSWERED, NeedState.NEW]
    assert "2 people told us. 1 waits for an answer." in desk.text
    assert "BSL" not in desk.text
    assert [line[0] for line in lines(session)] == ["need.read", "need.read", "need.answer"]


def test_a_text_that_was_written_anew_is_not_marked(desk, session, event, told):
    desk.open(f"/desk/events/{event.key}/needs")
    desk.send("/needs")
    first, second = session.scalars(select(AccessNeed).order_by(AccessNeed.id)).all()
    read = [f"{need.key}.{mark_of(need)}" for need in (first, second)]
    preferences.tell_needs(
        session, booking_id=first.booking_id, telling=Telling("Two interpreters, please"), now=NOW
    )
    session.commit()

    desk.send("/needs/answered", need=read)

    found = session.scalars(select(AccessNeed.state).order_by(AccessNeed.id)).all()
    assert found == [NeedState.NEW, NeedState.ANSWERED]
    assert "Noted." in desk.text
    assert (
        "1 person has written something else since you opened the page. It still waits for an "
        "answer: show it again, and read it first." in desk.text
    )


def test_a_text_changed_between_reading_and_marking_stays_new_under_the_lock(session, event, told):
    need = session.scalars(select(AccessNeed).order_by(AccessNeed.id)).first()
    old = mark_of(need)
    preferences.tell_needs(session, booking_id=need.booking_id, telling=Telling("Other"), now=NOW)

    done = needs.answer_needs(session, event=event, read={need.key: old}, actor=ACTOR, now=NOW)

    assert (done.marked, done.changed, need.state) == (0, 1, NeedState.NEW)


def test_needs_of_another_event_cannot_be_marked_from_here(desk, session, event, told, now_there):
    other = now_there(make_event(session))
    desk.open(f"/desk/events/{event.key}/needs")
    desk.send("/needs")
    form = desk.form("/needs/answered")
    need = session.scalars(select(AccessNeed)).first()
    sent = dict(form.fields) | {"need": f"{need.key}.{mark_of(need)}"}

    desk.client.post(f"/desk/events/{other.key}/needs/answered", data=sent)

    assert set(session.scalars(select(AccessNeed.state))) == {NeedState.NEW}


def test_access_needs_are_in_no_list_table_or_sheet(desk, event, told):
    key = event.sessions[0].key
    texts = [desk.open(f"/desk/events/{event.key}/bookings").text]
    texts.append(desk.send("/bookings.csv").text)
    texts.append(desk.open(f"/desk/events/{event.key}/dates/{key}/sign-in-sheet").text)
    texts.append(desk.open("/desk").text)

    assert ["BSL" in text for text in texts] == [False] * 4


def test_members_read_nobodys_needs(session, as_person, event, told):
    visitor = as_person(make_member(session))

    assert visitor.open(f"/desk/events/{event.key}/needs").status_code == 404
    assert lines(session) == []


def test_a_draft_has_no_bookings(desk, session):
    event = make_event(session, status=EventStatus.DRAFT, published_at=None)

    desk.open(f"/desk/events/{event.key}/bookings")

    assert "Nobody can book a draft." in desk.text


def test_nobody_is_added_to_what_is_over(desk, session):
    event = make_event(session, starts_at=NOW - timedelta(days=3))

    desk.open(f"/desk/events/{event.key}/bookings/new")

    assert "No date is still to come." in desk.text
