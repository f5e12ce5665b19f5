"""When somebody is asked something, and what becomes of the answers."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from netapp.events.errors import AnswersMissing, QuestionsClosed
from netapp.events.models import AccessNeed, BookingEntry, QuestionKind
from netapp.events.operations.changing import cancel_booking
from netapp.events.operations.naming import Naming, hand_back, name_attendees
from netapp.events.operations.needs import keep_need
from netapp.events.queries.booking_questions import booking_questions
from netapp.events.queries.questions import earlier_answers, questions_of
from tests.events.asked import answer, answers, ask, attendee, question, wanted
from tests.events.question_scenes import (
    CONSENT,
    EATS,
    INSTRUMENT,
    MEAL,
    MEALS,
    STARTS,
    YES_NO,
    lunch,
)
from tests.events.scenes import book
from tests.events.test_naming import book_party
from tests.factories import NOW, make_event, make_person

PHOTOS = "We may show photographs of me."


@pytest.fixture
def event(session):
    return make_event(session, title="Working With Chaos")


def by_words(session, booking, now=NOW):
    return booking_questions(session, booking.id, now).by


def test_asked_at_once_where_nothing_else_is_said(session, event):
    ask(session, event)
    booking = book(session, event, 0)
    assert wanted(session, booking) == [INSTRUMENT]
    assert by_words(session, booking) == "Wednesday 10 February 2027, 2pm GMT"


def test_never_before_it_is_needed(session, event):
    ask(session, event, ask_from_days=14, needed_by_days=7)
    booking = book(session, event, 0)
    due = STARTS - timedelta(days=14, hours=4)  # At 10am, the hour of reminders.
    assert wanted(session, booking, due - timedelta(seconds=1)) == []
    assert wanted(session, booking, due) == [INSTRUMENT]
    assert by_words(session, booking, due) == "Wednesday 3 February 2027"
    closed = STARTS - timedelta(days=6, hours=14)  # Midnight.
    assert wanted(session, booking, closed - timedelta(seconds=1)) == [INSTRUMENT]
    assert wanted(session, booking, closed) == []


def test_who_books_late_has_until_the_end_of_the_next_day(session, event):
    ask(session, event, needed_by_days=7)
    late = STARTS - timedelta(days=3)
    booking = book(session, event, 0, now=late)
    assert wanted(session, booking, late) == [INSTRUMENT]
    assert by_words(session, booking, late) == "Monday 8 February 2027"
    assert wanted(session, booking, STARTS - timedelta(days=1, hours=14)) == []


def test_the_day_is_that_of_the_event_over_a_change_of_the_clocks(session):
    starts = STARTS + timedelta(days=49)  # Wednesday 31 March 2027, 3pm BST.
    event = make_event(session, starts_at=starts)
    ask(session, event, ask_from_days=7)
    booking = book(session, event, 0)
    due = starts - timedelta(days=7, hours=4)  # 10am GMT, before the clocks go forward.
    assert wanted(session, booking, due - timedelta(seconds=1)) == []
    assert wanted(session, booking, due) == [INSTRUMENT]


def test_nobody_is_asked_who_waits_or_has_cancelled(session):
    event = make_event(session, capacity=1)
    ask(session, event)
    first, second = book(session, event, 0), book(session, event, 0)
    assert wanted(session, second) == []
    cancel_booking(session, booking_id=first.id, now=NOW)
    session.commit()
    assert wanted(session, first) == []


@pytest.mark.parametrize(
    ("kind", "options", "value"),
    [
        (QuestionKind.TEXT, (), "A cello"),
        (QuestionKind.LONG_TEXT, (), "Two\nlines"),
        (QuestionKind.NUMBER, (), 12),
        (QuestionKind.CHOICE, MEALS, "Soup"),
        (QuestionKind.SEVERAL, MEALS, ["Soup", "Salad"]),
        (QuestionKind.YES_NO, (), False),
        (QuestionKind.DATE, (), "2027-02-01"),
        (QuestionKind.CONSENT, (), True),
    ],
)
def test_what_is_answered_is_kept_and_not_asked_again(session, event, kind, options, value):
    ask(session, event, INSTRUMENT, kind, *options)
    booking = book(session, event, 0)
    answer(session, booking, {INSTRUMENT: value})
    assert answers(session, booking) == [value]
    assert wanted(session, booking) == []
    entries = select(BookingEntry.what).order_by(BookingEntry.id.desc())
    assert session.scalars(entries).first() == "Our questions were answered."


def test_left_empty_is_an_answer_where_none_is_wanted(session, event):
    ask(session, event)
    booking = book(session, event, 0)
    answer(session, booking, {INSTRUMENT: None})
    assert answers(session, booking) == [None]
    assert wanted(session, booking) == []


@pytest.mark.parametrize(("kind", "empty"), [(QuestionKind.TEXT, None), (CONSENT, False)])
def test_what_must_be_answered_is_and_nothing_else_is_kept(session, event, kind, empty):
    must = ask(session, event, INSTRUMENT, kind, required=True)
    ask(session, event, EATS, YES_NO)
    booking = book(session, event, 0)
    with pytest.raises(AnswersMissing) as refused:
        answer(session, booking, {INSTRUMENT: empty, EATS: True})
    session.rollback()
    assert refused.value.keys == (must.key,)
    assert answers(session, booking) == []


def test_no_is_an_answer(session, event):
    ask(session, event, EATS, YES_NO, required=True)
    booking = book(session, event, 0)
    answer(session, booking, {EATS: False})
    assert answers(session, booking) == [False]


def test_changed_until_it_is_needed_and_no_longer(session, event):
    ask(session, event, needed_by_days=7)
    booking = book(session, event, 0)
    answer(session, booking, {INSTRUMENT: "A cello"})
    answer(session, booking, {INSTRUMENT: "A viola"}, now=NOW + timedelta(days=1))
    assert answers(session, booking) == ["A viola"]
    with pytest.raises(QuestionsClosed):
        answer(session, booking, {}, now=STARTS - timedelta(days=6))


def test_the_same_person_is_not_asked_to_type_it_again(session, event):
    library = question(session)
    ana = make_person(session)
    other = make_event(session)
    for each in (event, other):
        ask(session, each, from_library=library)
        ask(session, each, PHOTOS, CONSENT)
    first = book(session, event, 0, person=ana)
    answer(session, first, {INSTRUMENT: "A cello", PHOTOS: True})
    book(session, other, 0, person=ana)
    questions = questions_of(session, other.id)
    assert earlier_answers(session, ana.id, questions) == {
        library.id: ("A cello", "Working With Chaos")
    }
    assert earlier_answers(session, make_person(session).id, questions) == {}


def test_each_of_a_party_has_answers_of_their_own(session, event):
    ask(session, event)
    party = book_party(session, event)
    assert wanted(session, party) == [INSTRUMENT] * 3
    answer(session, party, {INSTRUMENT: "A cello"}, number=1)
    assert [answers(session, party, n) for n in range(3)] == [[], ["A cello"], []]


def test_the_same_for_all_copies_answers_but_neither_needs_nor_consent(session, event):
    lunch(session, event)
    ask(session, event, PHOTOS, CONSENT)
    party = book_party(session, event)
    keep_need(session, booking=party, text="A ramp, please.", now=NOW)
    session.commit()
    answer(session, party, {EATS: False, PHOTOS: False}, number=1)
    told: dict[str, Any] = {EATS: True, MEAL: "Soup", PHOTOS: True}
    assert answer(session, party, told, same_for_all=True).others == 1
    assert [answers(session, party, n) for n in range(3)] == [
        [True, "Soup", True],
        [False, False],  # They had answered.
        [True, "Soup"],
    ]
    assert session.scalar(select(func.count()).select_from(AccessNeed)) == 1


def test_who_can_be_asked_by_themselves_agrees_by_themselves(session, event):
    ask(session, event)
    ask(session, event, PHOTOS, CONSENT)
    party = book_party(session, event, places=2)
    sam = attendee(session, party, 1)
    naming = Naming(sam.key, "Sam Okoro", "sam@example.org")
    name_attendees(session, booking_id=party.id, names=[naming], now=NOW)
    session.commit()
    assert wanted(session, party) == [INSTRUMENT, PHOTOS, INSTRUMENT]
    assert wanted(session, party, number=1) == [INSTRUMENT, PHOTOS]
    told: dict[str, Any] = {INSTRUMENT: "Drums", PHOTOS: False}
    answer(session, party, told, number=1, by_booker=False)
    page = booking_questions(session, party.id, NOW)
    line = page.people[1].lines[0]
    assert (line.is_private, line.value, line.words) == (True, None, "")
    with pytest.raises(QuestionsClosed):
        answer(session, party, {}, number=1)


@pytest.mark.parametrize("by", ["booker", "themselves"])
def test_whoever_gets_the_place_is_asked_anew(session, event, by):
    ask(session, event)
    booking = book(session, event, 0)
    answer(session, booking, {INSTRUMENT: "A cello"})
    who = attendee(session, booking)
    if by == "booker":
        naming = Naming(who.key, "Sam Okoro", "sam@example.org")
        name_attendees(session, booking_id=booking.id, names=[naming], now=NOW)
    else:
        hand_back(session, booking_id=booking.id, attendee_key=who.key, now=NOW)
    session.commit()
    assert answers(session, booking) == []
