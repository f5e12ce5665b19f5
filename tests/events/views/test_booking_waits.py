"""The page of a booking that waits, or has a place on offer."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.events.links import booking_key
from netapp.events.models import BookedAs
from netapp.events.operations import changing
from netapp.mail.models import OutboxMessage
from tests.events.scenes import book
from tests.events.views.booking_pages import AHEAD, errors, fresh, said
from tests.events.views.pages import heading, section, words
from tests.factories import NOW, make_event, make_guest


@pytest.fixture
def site(app):
    return app.extensions["site"]


@pytest.fixture
def link(site):
    """The address in the mail."""
    return lambda booking: f"/bookings/{booking.reference}?key={booking_key(site, booking)}"


@pytest.fixture
def guest(session):
    return make_guest(session, name="Ada Byron", email="ada@example.org")


def test_a_waiting_list_can_be_left_until_the_start(session, visitor, guest, link, at):
    event = make_event(session, capacity=1, change_until_hours=24)
    book(session, event, 0)
    booking = book(session, event, 0, person=guest)
    with at(AHEAD - timedelta(minutes=5)):
        visitor.open(link(booking))
        assert "too late" not in words(visitor.text)
        visitor.open(link(booking).replace("?", "/cancel?"))
        assert "Leave the waiting list?" in visitor.text
        visitor.send("/cancel")
        assert fresh(session, booking) == ["cancelled"]


def test_one_waiting_list_is_left_while_the_other_dates_are_fixed(
    session, visitor, guest, link, at
):
    event = make_event(session, sessions=2, capacity=1, change_until_hours=24 * 9)
    book(session, event, 0)
    booking = book(session, event, 0, 1, person=guest)
    with at(AHEAD - timedelta(hours=23)):
        visitor.open(link(booking))
        assert "It is too late to change this date." in words(visitor.text)
        visitor.send("/change")  # The button beside the date that is waited for.
        assert fresh(session, booking) == ["cancelled", "confirmed"]


def test_an_offer_can_be_refused_until_the_start(session, visitor, guest, link, at):
    event = make_event(session, capacity=1, change_until_hours=24, offer_hours=336)
    first = book(session, event, 0)
    booking = book(session, event, 0, person=guest)
    changing.cancel_booking(session, booking_id=first.id, now=AHEAD - timedelta(hours=30))
    session.commit()
    with at(AHEAD - timedelta(minutes=5)):
        visitor.open(link(booking))
        visitor.send("/offer", answer="refuse")
        assert fresh(session, booking) == ["lapsed"]


def test_an_offer_ends_with_the_booking_too_late_for_other_changes(
    session, visitor, guest, link, at
):
    event = make_event(session, capacity=1, change_until_hours=24, offer_hours=336)
    first = book(session, event, 0)
    booking = book(session, event, 0, person=guest)
    changing.cancel_booking(session, booking_id=first.id, now=AHEAD - timedelta(hours=30))
    session.commit()
    with at(AHEAD - timedelta(minutes=5)):
        visitor.open(link(booking).replace("?", "/cancel?"))
        visitor.send("/cancel")
        assert fresh(session, booking) == ["cancelled"]


@pytest.fixture
def offered(session, guest):
    """Ada has a place on offer, since somebody cancelled."""
    event = make_event(session, capacity=1)
    first = book(session, event, 0)
    booking = book(session, event, 0, person=guest)
    changing.cancel_booking(session, booking_id=first.id, now=NOW)
    session.commit()
    return booking


def test_take_the_place_on_offer(session, visitor, guest, offered, link):
    visitor.open(link(offered))
    assert section(visitor.text, 'id="offer" aria-labelledby="of">') == (
        "A place has come free for you Wednesday 10 February 2027. We hold it until"
        " Wednesday 13 January 2027, 10am GMT . Then it goes to the next person."
        " Take the place No thank you"
    )
    assert "Cancel my booking" not in words(visitor.text)  # No thank you is.
    visitor.send("/offer", answer="take")
    assert said(visitor.text) == "The place is yours. We have emailed you the details."
    assert fresh(session, offered) == ["confirmed"]


def test_offers_of_different_times_say_when_each_ends(session, visitor, guest, link):
    event = make_event(session, sessions=2, capacity=1)
    held = [book(session, event, number) for number in (0, 1)]
    booking = book(session, event, 0, 1, person=guest)
    for day, each in enumerate(held):
        changing.cancel_booking(session, booking_id=each.id, now=NOW + timedelta(days=day))
        session.commit()
    visitor.open(link(booking))
    told = section(visitor.text, 'id="offer" aria-labelledby="of">')
    assert "10 February 2027. We hold it until Wednesday 13 January 2027, 10am GMT ." in told
    assert "17 February 2027. We hold it until Thursday 14 January 2027, 10am GMT ." in told


def test_refuse_the_place_on_offer(session, visitor, guest, offered, link):
    visitor.open(link(offered))
    visitor.send("/offer", answer="refuse")
    assert said(visitor.text).startswith("The place goes to the next person.")
    assert fresh(session, offered) == ["lapsed"]
    told = words(visitor.text)
    assert "Your dates 10 Feb Wednesday 10 February 2027 2pm to 5:30pm GMT Online" in told
    assert told.count("You did not take the place") == 2  # Of the booking, and of its date.


def test_an_offer_that_ended(session, visitor, guest, offered, link, at):
    visitor.open(link(offered))
    with at(NOW + timedelta(days=3)):
        visitor.send("/offer", answer="take")
    assert visitor.page.status_code == 409
    assert errors(visitor.text).endswith(
        "This offer has ended, and the place has been offered to the next person."
    )


def test_an_answer_that_is_none(session, visitor, offered, link):
    visitor.open(link(offered))
    visitor.send("/offer", answer="perhaps")
    assert visitor.page.status_code == 400
    assert fresh(session, offered) == ["offered"]


def test_the_waiting_list_says_the_number_and_can_be_left(session, visitor, guest, link):
    event = make_event(session, sessions=2, capacity=1)
    book(session, event, 0)
    book(session, event, 0)
    booking = book(session, event, 0, 1, person=guest)
    visitor.open(link(booking))
    assert (
        "Waiting list You are number 2 on the list. Places are offered in this order,"
        " one person at a time." in words(visitor.text)
    )
    assert words(visitor.text).count("Leave the waiting list") == 1
    visitor.send("/change")  # The first form of this address: leave the waiting list.
    assert fresh(session, booking) == ["cancelled", "confirmed"]
    assert "Online You left the waiting list 17 Feb" in words(visitor.text)


def test_who_only_waits_leaves_by_cancelling(session, visitor, guest, link):
    event = make_event(session, capacity=1)
    book(session, event, 0)
    booking = book(session, event, 0, person=guest)
    address = link(booking)
    visitor.open(address)
    assert words(visitor.text).count("Leave the waiting list ") == 1
    assert "If you can no longer come Leave the waiting list, so that the place goes to" in words(
        visitor.text
    )
    visitor.open(address.replace("?", "/cancel?"))
    assert heading(visitor.text) == "Leave the waiting list?"
    visitor.send("/cancel")
    assert fresh(session, booking) == ["cancelled"]
    assert said(visitor.text).startswith("You have left the waiting list.")
    assert words(visitor.text).count("You left the waiting list") == 2
    assert "Cancelled" not in words(visitor.text)
    letter = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert letter.subject == f"{event.title}: you are off the waiting list"


def test_who_waits_for_a_course_leaves_it_by_one_button(session, visitor, guest, link):
    event = make_event(session, sessions=3, capacity=1, booked_as=BookedAs.WHOLE)
    book(session, event)
    booking = book(session, event, person=guest)
    visitor.open(link(booking))
    assert words(visitor.text).count("Leave the waiting list ") == 1


def test_who_only_waits_for_several_dates_leaves_one_or_all(session, visitor, guest, link):
    event = make_event(session, sessions=2, capacity=1)
    book(session, event, 0, 1)
    booking = book(session, event, 0, 1, person=guest)
    visitor.open(link(booking))
    told = words(visitor.text)
    assert told.count("Leave the waiting list of Wednesday") == 2
    assert told.count("Leave all waiting lists") == 1


def test_who_waits_sees_no_joining_link(session, visitor, guest, link, at):
    event = make_event(session, capacity=1)
    book(session, event, 0)
    booking = book(session, event, 0, person=guest)
    with at(AHEAD - timedelta(hours=1)):
        visitor.open(link(booking))
    assert "meet.example.org" not in visitor.text
