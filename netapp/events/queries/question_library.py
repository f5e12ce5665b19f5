"""The library of questions on the desk: what there is, and where it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from netapp.events.models import (
    Answer,
    Event,
    EventQuestion,
    Question,
    QuestionKind,
    QuestionWording,
)
from netapp.kernel.db import DbSession


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """A question in its newest words. ``events``: how many ask it."""

    id: int
    key: str
    kind: QuestionKind
    version: int
    words: str
    hint: str
    options: tuple[str, ...]
    is_retired: bool
    events: int
    answers: int


@dataclass(frozen=True, slots=True)
class AskedIn:
    """An event that asks a question, or did."""

    event_key: str
    title: str
    is_ended: bool


@dataclass(frozen=True, slots=True)
class FormerWording:
    number: int
    words: str
    written_at: datetime
    answers: int


def library(session: DbSession) -> list[LibraryRow]:
    """All of it: those in use by their words, then those that are retired. One query."""
    return _rows(session)


def library_question(session: DbSession, key: str) -> LibraryRow | None:
    return next(iter(_rows(session, key)), None)


def questions_to_take(session: DbSession, event_id: int) -> list[LibraryRow]:
    """What an event could ask: in the library, not retired, and not asked by it or ended."""
    taken = set(
        session.scalars(select(EventQuestion.question_id).where(EventQuestion.event_id == event_id))
    )
    return [row for row in _rows(session) if row.id not in taken and not row.is_retired]


def asked_in(session: DbSession, question_id: int) -> list[AskedIn]:
    """The newest first."""
    rows = session.execute(
        select(Event.key, Event.title, EventQuestion.ended_at)
        .join(EventQuestion, EventQuestion.event_id == Event.id)
        .where(EventQuestion.question_id == question_id)
        .order_by(EventQuestion.added_at.desc(), EventQuestion.id.desc())
        .limit(100)
    )
    return [AskedIn(key, title, ended is not None) for key, title, ended in rows]


def former_wordings(session: DbSession, question: LibraryRow) -> Sequence[FormerWording]:
    """Those before the newest, with how many answers each still has."""
    answers = (
        select(func.count())
        .select_from(Answer)
        .where(Answer.wording_id == QuestionWording.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(QuestionWording, answers)
        .where(
            QuestionWording.question_id == question.id,
            QuestionWording.number < question.version,
        )
        .order_by(QuestionWording.number.desc())
    )
    return [
        FormerWording(each.number, each.words, each.written_at, int(number))
        for each, number in rows
    ]


def _rows(session: DbSession, key: str = "") -> list[LibraryRow]:
    mine = EventQuestion.question_id == Question.id
    events = (
        select(func.count())
        .select_from(EventQuestion)
        .where(mine, EventQuestion.ended_at.is_(None))
        .scalar_subquery()
    )
    answers = (
        select(func.count())
        .select_from(Answer)
        .join(EventQuestion, EventQuestion.id == Answer.event_question_id)
        .where(mine)
        .scalar_subquery()
    )
    query = (
        select(Question, QuestionWording, events, answers)
        .join(
            QuestionWording,
            (QuestionWording.question_id == Question.id)
            & (QuestionWording.number == Question.version),
        )
        .order_by(Question.retired_at.is_not(None), QuestionWording.words, Question.id)
    )
    rows = session.execute(
        query.where(Question.key == key) if key else query,
        execution_options={"populate_existing": True},
    )
    return [
        LibraryRow(
            id=question.id,
            key=question.key,
            kind=question.kind,
            version=question.version,
            words=wording.words,
            hint=wording.hint,
            options=tuple(wording.options),
            is_retired=question.retired_at is not None,
            events=int(in_events),
            answers=int(number),
        )
        for question, wording, in_events, number in rows
    ]
