"""Short words for what tests of questions do again and again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netapp.audit.operations import Actor
from netapp.events.answers import Value, unpacked
from netapp.events.models import (
    Answer,
    Attendee,
    Booking,
    Event,
    EventQuestion,
    Question,
    QuestionKind,
)
from netapp.events.operations.answers import Reply, Saved, save_answers
from netapp.events.operations.event_questions import ask_question
from netapp.events.operations.question_library import add_question
from netapp.events.queries.booking_questions import booking_questions
from netapp.events.question_plans import AskPlan, NewQuestion, WordingPlan
from tests.factories import NOW

ACTOR = Actor(None, "Jo Field")


def question(
    session: Session,
    words: str = "Which instrument do you bring?",
    kind: QuestionKind = QuestionKind.TEXT,
    *options: str,
) -> Question:
    """One of the library, committed."""
    plan = NewQuestion(kind, WordingPlan(words, options=options))
    made = add_question(session, plan=plan, actor=ACTOR, now=NOW)
    session.commit()
    return made


def ask(
    session: Session,
    event: Event,
    words: str = "Which instrument do you bring?",
    kind: QuestionKind = QuestionKind.TEXT,
    *options: str,
    only_if: EventQuestion | None = None,
    from_library: Question | None = None,
    now: datetime = NOW,
    **plan: Any,
) -> EventQuestion:
    """Let an event ask something, and commit."""
    made = ask_question(
        session,
        event_id=event.id,
        question_id=(from_library or question(session, words, kind, *options)).id,
        plan=AskPlan(only_if=only_if.key if only_if else "", **plan),
        actor=ACTOR,
        now=now,
    )
    session.commit()
    return made


def attendee(session: Session, booking: Booking, number: int = 0) -> Attendee:
    found = select(Attendee).where(Attendee.booking_id == booking.id).order_by(Attendee.id)
    return session.scalars(found).all()[number]


def answer(
    session: Session,
    booking: Booking,
    replies: Mapping[str, Value],
    *,
    number: int = 0,
    by_booker: bool = True,
    same_for_all: bool = False,
    now: datetime = NOW,
) -> Saved:
    """Send the form of one person with these answers by the words of the question; all else is
    left as it is."""
    who = attendee(session, booking, number)
    page = booking_questions(session, booking.id, now, attendee_key="" if by_booker else who.key)
    person = page.person(who.key)
    lines = person.to_answer if person else ()
    assert set(replies) <= {line.question.words for line in lines}
    saved = save_answers(
        session,
        booking_id=booking.id,
        attendee_key=who.key,
        replies={
            line.question.key: Reply(
                replies.get(line.question.words, line.value), line.question.wording_id
            )
            for line in lines
        },
        by_booker=by_booker,
        same_for_all=same_for_all,
        now=now,
    )
    session.commit()
    return saved


def answers(session: Session, booking: Booking, number: int = 0) -> list[Value]:
    """What one person of a booking has answered, in the order of the questions."""
    rows = session.scalars(
        select(Answer.value)
        .join(EventQuestion, EventQuestion.id == Answer.event_question_id)
        .where(Answer.attendee_id == attendee(session, booking, number).id)
        .order_by(EventQuestion.position)
    )
    return [unpacked(text) for text in rows]


def wanted(
    session: Session, booking: Booking, now: datetime = NOW, *, number: int | None = None
) -> list[str]:
    """The questions that are open and not answered, as the booker sees them; with ``number`` as
    that person sees them."""
    key = "" if number is None else attendee(session, booking, number).key
    page = booking_questions(session, booking.id, now, attendee_key=key)
    return [line.question.words for person in page.people for line in person.wanted]
