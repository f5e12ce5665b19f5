"""What becomes of questions and answers when one of them is changed, ended or copied."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from netapp.events.errors import QuestionRetired, QuestionsChanged, QuestionTaken
from netapp.events.models import Answer, EventQuestion, EventStatus, QuestionWording
from netapp.events.operations import event_questions, question_library
from netapp.events.operations.answers import Reply, delete_old_answers, save_answers
from netapp.events.operations.creating import copy_event
from netapp.events.operations.editing import delete_draft
from netapp.events.queries.questions import questions_of
from netapp.events.question_plans import AskPlan, WordingPlan
from netapp.kernel.errors import StaleEdit
from tests.events.asked import ACTOR, answer, answers, ask, attendee, wanted
from tests.events.question_scenes import EATS, INSTRUMENT, MEAL, STARTS, lunch
from tests.events.scenes import book
from tests.factories import NOW, make_event


@pytest.fixture
def event(session):
    return make_event(session, title="Working With Chaos")


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
