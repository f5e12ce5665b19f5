"""All bookings of one person, and the next one on their own page."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from netapp.events.models import Event, Place
from netapp.events.operations import changing, ending
from tests.events.scenes import book, states
from tests.events.views.pages import section, words
from tests.factories import NOW, make_event, make_member


@pytest.fixture
def amara(session):
    return make_member(session, name="Amara Osei")


@pytest.fixture
def member(amara, as_person):
    return as_person(amara)


def rows(page_text, name):
    """The rows under one heading."""
    block = page_text.split(f'aria-labelledby="{name}"', 1)[1].split("</ul>", 1)[0]
    return [words(row.split("</li>")[0]) for row in block.split("<li>")[1:]]


def test_strangers_sign_in_first(visitor):
    visitor.open("/account/bookings")
    assert visitor.path == "/sign-in"
    assert 'value="/account/bookings"' in visitor.text


def test_nothing_yet_has_one_next_step(member):
    member.open("/account/bookings")
    assert "You have no place booked. See what is coming up" in words(member.text)
    assert '<ul class="rows">' not in member.text


def test_on_offer_coming_waiting_cancelled_and_past(session, member, amara, at):
    late = make_event(session, title="Later", starts_at=NOW + timedelta(days=60))
    soon = make_event(session, title="Soon", starts_at=NOW + timedelta(hours=5))
    full = make_event(session, title="Full", capacity=1, sessions=2)
    free = make_event(session, title="Freed", capacity=1)
    then = make_event(session, title="Then", starts_at=NOW + timedelta(hours=1), hours=1)
    gone = make_event(session, title="Given back")
    book(session, full, 0)
    first = book(session, free, 0)
    off = make_event(session, title="Called off", sessions=2)
    for event in (late, soon, full, free, then, gone, off):
        book(session, event, 0, person=amara)
    changing.cancel_booking(session, booking_id=first.id, now=NOW)
    mine = session.scalars(select(Place).where(Place.session_id == gone.sessions[0].id)).one()
    changing.cancel_booking(session, booking_id=mine.booking_id, now=NOW)
    left = book(session, full, 1)
    mine = book(session, make_event(session, title="Twice"), 0, person=amara)
    changing.cancel_booking(session, booking_id=mine.id, now=NOW)
    twice = session.get_one(Event, mine.event_id, options=[selectinload(Event.sessions)])
    book(session, twice, 0, person=amara)
    ending.end_places(session, off.sessions[:1], NOW)
    off.sessions[0].cancel_reason = "The hall has no heating."
    session.commit()
    assert states(session, left) == ["confirmed"]
    with at(NOW + timedelta(hours=3)):
        member.open("/account/bookings")
    assert rows(member.text, "m1") == [
        "11 Jan Soon Monday 11 January 2027, 5pm to 8:30pm GMT Online Join Open",
        "10 Feb Twice Wednesday 10 February 2027, 2pm to 5:30pm GMT Online Open",
        "12 Mar Later Friday 12 March 2027, midday to 3:30pm GMT Online Open",
    ]
    assert rows(member.text, "m0") == [
        "10 Feb Freed Wednesday 10 February 2027, 2pm to 5:30pm GMT Online"
        " We hold it until Wednesday 13 January 2027, 10am GMT . Answer",
    ]
    assert rows(member.text, "m2") == [
        "10 Feb Full Wednesday 10 February 2027, 2pm to 5:30pm GMT Online"
        " You are number 1 on the list.",
    ]
    assert rows(member.text, "m3") == [
        "10 Feb Given back Wednesday 10 February 2027, 2pm to 5:30pm GMT Online Cancelled by you",
        "10 Feb Called off Wednesday 10 February 2027, 2pm to 5:30pm GMT Online"
        " Cancelled by the network The hall has no heating.",
    ]
    assert rows(member.text, "m4") == [
        "11 Jan 2027 Then Monday 11 January 2027, 1pm to 2pm GMT Online",
    ]
    assert 'href="https://meet.example.org/abc"' in member.text


def test_only_ones_own(session, member, amara):
    event = make_event(session, title="Somebody else is here")
    book(session, event, 0)
    member.open("/account/bookings")
    assert "Somebody else" not in member.text


def test_the_past_in_pages(session, member, amara, at):
    for hours in range(30):
        event = make_event(session, starts_at=NOW + timedelta(hours=1 + hours), hours=0.5)
        book(session, event, 0, person=amara)
    with at(NOW + timedelta(days=2)):
        member.open("/account/bookings?page=2")
        assert len(rows(member.text, "m4")) == 5
        assert rows(member.text, "m4")[-1].startswith("11 Jan 2027")
        member.open("/account/bookings?page=77")
        assert len(rows(member.text, "m4")) == 5


def test_the_list_costs_the_same_with_one_row_and_with_thirty(
    session, member, amara, count_queries, at
):
    costs = []
    for number in (1, 30):
        full = make_event(session, sessions=number, capacity=1)
        book(session, full, *range(number))
        book(session, full, *range(number), person=amara)
        coming = make_event(session, sessions=number)
        book(session, coming, *range(number), person=amara)
        past = make_event(session, sessions=number, starts_at=NOW + timedelta(hours=1), hours=0.02)
        book(session, past, *range(number), person=amara)
        session.expire_all()
        with at(NOW + timedelta(hours=2)), count_queries() as statements:
            assert member.open("/account/bookings").status_code == 200
        costs.append(len(statements))
    assert costs == [8, 8]


def test_the_next_booking_stands_on_ones_own_page(session, member, amara):
    member.open("/account")
    assert section(member.text, 'aria-labelledby="next">') == (
        "Your next booking You have no place booked. See what is coming up"
    )
    for days, title in ((9, "Later"), (3, "Sooner")):
        event = make_event(session, title=title, starts_at=NOW + timedelta(days=days))
        book(session, event, 0, person=amara)
    member.open("/account")
    assert section(member.text, 'aria-labelledby="next">') == (
        "Your next booking All bookings 14 Jan Sooner Thursday 14 January 2027,"
        " midday to 3:30pm GMT Online Open"
    )


def test_what_is_waited_for_stands_on_ones_own_page(session, member, amara):
    event = make_event(session, title="Full", capacity=1, sessions=2)
    book(session, event, 0, 1)
    waiting = book(session, event, 0, 1, person=amara)
    assert states(session, waiting) == ["waiting", "waiting"]
    member.open("/account")
    assert section(member.text, 'aria-labelledby="waiting">') == (
        "You are on the waiting list All bookings 10 Feb Full Wednesday 10 February 2027,"
        " 2pm to 5:30pm GMT And 1 more date. You are number 1 on the list."
        " We email you when a place comes free. Open"
    )
    assert "You have no place booked." not in words(member.text)
    assert "Your next booking" not in words(member.text)


def test_an_offer_stands_first_with_its_end(session, member, amara):
    soon = make_event(session, title="Soon", starts_at=NOW + timedelta(days=2))
    book(session, soon, 0, person=amara)
    event = make_event(session, title="Freed", capacity=1)
    first = book(session, event, 0)
    offered = book(session, event, 0, person=amara)
    changing.cancel_booking(session, booking_id=first.id, now=NOW)
    session.commit()
    member.open("/account")
    assert section(member.text, 'aria-labelledby="offers">') == (
        "A place has come free for you 10 Feb Freed Wednesday 10 February 2027,"
        " 2pm to 5:30pm GMT We hold it until Wednesday 13 January 2027, 10am GMT ."
        " Then it goes to the next person. Answer"
    )
    assert f'href="/bookings/{offered.reference}#offer"' in member.text
    assert member.text.index('id="offers"') < member.text.index('id="next"')
