"""The library of questions: added, put in other words, retired."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.answers import WITH_OPTIONS
from netapp.events.errors import OptionDecides
from netapp.events.models import Event, EventQuestion, Question, QuestionWording
from netapp.events.operations.guard import FRESH, UNSYNCED
from netapp.events.question_plans import NewQuestion, WordingPlan
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound, StaleEdit
from netapp.kernel.tokens import new_key


def add_question(session: DbSession, *, plan: NewQuestion, actor: Actor, now: datetime) -> Question:
    question = Question(key=new_key(), kind=plan.kind, version=1, created_at=now)
    session.add(question)
    session.flush()
    session.add(_wording(question, plan.wording, now))
    words = f"Added the question “{plan.wording.words}” to the library."
    _record(session, question, actor, "question.add", words, now)
    session.flush()
    return question


def edit_question(
    session: DbSession,
    *,
    question_id: int,
    wording: WordingPlan,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> Question:
    """Put it in other words: a new wording, for everybody who has not answered it yet. What was
    answered keeps the words it answers. Raises ``NotFound``, ``StaleEdit`` and ``OptionDecides``.
    """
    question = lock_question(session, question_id)
    if question.version != seen_version:
        raise StaleEdit
    before = wording_now(session, question)
    options = wording.options if question.kind in WITH_OPTIONS else ()
    if (before.words, before.hint, tuple(before.options)) == (
        wording.words,
        wording.hint,
        options,
    ):
        return question
    for option in before.options:
        if option not in options and (titles := _hanging_on(session, question, option)):
            raise OptionDecides(option, titles)
    question.version += 1
    session.add(_wording(question, WordingPlan(wording.words, wording.hint, options), now))
    words = f"Put the question “{before.words}” in other words: “{wording.words}”."
    _record(session, question, actor, "question.edit", words, now)
    session.flush()
    return question


def retire_question(
    session: DbSession, *, question_id: int, retired: bool, actor: Actor, now: datetime
) -> Question:
    """No event can take it any more, or they can again. Events that have it go on asking."""
    question = lock_question(session, question_id)
    if (question.retired_at is not None) == retired:
        return question
    question.retired_at = now if retired else None
    did = "Retired" if retired else "Brought back"
    words = f"{did} the question “{wording_now(session, question).words}”."
    action = "question.retire" if retired else "question.return"
    _record(session, question, actor, action, words, now)
    session.flush()
    return question


def lock_question(session: DbSession, question_id: int) -> Question:
    """Write first, then read: see ``guard.lock_event``. Raises ``NotFound``."""
    touch = update(Question).where(Question.id == question_id).values(version=Question.version)
    if session.scalar(touch.returning(Question.id), execution_options=UNSYNCED) is None:
        raise NotFound
    found = select(Question).where(Question.id == question_id)
    return session.scalars(found, execution_options=FRESH).one()


def wording_now(session: DbSession, question: Question) -> QuestionWording:
    mine = QuestionWording.question_id == question.id, QuestionWording.number == question.version
    return session.scalars(select(QuestionWording).where(*mine)).one()


def _wording(question: Question, plan: WordingPlan, now: datetime) -> QuestionWording:
    return QuestionWording(
        question_id=question.id,
        number=question.version,
        words=plan.words,
        hint=plan.hint,
        options=list(plan.options) if question.kind in WITH_OPTIONS else [],
        written_at=now,
    )


def _hanging_on(session: DbSession, question: Question, option: str) -> Sequence[str]:
    """The events in which another question is asked only of who chose this option."""
    sources = select(EventQuestion.id).where(EventQuestion.question_id == question.id)
    return session.scalars(
        select(Event.title)
        .join(EventQuestion, EventQuestion.event_id == Event.id)
        .where(
            EventQuestion.only_if_id.in_(sources),
            EventQuestion.only_if_value == option,
            EventQuestion.ended_at.is_(None),
        )
        .distinct()
        .order_by(Event.title)
        .limit(3)
    ).all()


def _record(
    session: DbSession, question: Question, actor: Actor, action: str, summary: str, now: datetime
) -> None:
    subject = f"question:{question.key}"
    audit.record(session, actor=actor, action=action, subject=subject, summary=summary, now=now)
