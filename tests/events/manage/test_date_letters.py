"""Many dates or many people at once: one letter each, every calendar message exactly once, and the
numbers that the page foretold."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from netapp.events.models import BookedAs
from netapp.events.operations import booking as operations
from netapp.events.operations import cancelling, editing
from netapp.events.operations.booking import Party, Wish
from netapp.events.operations.changing import cancel_booking
from netapp.events.operations.dates import change_date, set_places
from netapp.events.operations.naming import Naming, name_attendees
from netapp.events.plans import PlacesPlan
from netapp.events.queries import cancel_effects, effects, patterns
from netapp.events.queries.pattern_effects import of_changed_pattern
from netapp.events.queries.recipients import Mails
from tests.events.manage.pattern_scenes import alter, fresh, pattern_of, repeat
from tests.events.manage.plans import ACTOR, details_of, plan_of
from tests.events.scenes import book, fill, forget_mails, mails, states
from tests.events.test_letters import calendar_parts, opened
from tests.factories import NOW, make_event, make_person

REASON = "The hall is let."


@pytest.fixture
def weekly(session):
    """Four Thursdays by a pattern, and the date the event had before."""
    event = make_event(session, title="Chaos", starts_at=NOW + timedelta(days=200))
    repeat(session, event)
    return fresh(session, event)


def text(mail):
    return " ".join(mail.get_body(("plain",)).get_content().split())


def letters_to(session, person):
    return [mail for mail in opened(session) if person.email in mail["To"]]


def change(session, event, **changed):
    """As the page would; returns the mails that it foretold and how many were told."""
    pattern = pattern_of(session, event)
    plan = replace(patterns.plan_of(pattern), **changed)
    now_there = fresh(session, event)
    acts = patterns.acts_of_changed_pattern(session, now_there, pattern, plan, along=(), now=NOW)
    foretold = of_changed_pattern(session, now_there, acts).mails
    done = alter(session, event, pattern, message=REASON, **changed)
    return foretold, done.told


def sent(session):
    """The letters, and the calendar messages in mails of their own."""
    kinds = mails(session)
    calendar = [kind for kind in kinds if kind.startswith("events/invitation")]
    return len(kinds) - len(calendar), len(calendar)


def test_dates_that_move_and_end_are_one_letter_and_one_calendar_message_each(session, weekly):
    person = make_person(session)
    book(session, weekly, 0, 1, 3, person=person)
    forget_mails(session)

    foretold, told = change(session, weekly, starts=time(15), ends=time(17), number=3)

    assert mails(session) == [
        "events/dates_changed",
        "events/invitation",
        "events/invitation",
        "events/invitation_cancelled",
    ]
    first, second, _, fourth = fresh(session, weekly).sessions[:4]
    assert calendar_parts(session) == [
        ("REQUEST", f"session-{first.key}@network.example", 2, f"mailto:{person.email}"),
        ("REQUEST", f"session-{second.key}@network.example", 2, f"mailto:{person.email}"),
        ("CANCEL", f"session-{fourth.key}@network.example", 2, f"mailto:{person.email}"),
    ]
    letter = opened(session)[0]
    assert letter["Subject"] == "Chaos: dates have changed"
    said = text(letter)
    assert (
        "Thu 21 Jan 2027 Before: Thursday 21 January 2027, 2pm to 4pm GMT "
        "Now: Thursday 21 January 2027, 3pm to 5pm GMT"
    ) in said
    assert (
        "Thu 11 Feb 2027 Before: Thursday 11 February 2027, 2pm to 4pm GMT Now: Cancelled"
    ) in said
    assert REASON in said
    assert "You keep your places in the dates that take place." in said
    assert "Your calendar is put right by a short mail for each date, which follows." in said
    assert (foretold, told) == (Mails(1, 1, 3), 1)


def test_only_one_of_them_is_told_as_ever(session, weekly):
    moved, ended = make_person(session), make_person(session)
    book(session, weekly, 0, person=moved)
    book(session, weekly, 3, person=ended)
    forget_mails(session)

    foretold, told = change(session, weekly, starts=time(15), ends=time(17), number=3)

    assert mails(session, to=moved) == ["events/session_moved"]
    assert mails(session, to=ended) == ["events/session_cancelled"]
    assert [part[0] for part in calendar_parts(session)] == ["REQUEST", "CANCEL"]
    assert (foretold, told) == (Mails(2, 0, 0), 2)


def test_who_waits_or_wants_no_invitations_gets_one_mail(session, weekly):
    for date in weekly.sessions[:2]:
        date.pools[0].capacity = 1
    session.commit()
    files = make_person(session, invitations=False)
    waiting = make_person(session)
    for person in (files, waiting):
        book(session, weekly, 0, 1, person=person)
    forget_mails(session)

    foretold, told = change(session, weekly, starts=time(15), ends=time(17))

    assert mails(session) == ["events/dates_changed"] * 2
    assert calendar_parts(session) == []
    attached = [part.get_filename() for part in letters_to(session, files)[0].iter_attachments()]
    assert attached == [f"{weekly.slug}-1.ics", f"{weekly.slug}-2.ics"]
    said = text(letters_to(session, waiting)[0])
    assert "You keep your turn." in said
    assert said.count("On the waiting list, number 1") == 2
    assert (foretold, told) == (Mails(2, 0, 0), 2)


def test_another_place_for_all_dates_is_said_once(session, weekly):
    book(session, weekly, 0, 1)
    forget_mails(session)
    change(session, weekly, title="A long afternoon")
    said = text(opened(session)[0])
    assert said.count("Name of the date Before: Chaos Now: A long afternoon") == 1


def make_party(session, event, *numbers):
    """Jo books for two others; of Sam we have an address."""
    jo = make_person(session, name="Jo Field")
    keys = [event.sessions[n].key for n in numbers]
    wish = Wish(session_keys=keys, name=jo.name, party=Party(3, names=("Sam Okoro", "Ana")))
    made = operations.book(session, event_id=event.id, person=jo, wish=wish, now=NOW)
    session.refresh(made, ["attendees"])
    name_attendees(
        session,
        booking_id=made.id,
        names=[Naming(made.attendees[1].key, "Sam Okoro", "sam@example.org")],
        now=NOW,
    )
    session.commit()
    forget_mails(session)
    return jo


def test_the_people_of_a_party_are_told_of_their_own(session, weekly):
    jo = make_party(session, weekly, 0, 1)
    lunch = make_event(session, title="Lunch", starts_at=weekly.sessions[0].starts_at)
    book(session, lunch, 0, person=jo)
    forget_mails(session)

    foretold, told = change(session, weekly, starts=time(15), ends=time(17))

    mine, sams = (
        [mail for mail in opened(session) if name in mail["To"]] for name in ("Jo", "Sam")
    )
    assert (len(mine), len(sams)) == (3, 3)
    assert (foretold, told) == (Mails(2, 2, 4), 2)
    assert "At that time you also have Lunch: Thursday 21 January 2027" in text(mine[0])
    assert "Lunch" not in text(sams[0])


@pytest.mark.parametrize("dates", [1, 3])
def test_a_cancelled_event_foretells_its_mails(session, dates):
    event = make_event(session, sessions=3, capacity=2)
    no_invitations = make_person(session, invitations=False)
    numbers = range(dates)
    book(session, event, *numbers)
    book(session, event, *numbers, person=no_invitations)
    book(session, event, *numbers)  # Waits.
    forget_mails(session)

    foretold = cancel_effects.of_cancelled_event(session, event, event.sessions)
    outcome = cancelling.cancel_event(
        session, event_id=event.id, reason=REASON, seen_version=1, actor=ACTOR, now=NOW
    )

    assert sent(session) == (foretold.mails.people, foretold.mails.calendar)
    assert (foretold.told, outcome.told) == (3, 3)
    words = {one.title: one.words for one in foretold.consequences}["Mail"]
    assert words == "3 people get a mail with your reason." + (
        ""
        if dates == 1
        else " 1 of them also gets a short mail for each of their dates, for their calendar: "
        "3 in all."
    )


def test_one_person_with_several_dates(session):
    event = make_event(session, sessions=2)
    book(session, event, 0, 1)
    found = effects.of_new_title(
        session, event, event.sessions, details_of(event, title="Calm"), now=NOW
    )
    assert found.consequences[0].words == (
        "1 person gets a mail with the new title, and 2 short ones for their calendar, one for "
        "each date."
    )


def test_a_new_title_reaches_the_named_of_a_party_too(session):
    event = make_event(session)
    make_party(session, event, 0)
    details = details_of(event, title="Calm")
    foretold = effects.of_new_title(session, event, event.sessions, details, now=NOW)
    outcome = editing.save_details(
        session, event_id=event.id, details=details, seen_version=1, actor=ACTOR, now=NOW
    )
    assert (foretold.told, outcome.told, sent(session)) == (2, 2, (2, 0))


def test_many_bookings_cost_no_more_statements_than_few(session, count_queries):
    counted = []
    for people in (3, 40):
        event = make_event(session, capacity=None)
        fill(session, event, 0, people=people)
        with count_queries() as statements:
            cancelling.cancel_event(
                session, event_id=event.id, reason=REASON, seen_version=1, actor=ACTOR, now=NOW
            )
            session.commit()
        counted.append(len(statements))
    assert counted[0] == counted[1]


def test_a_move_of_a_full_date_costs_no_more_statements(session, count_queries):
    counted = []
    for people in (3, 40):
        event = make_event(session, capacity=people - 1)
        fill(session, event, 0, people=people)
        date = event.sessions[0]
        hours = timedelta(hours=1)
        plan = plan_of(date, starts_at=date.starts_at + hours, ends_at=date.ends_at + hours)
        with count_queries() as statements:
            change_date(
                session,
                event_id=event.id,
                session_key=date.key,
                plan=plan,
                seen_version=1,
                actor=ACTOR,
                now=NOW,
            )
            session.commit()
        counted.append(len(statements))
    assert counted[0] == counted[1]


def test_an_act_that_is_undone_tells_nobody(session):
    event = make_event(session, sessions=2)
    fill(session, event, 0, 1, people=3)
    forget_mails(session)
    cancelling.cancel_event(
        session, event_id=event.id, reason=REASON, seen_version=1, actor=ACTOR, now=NOW
    )
    session.rollback()
    assert mails(session) == []


def test_numbers_on_a_long_waiting_list_are_those_of_a_short_one(session):
    event = make_event(session, capacity=0)
    fill(session, event, 0, people=25)
    forget_mails(session)
    date = event.sessions[0]
    plan = plan_of(date, place=None, starts_at=date.starts_at + timedelta(minutes=5))
    change_date(
        session,
        event_id=event.id,
        session_key=date.key,
        plan=plan,
        seen_version=1,
        actor=ACTOR,
        now=NOW,
    )
    numbers = [f"On the waiting list, number {number}" for number in range(1, 26)]
    found = [n in text(mail) for n, mail in zip(numbers, opened(session), strict=True)]
    assert found == [True] * 25


def free_two_dates(session, event):
    """Both dates are full, somebody waits for both, and then there is room in both."""
    fill(session, event, 0, 1, people=1)
    person = make_person(session)
    waiting = book(session, event, 0, 1, person=person)
    forget_mails(session)
    places = {date.key: PlacesPlan(2) for date in event.sessions}
    set_places(session, event_id=event.id, places=places, seen_version=1, actor=ACTOR, now=NOW)
    session.commit()
    return person, waiting


def test_offers_of_two_dates_at_once_are_one_mail(session):
    event = make_event(session, sessions=2, capacity=1, title="Chaos")
    person, waiting = free_two_dates(session, event)

    assert states(session, waiting) == ["offered", "offered"]
    assert mails(session) == ["events/offer"]
    (letter,) = letters_to(session, person)
    assert letter["Subject"] == "Chaos: places are free for you"
    said = text(letter)
    assert "Places have come free at Chaos on 2 dates for which you wait" in said
    assert "We hold them for you until Wednesday 13 January 2027, 10am GMT." in said
    assert "Wednesday 10 February 2027" in said
    assert "Wednesday 17 February 2027" in said
    assert "Take the places:" in said


def test_where_they_end_at_different_times_each_says_its_own(session):
    soon = NOW + timedelta(hours=5)  # Before the hours of an offer are over.
    event = make_event(session, sessions=2, capacity=1, title="Chaos", starts_at=soon, hours=1)
    person, _ = free_two_dates(session, event)

    (letter,) = letters_to(session, person)
    said = text(letter)
    assert "We hold them" not in said
    assert "A place is held for you until Monday 11 January 2027, 5pm GMT" in said
    assert "A place is held for you until Wednesday 13 January 2027, 10am GMT" in said


def test_the_dates_of_a_course_are_one_place(session):
    event = make_event(session, sessions=2, capacity=1, booked_as=BookedAs.WHOLE)
    (first,) = fill(session, event, people=1)
    person = make_person(session)
    book(session, event, person=person)
    forget_mails(session)
    cancel_booking(session, booking_id=first.id, now=NOW)
    session.commit()
    (letter,) = letters_to(session, person)
    assert letter["Subject"].endswith(": a place is free for you")
