"""The panel beside an event: whether one can book, and what the button books."""

from datetime import timedelta

import pytest

from netapp.events.models import Audience, BookedAs
from netapp.events.operations.changing import cancel_booking
from tests.events.scenes import book, fill
from tests.events.views.event_pages import panel
from tests.events.views.pages import section, ticked, words
from tests.factories import NOW, make_event, make_member, make_person


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
