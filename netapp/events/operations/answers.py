"""Answers to the questions of an event: kept, given for others alike, forgotten, deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from netapp.audit import operations as audit
from netapp.events.answers import AskedQuestion, Value, met, packed, stay_of
from netapp.events.errors import AnswersMissing, QuestionsChanged, QuestionsClosed
from netapp.events.models import (
    Answer,
    Attendee,
    Booking,
    Event,
    EventQuestion,
    EventSession,
    QuestionAsked,
    QuestionKind,
)
from netapp.events.operations.consents import end_answers
from netapp.events.operations.guard import UNSYNCED, lock_booking
from netapp.events.operations.story import note
from netapp.events.queries.booking_questions import QuestionLine, answers_alone, lines_of, people_of
from netapp.events.queries.questions import answers_of, questions_of, values_of, wordings_of
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.site import site_of
from netapp.kernel.words import count_words
from netapp.people.consent_models import ConsentEnd


@dataclass(frozen=True, slots=True)
class Reply:
    """What was typed under one question, and which wording stood above it."""

    value: Value
    wording_id: int


@dataclass(frozen=True, slots=True)
class Saved:
    """``others``: for how many other people the same was kept."""

    others: int = 0


def save_answers(
    session: DbSession,
    *,
    booking_id: int,
    attendee_key: str,
    replies: Mapping[str, Reply],
    by_booker: bool,
    same_for_all: bool = False,
    now: datetime,
) -> Saved:
    """Keep what one person answered, by the key of the event's question.

    ``by_booker``: by whoever booked, for anybody on the booking; else by that person. An answer to
    a question whose condition is not met is dropped, and one that is wanted counts as missing only
    where its condition is met. ``same_for_all``: then everybody on the booking who has not answered
    a question gets the same answer, but for what people agree to. Raises ``NotFound``,
    ``QuestionsClosed``, ``QuestionsChanged`` and ``AnswersMissing``; then nothing is kept.
    """
    event, booking = lock_booking(session, booking_id)
    attendee = next((each for each in booking.attendees if each.key == attendee_key), None)
    if attendee is None:
        raise NotFound
    questions = questions_of(session, event.id)
    people = people_of(session, event, booking, questions, now, as_booker=by_booker)
    to_answer = next((each.to_answer for each in people if each.key == attendee_key), ())
    if not to_answer:
        raise QuestionsClosed
    _refuse_others(to_answer, replies)
    given = answers_of(session, [attendee.id])[attendee.id]
    values = values_of(given)
    values |= {line.question.id: replies[line.question.key].value for line in to_answer}
    for_them = met(questions, values)
    _refuse_gaps(to_answer, values, for_them)
    own = attendee.person_id if not (by_booker and answers_alone(booking, attendee)) else None
    changed = False
    for line in to_answer:
        one, answer = line.question, given.get(line.question.id)
        if one.id not in for_them:
            if answer is not None:
                end_answers(session, Answer.id == answer.id, how=ConsentEnd.TAKEN_BACK, now=now)
                session.delete(answer)
                changed = True
            continue
        text = packed(values[one.id])
        if answer is None:
            answer = Answer(event_question_id=one.id, attendee_id=attendee.id)
            session.add(answer)
        elif answer.value == text:
            continue
        else:
            end_answers(session, Answer.id == answer.id, how=ConsentEnd.TAKEN_BACK, now=now)
        answer.value, answer.wording_id = text, one.wording_id
        answer.answered_at, answer.person_id = now, own
        changed = True
    session.flush()
    others = 0
    if by_booker and same_for_all:
        others = _same_for_others(session, event, booking, attendee, questions, now)
    if changed or others:
        whom = f" for {count_words(others + 1, 'person', 'people')}" if others else ""
        words = "Answers to our questions were changed" if given else "Our questions were answered"
        note(session, booking, f"{words}{whom}.", now)
    session.flush()
    return Saved(others)


def forget_answers(session: DbSession, attendee: Attendee, now: datetime) -> None:
    """Somebody else gets the place: what the one before answered goes, and we ask anew."""
    end_answers(session, Answer.attendee_id == attendee.id, how=ConsentEnd.DELETED, now=now)
    for table in (Answer, QuestionAsked):
        session.execute(
            delete(table).where(table.attendee_id == attendee.id), execution_options=UNSYNCED
        )


def delete_old_answers(session: DbSession, now: datetime) -> int:
    """Delete what was kept for as long as the page says after the last date. For the worker."""
    kept_since = now - timedelta(days=site_of(session).answers_keep_days)
    over = (
        select(EventSession.event_id)
        .group_by(EventSession.event_id)
        .having(func.max(EventSession.ends_at) < kept_since)
    )
    theirs = select(EventQuestion.id).where(EventQuestion.event_id.in_(over))
    asked = delete(QuestionAsked).where(QuestionAsked.event_question_id.in_(theirs))
    session.execute(asked, execution_options=UNSYNCED)
    due = Answer.event_question_id.in_(theirs)
    end_answers(session, due, how=ConsentEnd.DELETED, now=now)
    gone = session.scalars(
        delete(Answer).where(due).returning(Answer.event_question_id),
        execution_options=UNSYNCED,
    ).all()
    if gone:
        titles = session.execute(
            select(EventQuestion.id, Event.key, Event.title)
            .join(Event, Event.id == EventQuestion.event_id)
            .where(EventQuestion.id.in_(set(gone)))
        )
        counts: dict[tuple[str, str], int] = {}
        for question_id, key, title in titles:
            counts[key, title] = counts.get((key, title), 0) + gone.count(question_id)
        for (key, title), number in sorted(counts.items()):
            audit.record(
                session,
                actor=audit.WORKER,
                action="answer.delete",
                subject=f"event:{key}",
                summary=f"Deleted {count_words(number, 'answer')} to the questions of {title}.",
                now=now,
            )
    return len(gone)


def _refuse_others(to_answer: Sequence[QuestionLine], replies: Mapping[str, Reply]) -> None:
    """The page showed these questions in these words, or it is shown again."""
    shown = {key: reply.wording_id for key, reply in replies.items()}
    if shown != {line.question.key: line.question.wording_id for line in to_answer}:
        raise QuestionsChanged


def _refuse_gaps(
    to_answer: Sequence[QuestionLine], values: Mapping[int, Value], for_them: frozenset[int]
) -> None:
    gaps = [
        line.question.key
        for line in to_answer
        if line.question.required
        and line.question.id in for_them
        and _is_gap(line.question, values[line.question.id])
    ]
    if gaps:
        raise AnswersMissing(gaps)


def _is_gap(question: AskedQuestion, value: Value) -> bool:
    """Nothing, or no agreement where it is wanted."""
    return value is None or (question.kind is QuestionKind.CONSENT and value is False)


def _same_for_others(
    session: DbSession,
    event: Event,
    booking: Booking,
    attendee: Attendee,
    questions: Sequence[AskedQuestion],
    now: datetime,
) -> int:
    """Copy what one person answered to everybody else who has not answered the same question.
    Never what people agree to: that each does for themselves."""
    dates = {date.id: date for date in event.sessions}
    answers = answers_of(session, [each.id for each in booking.attendees])
    wordings = wordings_of(session, questions, answers.values())
    mine, reached = answers[attendee.id], 0
    for other in booking.attendees:
        stay = stay_of((p for p in booking.places if p.attendee_id == other.id), dates)
        if other is attendee or stay is None:
            continue
        theirs = answers[other.id]
        lines = lines_of(event, stay, questions, theirs, wordings, now)
        free = {line.question.id for line in lines if line.is_open and not line.is_answered}
        to_copy = {
            one.id: mine[one.id]
            for one in questions
            if one.id in free and one.id in mine and one.kind is not QuestionKind.CONSENT
        }
        for_them = met(questions, values_of({**to_copy, **theirs}))
        copied = [answer for question_id, answer in to_copy.items() if question_id in for_them]
        for answer in copied:
            session.add(
                Answer(
                    event_question_id=answer.event_question_id,
                    attendee_id=other.id,
                    wording_id=answer.wording_id,
                    value=answer.value,
                    answered_at=now,
                )
            )
        reached += bool(copied)
    return reached
