"""Questions asked, changed and ended by coordinators while people answer them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netapp.events.answers import AskedQuestion, Value
from netapp.events.models import EventQuestion, PlaceState, Question, QuestionKind
from netapp.events.operations import event_questions as operations
from netapp.events.operations.answers import Reply, save_answers
from netapp.events.operations.question_library import edit_question
from netapp.events.operations.question_mails import remind as remind_all
from netapp.events.queries.booking_questions import booking_questions
from netapp.events.queries.questions import questions_of
from netapp.events.question_plans import AskPlan, WordingPlan
from tests.events.holds.crowd import Crowd, Deed


def ask(crowd: Crowd, session: Session) -> Deed:
    question, plan, now = (
        crowd.chance.choice(crowd.desk.questions),
        _plan(crowd, session),
        crowd.now,
    )

    def do(own: Session) -> Any:
        return operations.ask_question(
            own,
            event_id=crowd.event_id,
            question_id=question,
            plan=plan,
            actor=crowd.desk.actor,
            now=now,
        )

    return Deed("ask a question", do)


def change(crowd: Crowd, session: Session) -> Deed | None:
    """Another time to ask, another condition, another order; ended, or asked again."""
    rows = session.scalars(
        select(EventQuestion)
        .where(EventQuestion.event_id == crowd.event_id)
        .order_by(EventQuestion.id)
        .execution_options(populate_existing=True)
    ).all()
    if not rows:
        return None
    chance, now, actor = crowd.chance, crowd.now, crowd.desk.actor
    event_id, key, plan = crowd.event_id, chance.choice(rows).key, _plan(crowd, session)
    what = chance.choice(["change", "move", "stop", "ask again"])
    up = chance.random() < 0.5

    def do(own: Session) -> Any:
        if what == "change":
            return operations.change_question(
                own, event_id=event_id, key=key, plan=plan, actor=actor, now=now
            )
        if what == "move":
            operations.move_question(own, event_id=event_id, key=key, up=up, actor=actor, now=now)
            return None
        act = operations.stop_asking if what == "stop" else operations.ask_again
        return act(own, event_id=event_id, key=key, actor=actor, now=now)

    return Deed(f"{what}: a question", do)


def reword(crowd: Crowd, session: Session) -> Deed:
    question_id, now = crowd.chance.choice(crowd.desk.questions), crowd.now
    question = session.scalars(
        select(Question).where(Question.id == question_id),
        execution_options={"populate_existing": True},
    ).one()
    version = question.version
    options = ("Songs", "Drums") if question.kind is QuestionKind.CHOICE else ()
    wording = WordingPlan(f"In other words, number {version}?", options=options)

    def do(own: Session) -> Any:
        return edit_question(
            own,
            question_id=question_id,
            wording=wording,
            seen_version=version,
            actor=crowd.desk.actor,
            now=now,
        )

    return Deed("reword a question", do)


def answer(crowd: Crowd, session: Session) -> Deed | None:
    """The form that the page shows now, sent in a moment: the coordinator may have changed what is
    asked by then."""
    booking, chance, now = crowd.live(session, PlaceState.CONFIRMED), crowd.chance, crowd.now
    if booking is None:
        return None
    attendee = chance.choice(booking.attendees)
    named = attendee.person_id not in (None, booking.person_id)
    by_booker = not named or chance.random() < 0.5
    page = booking_questions(
        session, booking.id, now, attendee_key="" if by_booker else attendee.key
    )
    person = page.person(attendee.key)
    if person is None or not person.to_answer:
        return None
    booking_id, key, same = booking.id, attendee.key, chance.random() < 0.3
    replies = {
        line.question.key: Reply(_value(crowd, line.question), line.question.wording_id)
        for line in person.to_answer
    }

    def do(own: Session) -> Any:
        return save_answers(
            own,
            booking_id=booking_id,
            attendee_key=key,
            replies=replies,
            by_booker=by_booker,
            same_for_all=same,
            now=now,
        )

    return Deed("answer", do)


def remind(crowd: Crowd, session: Session) -> Deed | None:
    asked = questions_of(session, crowd.event_id)
    if not asked:
        return None
    key, now = crowd.chance.choice(asked).key, crowd.now

    def do(own: Session) -> Any:
        return remind_all(own, event_id=crowd.event_id, key=key, actor=crowd.desk.actor, now=now)

    return Deed("remind of a question", do)


def _plan(crowd: Crowd, session: Session) -> AskPlan:
    """Now and then it hangs on an answer to another question."""
    chance = crowd.chance
    asked = questions_of(session, crowd.event_id)
    source = chance.choice(asked) if asked and chance.random() < 0.4 else None
    values = operations.deciding_values(source) if source else ()
    return AskPlan(
        required=chance.random() < 0.5,
        ask_from_days=chance.choice([None, None, 3, 7]),
        needed_by_days=chance.choice([0, 1]),
        only_if=source.key if source and values else "",
        only_if_value=chance.choice(values) if values else "",
    )


def _value(crowd: Crowd, question: AskedQuestion) -> Value:
    chance = crowd.chance
    if question.kind in (QuestionKind.YES_NO, QuestionKind.CONSENT):
        return chance.random() < 0.7
    if question.kind is QuestionKind.CHOICE:
        return chance.choice(question.options)
    return chance.choice(["A cello", None])
