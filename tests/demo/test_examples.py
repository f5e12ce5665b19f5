"""What a newcomer finds to try around a booking, on the pages themselves."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from netapp.demo.examples import HYBRID, MINIMUM, REPEATING, WINDOWS
from netapp.demo.people import SIGN_INS
from netapp.demo.season import first_day_of, moved_to_season, skip_break
from netapp.demo.series import past_series
from netapp.demo.term_dates import invented_holidays, next_term_day
from netapp.events.models import Booking, Event
from netapp.mail.models import OutboxMessage
from netapp.people.models import Person
from tests.events.views.pages import titles, words
from tests.factories import NOW

CONFERENCE = "Inclusive Practice in Action: Diversifying the Music Education Workforce"
CHAOS = "Bollo Brook Sessions: Working With Chaos"


pytestmark = pytest.mark.one_database  # test_start.py makes all this on both.


@pytest.fixture
def browser(session, started, as_person):
    """Of one of the demo's people, by what they are; None is a stranger's."""

    def _of(what):
        return as_person(who(session, what) if what else None)

    return _of


def who(session, what):
    (email,) = (each.email for each in SIGN_INS if each.what == what)
    return session.scalars(select(Person).where(Person.email == email)).one()


def event_called(session, title):
    wanted = Event.title == title, Event.is_record.is_(False)
    return session.scalars(select(Event).where(*wanted)).one()


def booking_of(session, title, what):
    """The address of what one of the demo's people has booked."""
    event, person = event_called(session, title), who(session, what)
    mine = Booking.event_id == event.id, Booking.person_id == person.id
    return f"/bookings/{session.scalars(select(Booking.reference).where(*mine)).one()}"


def seen(visitor, address, begins="", ends=""):
    """The words of a page, between these."""
    visitor.open(address)
    main = words(visitor.text.split(' id="main"', 1)[1].split("</main>", 1)[0])
    assert main.count(begins) >= 1, main
    told = main.partition(begins)[2] if begins else main
    return told.partition(ends)[0].strip() if ends else told.strip()


def test_every_event_to_book_and_the_idea_say_that_they_are_samples(browser):
    visitor = browser(None)
    ideas = seen(visitor, "/events", "Not dated yet", "Put our events")
    events = [
        CHAOS,
        "I Speak Music London launch events",
        HYBRID.title,
        REPEATING.title,
        WINDOWS.title,
        MINIMUM.title,
        "An introduction to data analysis and report writing",
        CONFERENCE,
    ]
    assert titles(visitor.text) == events
    assert visitor.text.count(">Sample</span>") == len(events) + 1
    assert ideas == (
        "Tell us if you would come. If enough people say so, we look for a date, and write to you"
        " when you can book. Music with people who are in hospital for a long time A day with music"
        " leaders who work on wards and in hospital schools. Nothing is arranged yet: would you"
        " come? (This is a sample.) Sample I would come"
    )


def test_some_come_and_some_join_online_and_the_member_can_swap(browser, session):
    event, member = event_called(session, HYBRID.title), browser("member")
    choice = seen(browser(None), f"/events/{event.slug}", "How will you take part?", "Your name")
    assert choice == "In person Full, waiting list open Online 23 places left"
    address = booking_of(session, HYBRID.title, "member")
    assert seen(member, address, "Your dates", "Join online instead") == (
        "19 Feb Friday 19 February 2027 1:30pm to 4:30pm GMT In person: Sample Studio, 3 Sample"
        " Street, London Place confirmed"
    )
    member.send("/swap")
    swapped = seen(member, address, "Place confirmed", "The link")
    assert swapped == "In person: full at the moment."
    desk = browser("coordinator")
    waits = seen(desk, f"/desk/events/{event.key}/waiting", "Name Waiting since State", "Nobody")
    assert waits == (
        "On offer Farid Sample Mon 11 Jan 2027, midday GMT Offered Mon 11 Jan 2027, midday GMT,"
        " held until Wed 13 Jan 2027, 10am GMT 1 Gwen Sample Mon 11 Jan 2027, midday GMT Next to"
        " be offered"
    )


def test_a_school_has_places_without_names_and_a_link_to_name_people(browser, session):
    visitor = browser("not a member")
    address = booking_of(session, "I Speak Music London launch events", "not a member")
    assert seen(visitor, address, "Who is coming", "Give back") == (
        "6 places for Sample Primary School, order SAMPLE-104. 3 people are not named yet. Please"
        " name them by Tuesday 2 February 2027, 2pm GMT : after that, places without a name go to"
        " others. Robin Sample Booked, and comes along."
    )


def test_questions_wait_for_the_member_and_some_have_answered(browser, session):
    event, member = event_called(session, CONFERENCE), browser("member")
    address = booking_of(session, CONFERENCE, "member")
    assert seen(member, address, "Reference", "Your dates").partition(" . ")[2] == (
        "3 questions for you The organisers need answers by Thursday 11 March 2027 . Answer the"
        " questions"
    )
    assert seen(member, address, "What would help you take part ", " Who can read") == (
        "You share your dietary needs with this event. Vegetarian"
    )
    desk = browser("coordinator")
    asked = seen(desk, f"/desk/events/{event.key}/questions", "asked of everybody, and not here.")
    numbers = [(f"{n} answered", asked.count(f"{n} answered ")) for n in (9, 6)]
    assert numbers == [("9 answered", 3), ("6 answered", 1)]
    only = "Only after yes to “Do you stay for supper on the first evening?”."
    assert asked.count(only) == 1
    needs = seen(desk, f"/desk/events/{event.key}/needs", "take part", "Only for")
    assert needs == "3 people told us. 3 wait for an answer."


def test_an_event_is_below_its_minimum_and_the_day_of_decision_is_ahead(browser, session):
    event = event_called(session, MINIMUM.title)
    page = f"/events/{event.slug}"
    assert seen(browser(None), page, "Does it run?", "Who it is for") == (
        "Runs from 8 people. We decide on Tuesday 16 February 2027."
    )
    desk = browser("coordinator")
    assert seen(desk, f"/desk/events/{event.key}/minimum", "Does it run?", "Cancel") == (
        "To be decided on Tuesday 16 February 2027, 10am GMT: you are asked then, by email and on"
        " Today. You can decide before. Tuesday 2 March 2027 5 of 8 people have a place Move"
        " Tuesday 2 March 2027 It runs: tell 5 people"
    )


def test_members_book_first_and_others_say_that_they_are_interested(browser, session):
    event = event_called(session, WINDOWS.title)
    page = f"/events/{event.slug}"
    assert seen(browser(None), page, "Booking is not open for everyone yet", "Would you come?") == (
        "Members can book now People new to our events from Wednesday 13 January 2027, 9am GMT"
        " Everyone from Saturday 16 January 2027, 9am GMT Sign in to book early"
    )
    assert seen(browser("member"), page, "You may book early.", "You can change") == (
        "Booking opens for everyone on Saturday 16 January 2027, 9am GMT. Confirm booking"
    )
    interested = seen(browser("coordinator"), f"/desk/events/{event.key}/interest", "Who is", ".")
    assert interested == "interested 3 people would come and have not booked"


def test_a_series_repeats_in_term_time_and_the_member_can_move_to_another_date(browser, session):
    event = event_called(session, REPEATING.title)
    dates = seen(browser("coordinator"), f"/desk/events/{event.key}/dates", "Team Pattern", "Ch")
    assert dates == (
        "Every second Tuesday, 1pm to 2pm, 6 dates from 23 February 2027, in term time (Sample"
        " Council) 6 dates belong to it."
    )
    member, address = browser("member"), booking_of(session, REPEATING.title, "member")
    assert seen(member, address, "Place confirmed", ": 30") == (
        "Move to another date Which date Tue 9 Mar, 1pm: 26 places left Tue 6 Apr, 1pm"
    )


def test_five_people_would_come_to_the_idea(browser):
    desk = browser("coordinator")
    assert seen(desk, "/desk/ideas", "says who would come.").endswith(
        "(This is a sample.) 5 interested"
    )


def test_the_member_keeps_what_helps_her_and_one_request_is_open(browser, session):
    kept = seen(browser("member"), "/account/access", "Where it is now", "Take it all back")
    assert kept == (
        f"{HYBRID.title} Your access needs. What you asked for. Its readers: Jo Sample. What is"
        f" told there is deleted after Sunday 21 March 2027. {CONFERENCE} Your dietary needs. Its"
        " readers: Jo Sample. What is told there is deleted after Sunday 25 April 2027."
    )
    assert seen(browser("coordinator"), "/desk", "Needs you", "Read and answer") == (
        f"1 request for an interpreter or captions {HYBRID.title} begins on Friday 19 February at"
        " 1:30pm. People ask by Friday 29 January 2027."
    )


def test_places_are_kept_back_and_the_list_says_why_nobody_is_offered_one(browser, session):
    desk, event = browser("coordinator"), event_called(session, CHAOS)
    page = f"/desk/events/{event.key}/waiting"
    assert seen(desk, page, "Why nobody is being offered a place", "Waiting list of") == (
        "No place is free: 24 of 26 places confirmed, 2 kept back."
        " A coordinator can give the places kept back by hand: press a name below."
    )
    assert seen(desk, page, "Done by hand") == (
        f"Mon 11 Jan 2027, midday GMT Set the places of {CHAOS} on Thursday 27 May 2027: 26"
        " places, 2 kept back. Sample: kept for two young people who lead a part of the last"
        " session. By Jo Sample."
    )


def test_whoever_booked_has_the_mail_that_a_real_booking_sends(session, started):
    sent = Counter(session.scalars(select(OutboxMessage.message)))
    assert sent == {
        "events/booking_confirmed": 31,
        "events/invitation": 10,
        "events/waiting": 2,
        "events/place_given": 1,
        "membership/received": 2,
    }


@pytest.mark.parametrize("example", [HYBRID, MINIMUM, WINDOWS, REPEATING])
def test_whenever_it_starts_examples_are_ahead_and_in_no_holiday_they_avoid(example):
    for ahead in range(0, 366, 5):
        now = NOW.replace(tzinfo=None) + timedelta(days=ahead)
        first = first_day_of(moved_to_season(past_series(), now))
        holidays = invented_holidays(now.date())
        day = skip_break(first + timedelta(days=example.day))
        day = next_term_day(day, holidays) if example.in_term else day
        held = [name for name, begins, ends in holidays if begins <= day <= ends]
        assert (day - now.date()).days >= 28
        assert "Christmas" not in held
        assert not (example.in_term and held)


def test_a_day_in_the_holidays_is_put_off_by_weeks():
    holidays = invented_holidays(date(2027, 1, 11))
    assert next_term_day(date(2027, 2, 16), holidays) == date(2027, 2, 23)
    assert next_term_day(date(2027, 3, 23), holidays) == date(2027, 4, 6)
    assert next_term_day(date(2027, 2, 9), holidays) == date(2027, 2, 9)
