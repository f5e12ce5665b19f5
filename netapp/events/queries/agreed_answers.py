"""Answers to the questions of events that ask whether somebody agrees."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from netapp.events.models import (
    Answer,
    Attendee,
    Event,
    EventQuestion,
    Question,
    QuestionKind,
    QuestionWording,
)
from netapp.kernel.db import DbSession


@dataclass(frozen=True, slots=True)
class AgreedAnswer:
    """``to`` is the event; ``text`` the wording they answered, ``version`` its number."""

    person_id: int | None  # Whom it is of, as far as we know.
    to: str
    text: str
    version: str
    at: datetime
    holds: bool


def agreed_answers(session: DbSession, *conditions: ColumnElement[bool]) -> list[AgreedAnswer]:
    """Of these answers (with their attendees) those to a question for consent. One query."""
    rows = session.execute(
        select(Answer.value, Answer.answered_at, QuestionWording.words, QuestionWording.number)
        .add_columns(Event.title, func.coalesce(Answer.person_id, Attendee.person_id))
        .join(QuestionWording, QuestionWording.id == Answer.wording_id)
        .join(Question, Question.id == QuestionWording.question_id)
        .join(EventQuestion, EventQuestion.id == Answer.event_question_id)
        .join(Event, Event.id == EventQuestion.event_id)
        .join(Attendee, Attendee.id == Answer.attendee_id)
        .where(Question.kind == QuestionKind.CONSENT, *conditions)
    )
    return [
        AgreedAnswer(person_id, title, words, str(number), at, json.loads(value) is True)
        for value, at, words, number, title, person_id in rows
    ]


def agreed_answers_of(session: DbSession, person_id: int) -> list[AgreedAnswer]:
    """By somebody, or about them by whoever booked."""
    return agreed_answers(
        session, or_(Answer.person_id == person_id, Attendee.person_id == person_id)
    )
