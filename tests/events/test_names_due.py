"""Names are asked for once, and places without a name go to others."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from netapp.events.models import BookedAs, Booking, EndReason, Place
from netapp.events.operations.due import pools_that_differ
from netapp.events.operations.names_due import ask_for_names, give_unnamed_to_others
from netapp.events.operations.naming import hand_back
from netapp.people.models import Person
from tests.events.scenes import book, forget_mails, mails, states, taken
from tests.events.test_naming import book_party, keys, letters, name, text_of
from tests.factories import NOW, make_coordinator, make_event

STARTS = NOW + timedelta(days=30, hours=2)  # Wednesday 10 February 2027, 2pm.
UNTIL = STARTS - timedelta(days=3)
ASKED = datetime(2027, 2, 3, 10, tzinfo=UTC)  # Four days before, at the hour of reminders.


def ask(session, now):
    done = ask_for_names(session, now)
    session.commit()
    return done


def end(session, now):
    done = give_unnamed_to_others(session, now)
    session.commit()
    return done


def test_names_are_asked_for_once_four_days_before_they_are_due(session):
    booking = book_party(session, make_event(session), organisation="Example School")
    assert ask(session, ASKED - timedelta(minutes=1)) == 0
    assert ask(session, ASKED) == 1
    assert ask(session, ASKED + timedelta(days=1)) == 0
    booker = session.get_one(Person, booking.person_id)
    assert letters(session) == [("names_wanted", booker.email)]
    text = text_of(session)
    assert "2 people are not named yet. Please name them by Sunday 7 February 2027, 2pm" in text
    assert f"/bookings/{booking.reference}/names?key=" in text


def test_the_hour_is_that_of_the_events_zone(session):
    book_party(session, make_event(session, zone="America/New_York"))
    assert ask(session, ASKED) == 0
    assert ask(session, ASKED + timedelta(hours=5)) == 1


def test_who_has_named_everybody_is_not_asked(session):
    booking = book_party(session, make_event(session))
    name(session, booking, (1, "Sam"), (2, "Kim"))
    assert (ask(session, ASKED), end(session, UNTIL)) == (0, 0)
    book(session, make_event(session), 0)
    assert (ask(session, ASKED), end(session, UNTIL)) == (0, 0)


def test_places_without_a_name_go_to_the_next_in_line(session):
    organiser = make_coordinator(session)
    event = make_event(session, capacity=3, organiser_id=organiser.id)
    booking = book_party(session, event)
    name(session, booking, (1, "Sam", "sam@example.org"))
    waiting = book(session, event, 0)
    ask(session, ASKED)
    forget_mails(session)
    assert end(session, UNTIL - timedelta(minutes=1)) == 0
    assert end(session, UNTIL) == 1
    assert end(session, UNTIL) == 0
    assert states(session, booking) == ["confirmed", "confirmed", "cancelled"]
    assert states(session, waiting) == ["offered"]
    assert taken(session, event) == [3]
    assert pools_that_differ(session) == []
    reason = select(Place.end_reason).where(Place.end_reason.is_not(None))
    assert session.scalar(reason) is EndReason.NOT_NAMED
    assert mails(session) == [
        "events/places_offered_back", "events/organiser_told", "events/offer",
    ]  # fmt: skip
    assert "The rest of your booking stays: 2 places." in text_of(session, 0)
    assert "named too few people in time: 1 place went to others." in text_of(session, 1)


def test_a_party_of_which_nobody_is_named_is_over(session):
    event = make_event(session)
    booking = book_party(session, event, comes_along=False)
    ask(session, ASKED)
    assert end(session, UNTIL) == 1
    session.refresh(booking)
    assert (booking.live, taken(session, event)) == (False, [0])
    assert "Nothing is left of this booking." in text_of(session)


def test_who_booked_after_the_moment_has_a_day_and_no_further_mail(session):
    event = make_event(session, starts_at=NOW + timedelta(days=3, hours=12))
    booking = book_party(session, event)
    assert ask(session, NOW + timedelta(minutes=1)) == 1
    assert letters(session) == []
    assert end(session, NOW + timedelta(hours=23)) == 0
    assert end(session, NOW + timedelta(hours=25)) == 1
    assert states(session, booking) == ["confirmed", "cancelled", "cancelled"]


def test_too_late_to_give_them_to_others_they_stay(session):
    event = make_event(session, starts_at=NOW + timedelta(hours=20))
    booking = book_party(session, event)
    ask(session, NOW + timedelta(minutes=1))
    assert end(session, NOW + timedelta(hours=19)) == 0
    assert states(session, booking) == ["confirmed"] * 3


def test_who_was_never_asked_loses_nothing(session):
    """The worker stood still: it asks first, and leaves a day."""
    booking = book_party(session, make_event(session))
    assert end(session, UNTIL) == 0
    assert ask(session, UNTIL) == 1
    assert end(session, UNTIL + timedelta(hours=23)) == 0
    assert end(session, UNTIL + timedelta(hours=24)) == 1
    assert states(session, booking) == ["confirmed", "cancelled", "cancelled"]


def test_a_place_handed_back_late_leaves_a_day(session):
    booking = book_party(session, make_event(session), places=2)
    name(session, booking, (1, "Sam", "sam@example.org"))
    late = UNTIL + timedelta(hours=1)
    hand_back(session, booking_id=booking.id, attendee_key=keys(session, booking)[1], now=late)
    session.commit()
    assert "by Monday 8 February 2027, 3pm" in text_of(session)
    assert ask(session, late) == 0
    assert end(session, late + timedelta(hours=23)) == 0
    assert end(session, late + timedelta(hours=24)) == 1


def test_a_course_wants_its_names_before_its_first_date(session):
    event = make_event(session, sessions=2, booked_as=BookedAs.WHOLE)
    booking = book_party(session, event, 0, 1, places=2)
    ask(session, ASKED)
    assert end(session, UNTIL) == 1
    assert states(session, booking).count("cancelled") == 2
    assert taken(session, event) == [1, 1]


def test_each_event_says_how_long_before(session):
    event = make_event(session, name_until_days=0)
    book_party(session, event)
    assert ask(session, STARTS - timedelta(days=4)) == 1
    assert end(session, STARTS - timedelta(minutes=1)) == 0


def test_who_waits_is_not_asked(session):
    event = make_event(session, capacity=1)
    booking = book_party(session, event)
    assert (ask(session, ASKED), end(session, UNTIL)) == (0, 0)
    assert states(session, booking) == ["waiting"] * 3


def test_one_booking_at_a_time(session):
    event = make_event(session, capacity=None)
    for _ in range(3):
        book_party(session, event)
    assert [ask(session, ASKED) for _ in range(4)] == [1, 1, 1, 0]
    assert [end(session, UNTIL) for _ in range(4)] == [1, 1, 1, 0]
    asked = select(func.count()).where(Booking.names_asked_at == ASKED)
    assert session.scalar(asked) == 3


@pytest.mark.parametrize("work", [ask_for_names, give_unnamed_to_others])
def test_what_is_undone_is_done_again(session, work):
    booking = book_party(session, make_event(session))
    if work is give_unnamed_to_others:
        ask(session, ASKED)
        forget_mails(session)
    assert work(session, UNTIL) == 1
    session.rollback()
    assert mails(session) == []
    assert states(session, booking) == ["confirmed"] * 3
    assert work(session, UNTIL) == 1
