"""The questions of an event in their words, and the answers to them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from netapp.events.answers import AskedQuestion, Value, unpacked
from netapp.events.models import (
    Answer,
    Event,
    EventQuestion,
    Question,
    QuestionKind,
    QuestionWording,
)
from netapp.kernel.db import DbSession

Given = Mapping[int, Answer]
"""The answers of one person by the id of the event's question."""


def questions_of(
    session: DbSession, event_id: int, *, with_ended: bool = False
) -> list[AskedQuestion]:
    """The questions of an event in their order, in their newest words: one query."""
    wanted = [EventQuestion.event_id == event_id]
    if not with_ended:
        wanted.append(EventQuestion.ended_at.is_(None))
    rows = session.execute(
        select(EventQuestion, Question, QuestionWording)
        .join(Question, Question.id == EventQuestion.question_id)
        .join(
            QuestionWording,
            (QuestionWording.question_id == Question.id)
            & (QuestionWording.number == Question.version),
        )
        .where(*wanted)
        .order_by(EventQuestion.position, EventQuestion.id),
        execution_options={"populate_existing": True},
    )
    return [_asked(one, question, wording) for one, question, wording in rows]


def answers_of(session: DbSession, attendee_ids: Collection[int]) -> dict[int, dict[int, Answer]]:
    """By the id of the person on the booking, then of the event's question: one query."""
    found: dict[int, dict[int, Answer]] = {attendee_id: {} for attendee_id in attendee_ids}
    for answer in session.scalars(
        select(Answer).where(Answer.attendee_id.in_(attendee_ids)),
        execution_options={"populate_existing": True},
    ):
        found[answer.attendee_id][answer.event_question_id] = answer
    return found


def wordings_of(
    session: DbSession, questions: Sequence[AskedQuestion], answers: Iterable[Given]
) -> dict[int, QuestionWording]:
    """Those that were answered and are not the newest, by id."""
    newest = {question.wording_id for question in questions}
    old = {answer.wording_id for given in answers for answer in given.values()} - newest
    if not old:
        return {}
    found = session.scalars(select(QuestionWording).where(QuestionWording.id.in_(old)))
    return {wording.id: wording for wording in found}


def values_of(given: Given) -> dict[int, Value]:
    return {question_id: unpacked(answer.value) for question_id, answer in given.items()}


def in_words_of(question: AskedQuestion, wording: QuestionWording | None) -> AskedQuestion:
    """The question as this wording puts it."""
    if wording is None:
        return question
    return replace(
        question,
        wording_id=wording.id,
        number=wording.number,
        words=wording.words,
        hint=wording.hint,
        options=tuple(wording.options),
    )


def earlier_answers(
    session: DbSession, person_id: int, questions: Iterable[AskedQuestion]
) -> dict[int, tuple[Value, str]]:
    """What somebody answered by themselves to the same questions of the library before, newest
    first, with the title of the event; never a consent."""
    wanted = [each.question_id for each in questions if each.kind is not QuestionKind.CONSENT]
    rows = session.execute(
        select(EventQuestion.question_id, Answer.value, Event.title)
        .join(EventQuestion, EventQuestion.id == Answer.event_question_id)
        .join(Event, Event.id == EventQuestion.event_id)
        .where(Answer.person_id == person_id, EventQuestion.question_id.in_(wanted))
        .order_by(Answer.answered_at, Answer.id)
    )
    return {
        question_id: (value, title)
        for question_id, text, title in rows
        if (value := unpacked(text)) is not None
    }


def _asked(one: EventQuestion, question: Question, wording: QuestionWording) -> AskedQuestion:
    return AskedQuestion(
        id=one.id,
        key=one.key,
        question_id=question.id,
        question_key=question.key,
        kind=question.kind,
        wording_id=wording.id,
        number=wording.number,
        words=wording.words,
        hint=wording.hint,
        options=tuple(wording.options),
        position=one.position,
        required=one.required,
        ask_from_days=one.ask_from_days,
        needed_by_days=one.needed_by_days,
        only_if_id=one.only_if_id,
        only_if_value=one.only_if_value,
        added_at=one.added_at,
        is_ended=one.ended_at is not None,
    )
