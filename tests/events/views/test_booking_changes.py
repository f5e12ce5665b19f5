"""Changing and cancelling a booking on its page, and when it is too late."""

from datetime import timedelta

import pytest

from netapp.audit.operations import Actor
from netapp.events.links import booking_key
from netapp.events.models import BookedAs, EventStatus, Mode, SessionStatus
from netapp.events.operations import changing, ending
from tests.events.scenes import book, forget_mails, mails
from tests.events.views.booking_pages import AHEAD, errors, fresh, said
from tests.events.views.pages import heading, ticked, words
from tests.factories import NOW, make_event, make_guest, make_person


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


def test_change_the_dates(session, visitor, guest, link):
    event = make_event(session, sessions=3, capacity=1)
    full = book(session, event, 2)
    booking = book(session, event, 0, person=guest)
    visitor.open(link(booking))
    keys = [date.key for date in event.sessions]
    assert ticked(visitor.text) == [keys[0]]
    visitor.send("/change", session=keys[1:])
    assert said(visitor.text) == "Your dates are changed. We have emailed you what you hold now."
    assert fresh(session, booking) == ["cancelled", "confirmed", "waiting"]
    assert ticked(visitor.text) == keys[1:]
    assert visitor.path == f"/bookings/{booking.reference}"
    assert "events/booking_changed" in mails(session, to=guest)
    assert fresh(session, full) == ["confirmed"]


def test_a_date_that_went_meanwhile_costs_nobody_the_place_they_have(session, visitor, guest, link):
    event = make_event(session, sessions=2, capacity=1)
    booking = book(session, event, 0, person=guest)
    visitor.open(link(booking))
    book(session, event, 1)
    visitor.send("/change", session=event.sessions[1].key)
    assert visitor.page.status_code == 409
    assert "has just gone, so nothing was changed." in errors(visitor.text)
    assert fresh(session, booking) == ["confirmed"]
    assert ticked(visitor.text) == [event.sessions[1].key]
    visitor.send("/change")
    assert fresh(session, booking) == ["cancelled", "waiting"]


def test_a_date_given_back_can_be_taken_again(session, visitor, guest, link):
    event = make_event(session, sessions=2)
    booking = book(session, event, 0, 1, person=guest)
    keys = [date.key for date in event.sessions]
    visitor.open(link(booking))
    visitor.send("/change", session=keys[0])
    assert "2pm to 5:30pm GMT Online Cancelled by you What happens next" in words(visitor.text)
    visitor.send("/change", session=keys)
    assert fresh(session, booking) == ["confirmed", "cancelled", "confirmed"]


def test_no_date_at_all_is_no_change(session, visitor, guest, link):
    event = make_event(session, sessions=2)
    booking = book(session, event, 0, person=guest)
    visitor.open(link(booking))
    visitor.send("/change", session=[])
    assert visitor.page.status_code == 422
    assert errors(visitor.text).endswith("Choose at least one date.")
    assert "To give back everything, cancel the booking ." in words(visitor.text)
    assert fresh(session, booking) == ["confirmed"]


def test_a_booking_that_changed_meanwhile_is_shown_first(session, visitor, guest, link):
    event = make_event(session, sessions=3)
    keys = [date.key for date in event.sessions]
    booking = book(session, event, 0, person=guest)
    visitor.open(link(booking))
    changing.change_dates(
        session, booking_id=booking.id, session_keys=keys[:2], seen_version=None, now=NOW
    )
    session.commit()
    visitor.send("/change", session=[keys[2]])
    assert visitor.page.status_code == 409
    assert errors(visitor.text).endswith(
        "This booking changed while the page was open. Look at it again."
    )
    assert ticked(visitor.text) == [keys[2]]
    assert sorted(fresh(session, booking)) == ["confirmed", "confirmed"]
    visitor.send("/change")
    assert fresh(session, booking) == ["cancelled", "cancelled", "confirmed"]


def test_cancel_says_first_what_it_does(session, visitor, guest, link):
    event = make_event(session, sessions=2, title="Working With Chaos")
    booking = book(session, event, 0, 1, person=guest)
    visitor.open(link(booking))
    visitor.open(visitor.text.split('btn danger ghost sm" href="')[1].split('"')[0])
    assert heading(visitor.text) == "Cancel your booking?"
    told = words(visitor.text)
    assert "You give back 10 Feb Wednesday 10 February 2027" in told
    assert "If somebody waits, the place goes to them." in told
    assert fresh(session, booking) == ["confirmed", "confirmed"]
    visitor.send("/cancel")
    assert said(visitor.text) == "Your booking is cancelled. We have emailed you to confirm it."
    assert fresh(session, booking) == ["cancelled", "cancelled"]
    assert "events/booking_cancelled" in mails(session, to=guest)
    assert (
        "Working With Chaos Cancelled by you Booked by Ada Byron."
        f" Reference {booking.reference} . Your booking is cancelled."
        " We have emailed you to confirm it."
        " Nothing is booked now Changed your mind? Look at the event again : book there,"
        " if there is room." in words(visitor.text)
    )
    assert [form.action for form in visitor.forms()] == [
        f"/bookings/{booking.reference}/account",
        f"/bookings/{booking.reference}/invitations",
    ]


def test_cancel_twice_is_cancel_once(session, visitor, guest, link, site):
    event = make_event(session, capacity=1)
    booking = book(session, event, 0, person=guest)
    waiting = book(session, event, 0)
    visitor.open(f"/bookings/{booking.reference}/cancel?key={booking_key(site, booking)}")
    fields = dict(visitor.form("/cancel").fields)
    address = f"/bookings/{booking.reference}/cancel"
    answers = [visitor.client.post(address, data=fields) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    assert fresh(session, waiting) == ["offered"]
    assert mails(session, to=guest).count("events/booking_cancelled") == 1


def test_what_was_cancelled_before_is_said(session, visitor, guest, link, site):
    booking = book(session, make_event(session), 0, person=guest)
    visitor.open(f"/bookings/{booking.reference}/cancel?key={booking_key(site, booking)}")
    changing.cancel_booking(session, booking_id=booking.id, now=NOW)
    session.commit()
    visitor.send("/cancel")
    assert visitor.page.status_code == 409
    assert errors(visitor.text).endswith("This booking has been cancelled.")


def test_too_late_to_change(session, visitor, guest, link, at):
    event = make_event(session, sessions=2, change_until_hours=24)
    booking = book(session, event, 0, 1, person=guest)
    address = link(booking)
    with at(AHEAD - timedelta(hours=23)):
        visitor.open(address)
        assert "It is too late to change this date." in words(visitor.text)
        visitor.send("/change", session=[])
        assert fresh(session, booking) == ["confirmed", "cancelled"]
    one = book(session, make_event(session, change_until_hours=24), 0, person=guest)
    with at(AHEAD - timedelta(hours=23)):
        visitor.open(link(one))
        told = words(visitor.text)
        assert "Change or cancel It is too late to change this here. Write to Jo Field ." in told
        cancelling = visitor.open(link(one).replace("?", "/cancel?"))
        assert cancelling.request.path == f"/bookings/{one.reference}"


def test_what_is_over_offers_nothing_to_change(session, visitor, guest, link, at):
    event = make_event(session, sessions=2, title="Working With Chaos")
    booking = book(session, event, 0, person=guest)
    with at(AHEAD + timedelta(days=1)):
        visitor.open(link(booking))
    told = words(visitor.text)
    assert "Your booking Working With Chaos Past Booked by Ada Byron." in told
    assert "Change or cancel" not in told
    assert "Tell us anything" not in told


@pytest.fixture
def offered(session, guest):
    """Ada has a place on offer, since somebody cancelled."""
    event = make_event(session, capacity=1)
    first = book(session, event, 0)
    booking = book(session, event, 0, person=guest)
    changing.cancel_booking(session, booking_id=first.id, now=NOW)
    session.commit()
    return booking


def test_a_coordinator_cancels_and_the_booking_says_so(session, visitor, guest, link):
    booking = book(session, make_event(session), 0, person=guest)
    changing.cancel_for_person(
        session, booking_id=booking.id, reason="Twice.", actor=Actor(None, "Jo"), now=NOW
    )
    session.commit()
    visitor.open(link(booking))
    told = words(visitor.text)
    assert told.count("Cancelled by a coordinator") == 2
    assert "Changed your mind?" not in told


def test_a_course_is_changed_as_one(session, visitor, guest, link):
    event = make_event(session, sessions=3, booked_as=BookedAs.WHOLE)
    booking = book(session, event, person=guest)
    visitor.open(link(booking))
    assert "One booking is for all dates of this course." in words(visitor.text)
    assert ticked(visitor.text) == []


def test_a_cancelled_event_and_a_cancelled_date(session, visitor, guest, link):
    event = make_event(session, sessions=2, mode=Mode.IN_PERSON)
    booking = book(session, event, 0, 1, person=guest)
    date = event.sessions[0]
    ending.end_places(session, [date], NOW)
    date.status, date.cancelled_at, date.cancel_reason = SessionStatus.CANCELLED, NOW, "No heating."
    session.commit()
    visitor.open(link(booking))
    assert "Cancelled by the network No heating." in words(visitor.text)
    event.status, event.cancel_reason = EventStatus.CANCELLED, "Flood."
    session.commit()
    visitor.open(link(booking))
    assert "This event has been cancelled Flood." in words(visitor.text)


def test_what_is_not_different_is_not_said_to_be_changed(session, as_person):
    amara = make_person(session)
    booking = book(session, make_event(session, sessions=2), 0, person=amara)
    forget_mails(session)
    mine = as_person(amara)
    for form in ("/change", "/needs"):
        mine.open(f"/bookings/{booking.reference}")
        mine.send(form)
        assert "Nothing was different, so nothing was changed." in words(mine.text)
    assert mails(session) == []
