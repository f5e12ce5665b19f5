"""Questions that hang on what was answered before."""

from typing import Any

import pytest

from netapp.events.errors import AnswersMissing, ConditionNotBefore, OptionDecides, QuestionDecides
from netapp.events.models import QuestionKind
from netapp.events.operations import event_questions, question_library
from netapp.events.question_plans import AskPlan, WordingPlan
from tests.events.asked import ACTOR, answer, answers, ask, wanted
from tests.events.question_scenes import CHOICE, EATS, MEAL, MEALS, YES_NO, lunch
from tests.events.scenes import book
from tests.factories import NOW, make_event


@pytest.fixture
def event(session):
    return make_event(session, title="Working With Chaos")


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
