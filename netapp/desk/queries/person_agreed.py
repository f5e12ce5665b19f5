"""What one person agreed to: to which words, when, and whether it holds."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

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
from netapp.privacy.queries.held import consents_given


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """``holds``: they said yes, and have not taken it back."""

    to: str
    text: str
    version: str
    at: datetime
    holds: bool


def agreed_by(session: DbSession, person_id: int) -> list[AgreedLine]:
    """Every consent that there is a record of, the newest first. That there is one, and never
    what was told on the strength of it."""
    found = [
        AgreedLine(each.to, each.text, each.version, each.at, holds=True)
        for each in consents_given(session, person_id)
    ]
    found += _answers(session, person_id)
    return sorted(found, key=lambda line: line.at, reverse=True)


def _answers(session: DbSession, person_id: int) -> list[AgreedLine]:
    """To questions of events that ask for consent; the words are those they answered."""
    rows = session.execute(
        select(Answer.value, Answer.answered_at, QuestionWording.words, QuestionWording.number)
        .add_columns(Event.title)
        .join(QuestionWording, QuestionWording.id == Answer.wording_id)
        .join(Question, Question.id == QuestionWording.question_id)
        .join(EventQuestion, EventQuestion.id == Answer.event_question_id)
        .join(Event, Event.id == EventQuestion.event_id)
        .join(Attendee, Attendee.id == Answer.attendee_id)
        .where(
            Question.kind == QuestionKind.CONSENT,
            or_(Answer.person_id == person_id, Attendee.person_id == person_id),
        )
    )
    return [
        AgreedLine(title, words, str(number), at, holds=json.loads(value) is True)
        for value, at, words, number, title in rows
    ]
