"""What an event asks: taken from the library, put in order, timed, made to hang on an answer."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select, update

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.answers import DECIDING, AskedQuestion
from netapp.events.errors import (
    ConditionNotBefore,
    QuestionDecides,
    QuestionRetired,
    QuestionTaken,
)
from netapp.events.models import (
    Answer,
    Event,
    EventQuestion,
    Question,
    QuestionAsked,
    QuestionKind,
)
from netapp.events.operations.guard import UNSYNCED, lock_event
from netapp.events.operations.question_library import lock_question
from netapp.events.queries.questions import questions_of
from netapp.events.question_plans import AskPlan
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.tokens import new_key


def ask_question(
    session: DbSession,
    *,
    event_id: int,
    question_id: int,
    plan: AskPlan,
    actor: Actor,
    now: datetime,
) -> EventQuestion:
    """Ask a question of the library, after those that are there. Raises ``NotFound``,
    ``QuestionTaken``, ``QuestionRetired`` and ``ConditionNotBefore``."""
    event, question = lock_event(session, event_id), lock_question(session, question_id)
    asked = questions_of(session, event_id, with_ended=True)
    if any(each.question_id == question.id for each in asked):
        raise QuestionTaken
    if question.retired_at is not None:
        raise QuestionRetired
    one = EventQuestion(
        key=new_key(),
        event_id=event.id,
        question_id=question.id,
        position=max((each.position for each in asked), default=0) + 1,
        added_at=now,
    )
    _apply(session, one, plan, asked)
    session.add(one)
    session.flush()
    _record(session, event, one, actor, "event.question.add", "Asks now", now)
    return one


def change_question(
    session: DbSession, *, event_id: int, key: str, plan: AskPlan, actor: Actor, now: datetime
) -> EventQuestion:
    """Ask it at another time, of others, or as one that must be answered. Raises ``NotFound``,
    ``ConditionNotBefore`` and ``QuestionDecides``."""
    event, one = _locked(session, event_id, key)
    asked = questions_of(session, event_id, with_ended=True)
    before = _said(one)
    _apply(session, one, plan, [each for each in asked if each.position < one.position])
    session.flush()
    _refuse_disorder(questions_of(session, event_id))
    if _said(one) != before:
        _record(session, event, one, actor, "event.question.edit", "Changed when is asked", now)
    return one


def move_question(
    session: DbSession, *, event_id: int, key: str, up: bool, actor: Actor, now: datetime
) -> None:
    """One step earlier or later. Raises ``NotFound`` and ``ConditionNotBefore``."""
    event, one = _locked(session, event_id, key)
    rows = session.scalars(
        select(EventQuestion)
        .where(EventQuestion.event_id == event_id, EventQuestion.ended_at.is_(None))
        .order_by(EventQuestion.position, EventQuestion.id)
    ).all()
    place = rows.index(one) if one in rows else 0
    other = place - 1 if up else place + 1
    if one not in rows or not 0 <= other < len(rows):
        return
    one.position, rows[other].position = rows[other].position, one.position
    session.flush()
    _refuse_disorder(questions_of(session, event_id))
    _record(session, event, one, actor, "event.question.move", "Moved among the questions", now)


def stop_asking(
    session: DbSession, *, event_id: int, key: str, actor: Actor, now: datetime
) -> bool:
    """Ask it no more. What was answered is kept; where nobody was asked yet, it is taken away
    (True). Raises ``NotFound`` and ``QuestionDecides``."""
    event, one = _locked(session, event_id, key)
    hangs = EventQuestion.only_if_id == one.id, EventQuestion.ended_at.is_(None)
    if session.scalar(select(exists().where(*hangs))):
        raise QuestionDecides
    _record(session, event, one, actor, "event.question.end", "Asks no more", now)
    used = select(
        exists().where(Answer.event_question_id == one.id)
        | exists().where(QuestionAsked.event_question_id == one.id)
        | exists().where(EventQuestion.only_if_id == one.id)
    )
    if session.scalar(used):
        one.ended_at = one.ended_at or now
        session.flush()
        return False
    session.delete(one)
    session.flush()
    return True


def ask_again(session: DbSession, *, event_id: int, key: str, actor: Actor, now: datetime) -> None:
    """Ask one that was ended. Raises ``NotFound`` and ``ConditionNotBefore``."""
    event, one = _locked(session, event_id, key)
    if one.ended_at is None:
        return
    one.ended_at, one.added_at = None, now
    session.flush()
    _refuse_disorder(questions_of(session, event_id))
    _record(session, event, one, actor, "event.question.add", "Asks again", now)


def copy_questions(
    session: DbSession, *, from_event_id: int, to_event_id: int, now: datetime
) -> None:
    """The same questions for a copy of an event, but for those that are retired or ended, and
    what hangs on them."""
    rows = session.scalars(
        select(EventQuestion)
        .join(Question, Question.id == EventQuestion.question_id)
        .where(
            EventQuestion.event_id == from_event_id,
            EventQuestion.ended_at.is_(None),
            Question.retired_at.is_(None),
        )
        .order_by(EventQuestion.position, EventQuestion.id)
    ).all()
    copies: dict[int, EventQuestion] = {}
    for row in rows:
        if row.only_if_id is not None and row.only_if_id not in copies:
            continue
        copy = copies[row.id] = EventQuestion(
            key=new_key(),
            event_id=to_event_id,
            question_id=row.question_id,
            position=row.position,
            required=row.required,
            ask_from_days=row.ask_from_days,
            needed_by_days=row.needed_by_days,
            only_if_id=copies[row.only_if_id].id if row.only_if_id else None,
            only_if_value=row.only_if_value,
            added_at=now,
        )
        session.add(copy)
        session.flush()


def drop_questions(session: DbSession, *, event_id: int) -> None:
    """Those of a draft that is deleted: nobody was ever asked."""
    mine = EventQuestion.event_id == event_id
    untie = update(EventQuestion).where(mine).values(only_if_id=None, only_if_value="")
    for statement in (untie, delete(EventQuestion).where(mine)):
        session.execute(statement, execution_options=UNSYNCED)


def _locked(session: DbSession, event_id: int, key: str) -> tuple[Event, EventQuestion]:
    event = lock_event(session, event_id)
    mine = EventQuestion.event_id == event_id, EventQuestion.key == key
    one = session.scalar(
        select(EventQuestion).where(*mine), execution_options={"populate_existing": True}
    )
    if one is None:
        raise NotFound
    lock_question(session, one.question_id)
    return event, one


def _apply(
    session: DbSession, one: EventQuestion, plan: AskPlan, before: Sequence[AskedQuestion]
) -> None:
    """``before``: the questions that come before it."""
    one.required, one.needed_by_days = plan.required, plan.needed_by_days
    one.ask_from_days = plan.ask_from_days
    one.only_if_id, one.only_if_value = None, ""
    if not plan.only_if:
        return
    source = next((q for q in before if q.key == plan.only_if and not q.is_ended), None)
    if source is None or plan.only_if_value not in deciding_values(source):
        raise ConditionNotBefore
    if is_earlier(plan.ask_from_days, source.ask_from_days):
        raise ConditionNotBefore
    lock_question(session, source.question_id)
    one.only_if_id, one.only_if_value = source.id, plan.only_if_value


def deciding_values(question: AskedQuestion) -> tuple[str, ...]:
    """The answers to a question that another one can hang on."""
    if question.kind is QuestionKind.YES_NO:
        return ("yes", "no")
    return question.options if question.kind in DECIDING else ()


def is_earlier(one: int | None, other: int | None) -> bool:
    """Whether a question with this many days before is asked earlier than another; None: at once,
    which is earlier than all."""
    return other is not None and (one is None or one > other)


def _refuse_disorder(questions: Sequence[AskedQuestion]) -> None:
    seen: dict[int, AskedQuestion] = {}
    for question in questions:
        if question.only_if_id is not None:
            source = seen.get(question.only_if_id)
            if source is None or is_earlier(question.ask_from_days, source.ask_from_days):
                raise ConditionNotBefore
        seen[question.id] = question


def _said(one: EventQuestion) -> tuple[object, ...]:
    return (
        one.required,
        one.ask_from_days,
        one.needed_by_days,
        one.only_if_id,
        one.only_if_value,
    )


def _record(
    session: DbSession,
    event: Event,
    one: EventQuestion,
    actor: Actor,
    action: str,
    did: str,
    now: datetime,
) -> None:
    asked = questions_of(session, event.id, with_ended=True)
    words = next((each.words for each in asked if each.id == one.id), "")
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"event:{event.key}",
        summary=f"{did} in {event.title}: “{words}”",
        detail={
            "required": one.required,
            "ask_from_days": one.ask_from_days,
            "needed_by_days": one.needed_by_days,
            "only_if_value": one.only_if_value,
        },
        now=now,
    )
