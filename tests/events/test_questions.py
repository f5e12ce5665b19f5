"""What people are asked once they have a place: when, on which condition, and what is kept."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from netapp.events.errors import (
    AnswersMissing,
    ConditionNotBefore,
    OptionDecides,
    QuestionDecides,
    QuestionRetired,
    QuestionsChanged,
    QuestionsClosed,
    QuestionTaken,
)
from netapp.events.models import (
    AccessNeed,
    Answer,
    BookingEntry,
    EventQuestion,
    EventStatus,
    QuestionKind,
    QuestionWording,
)
from netapp.events.operations import event_questions, question_library
from netapp.events.operations.answers import Reply, delete_old_answers, save_answers
from netapp.events.operations.changing import cancel_booking
from netapp.events.operations.creating import copy_event
from netapp.events.operations.editing import delete_draft
from netapp.events.operations.naming import Naming, hand_back, name_attendees
from netapp.events.operations.needs import keep_need
from netapp.events.queries.booking_questions import booking_questions
from netapp.events.queries.questions import earlier_answers, questions_of
from netapp.events.question_plans import AskPlan, WordingPlan
from netapp.kernel.errors import StaleEdit
from tests.events.asked import ACTOR, answer, answers, ask, attendee, question, wanted
from tests.events.scenes import book
from tests.events.test_naming import book_party
from tests.factories import NOW, make_event, make_person

STARTS = NOW + timedelta(days=30, hours=2)  # Wednesday 10 February 2027, 2pm.
INSTRUMENT = "Which instrument do you bring?"
EATS = "Do you have lunch with us?"
MEAL = "Which meal?"
PHOTOS = "We may show photographs of me."
YES_NO, CHOICE, CONSENT = QuestionKind.YES_NO, QuestionKind.CHOICE, QuestionKind.CONSENT
MEALS = ("Soup", "Salad")


@pytest.fixture
def event(session):
    return make_event(session, title="Working With Chaos")


def lunch(session, event, **plan):
    """Whether, and if yes what."""
    eats = ask(session, event, EATS, YES_NO, **plan)
    return eats, ask(
        session, event, MEAL, CHOICE, *MEALS,
        only_if=eats, only_if_value="yes", required=True, **plan,
    )  # fmt: skip


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


def test_what_hangs_on_a_yes_is_asked_after_it(session, event):
    lunch(session, event)
    booking = book(session, event, 0)
    assert wanted(session, booking) == [EATS]
    with pytest.raises(AnswersMissing):
        answer(session, booking, {EATS: True})
    session.rollback()
    answer(session, booking, {EATS: True, MEAL: "Soup"})
    assert answers(session, booking) == [True, "Soup"]


def test_an_answer_whose_condition_is_not_met_is_dropped(session, event):
    lunch(session, event)
    booking = book(session, event, 0)
    answer(session, booking, {EATS: False, MEAL: "Soup"})
    assert answers(session, booking) == [False]
    answer(session, booking, {EATS: True, MEAL: "Soup"})
    answer(session, booking, {EATS: False})
    assert answers(session, booking) == [False]


def test_conditions_in_a_row(session, event):
    _, meal = lunch(session, event)
    ask(session, event, "Hot or cold?", only_if=meal, only_if_value="Soup", required=True)
    booking = book(session, event, 0)
    answer(session, booking, {EATS: False, MEAL: "Soup", "Hot or cold?": "Hot"})
    assert answers(session, booking) == [False]
    answer(session, booking, {EATS: True, MEAL: "Salad", "Hot or cold?": "Hot"})
    assert answers(session, booking) == [True, "Salad"]


def test_hangs_on_one_of_several(session, event):
    days = ask(session, event, "Which days?", QuestionKind.SEVERAL, "Friday", "Saturday")
    ask(session, event, "A bed?", YES_NO, only_if=days, only_if_value="Friday")
    booking = book(session, event, 0)
    answer(session, booking, {"Which days?": ["Saturday"], "A bed?": True})
    assert answers(session, booking) == [["Saturday"]]
    answer(session, booking, {"Which days?": ["Friday", "Saturday"], "A bed?": True})
    assert answers(session, booking) == [["Friday", "Saturday"], True]


def test_a_condition_hangs_on_what_comes_before_and_is_asked_no_later(session, event):
    eats, meal = lunch(session, event, ask_from_days=7)
    acts: dict[str, Any] = {"event_id": event.id, "actor": ACTOR, "now": NOW}
    with pytest.raises(ConditionNotBefore):
        event_questions.move_question(session, key=meal.key, up=True, **acts)
    session.rollback()
    for plan in (
        AskPlan(ask_from_days=8, only_if=eats.key, only_if_value="yes"),
        AskPlan(ask_from_days=None, only_if=eats.key, only_if_value="yes"),
        AskPlan(ask_from_days=7, only_if=eats.key, only_if_value="perhaps"),
        AskPlan(ask_from_days=7, only_if=meal.key, only_if_value="Soup"),
    ):
        with pytest.raises(ConditionNotBefore):
            event_questions.change_question(session, key=meal.key, plan=plan, **acts)
        session.rollback()
    with pytest.raises(ConditionNotBefore):
        event_questions.change_question(
            session, key=eats.key, plan=AskPlan(ask_from_days=6), **acts
        )
    session.rollback()
    with pytest.raises(QuestionDecides):
        event_questions.stop_asking(session, key=eats.key, **acts)


def test_asked_once_and_ended_with_its_answers_kept(session, event):
    one = ask(session, event)
    acts: dict[str, Any] = {"event_id": event.id, "key": one.key, "actor": ACTOR, "now": NOW}
    with pytest.raises(QuestionTaken):
        event_questions.ask_question(
            session, event_id=event.id, question_id=one.question_id, plan=AskPlan(),
            actor=ACTOR, now=NOW,
        )  # fmt: skip
    session.rollback()
    booking = book(session, event, 0)
    answer(session, booking, {INSTRUMENT: "A cello"})
    assert event_questions.stop_asking(session, **acts) is False
    session.commit()
    assert (wanted(session, booking), answers(session, booking)) == ([], ["A cello"])
    event_questions.ask_again(session, **acts)
    session.commit()
    assert [q.words for q in questions_of(session, event.id)] == [INSTRUMENT]


def test_one_that_nobody_was_asked_is_taken_away(session, event):
    one = ask(session, event)
    acts: dict[str, Any] = {"event_id": event.id, "key": one.key, "actor": ACTOR, "now": NOW}
    assert event_questions.stop_asking(session, **acts) is True
    assert session.scalar(select(func.count()).select_from(EventQuestion)) == 0


def test_other_words_are_for_those_who_have_not_answered(session, event):
    one = ask(session, event)
    before, after = book(session, event, 0), book(session, event, 0)
    answer(session, before, {INSTRUMENT: "A cello"})
    edit: dict[str, Any] = {
        "question_id": one.question_id,
        "actor": ACTOR,
        "now": NOW,
        "seen_version": 1,
    }
    wording = WordingPlan("What do you play?")
    question_library.edit_question(session, wording=wording, **edit)
    session.commit()
    with pytest.raises(StaleEdit):
        question_library.edit_question(session, wording=wording, **edit)
    session.rollback()
    assert wanted(session, after) == ["What do you play?"]
    answer(session, before, {INSTRUMENT: "A viola"})  # Still in the words they answered.
    answer(session, after, {"What do you play?": "Drums"})
    numbers = session.scalars(
        select(QuestionWording.number)
        .join(Answer, Answer.wording_id == QuestionWording.id)
        .order_by(Answer.id)
    )
    assert list(numbers) == [1, 2]


def test_nothing_is_kept_under_words_that_were_not_shown(session, event):
    one = ask(session, event)
    booking = book(session, event, 0)
    old = questions_of(session, event.id)[0].wording_id
    question_library.edit_question(
        session, question_id=one.question_id, wording=WordingPlan("What do you play?"),
        actor=ACTOR, now=NOW, seen_version=1,
    )  # fmt: skip
    session.commit()
    with pytest.raises(QuestionsChanged):
        save_answers(
            session,
            booking_id=booking.id,
            attendee_key=attendee(session, booking).key,
            replies={one.key: Reply("A cello", old)},
            by_booker=True,
            now=NOW,
        )


def test_an_option_stays_while_a_question_hangs_on_it(session, event):
    meal = ask(session, event, MEAL, CHOICE, *MEALS)
    ask(session, event, "Hot or cold?", only_if=meal, only_if_value="Soup")
    edit: dict[str, Any] = {
        "question_id": meal.question_id,
        "actor": ACTOR,
        "now": NOW,
        "seen_version": 1,
    }
    wording = WordingPlan(MEAL, options=("Salad", "Pie"))
    with pytest.raises(OptionDecides) as refused:
        question_library.edit_question(session, wording=wording, **edit)
    assert str(refused.value) == (
        "Keep the option “Soup”: in Working With Chaos another question is asked only after it."
    )
    session.rollback()
    wording = WordingPlan(MEAL, options=("Soup", "Pie"))
    assert question_library.edit_question(session, wording=wording, **edit).version == 2


def test_retired_no_event_takes_it_and_those_that_have_it_go_on(session, event):
    one = ask(session, event)
    question_library.retire_question(
        session, question_id=one.question_id, retired=True, actor=ACTOR, now=NOW
    )
    session.commit()
    assert wanted(session, book(session, event, 0)) == [INSTRUMENT]
    with pytest.raises(QuestionRetired):
        event_questions.ask_question(
            session, event_id=make_event(session).id, question_id=one.question_id,
            plan=AskPlan(), actor=ACTOR, now=NOW,
        )  # fmt: skip


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


def test_a_copy_asks_the_same(session, event):
    lunch(session, event, ask_from_days=7, needed_by_days=2)
    retired = ask(session, event)
    question_library.retire_question(
        session, question_id=retired.question_id, retired=True, actor=ACTOR, now=NOW
    )
    copy = copy_event(
        session, event_id=event.id, title="Again", first_day=(NOW + timedelta(days=60)).date(),
        actor=ACTOR, now=NOW,
    )  # fmt: skip
    session.commit()
    eats, meal = questions_of(session, copy.id)
    assert (eats.words, eats.ask_from_days, eats.needed_by_days) == (EATS, 7, 2)
    assert (meal.words, meal.required, meal.only_if_id, meal.only_if_value) == (
        MEAL, True, eats.id, "yes",
    )  # fmt: skip


def test_a_draft_goes_with_what_it_asks(session):
    draft = make_event(session, status=EventStatus.DRAFT, published_at=None)
    lunch(session, draft)
    delete_draft(session, event_id=draft.id, seen_version=1, actor=ACTOR, now=NOW)
    session.commit()
    assert session.scalar(select(func.count()).select_from(EventQuestion)) == 0


def test_deleted_a_year_after_the_last_date(session, event):
    ask(session, event)
    booking = book(session, event, 0)
    answer(session, booking, {INSTRUMENT: "A cello"})
    ends = STARTS + timedelta(hours=3.5)
    assert delete_old_answers(session, ends + timedelta(days=365)) == 0
    assert delete_old_answers(session, ends + timedelta(days=365, seconds=1)) == 1
    session.commit()
    assert answers(session, booking) == []
