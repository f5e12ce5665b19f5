"""The mail that asks: by itself when it is time, and once more by a coordinator's hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import selectinload

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.answers import MAIL_AFTER, AskedQuestion, Stay, mailed_from
from netapp.events.links import own_questions_url, questions_url
from netapp.events.models import (
    Answer,
    Booking,
    Event,
    EventQuestion,
    EventSession,
    EventStatus,
    Place,
    PlaceState,
    QuestionAsked,
    SessionStatus,
)
from netapp.events.operations.guard import FRESH, lock_event
from netapp.events.queries.booking_questions import PersonQuestions, people_of
from netapp.events.queries.letter_words import attendee_context, dates_of, letter_context
from netapp.events.queries.questions import questions_of
from netapp.kernel.db import DbSession, insert_for
from netapp.kernel.errors import NotFound
from netapp.kernel.site import site_of
from netapp.kernel.words import count_words, join_words
from netapp.mail import operations as mail
from netapp.mail.operations import Address
from netapp.people.models import Person

AT_A_TIME: Final = 20  # Bookings in one transaction: a large event must not hold its lock for long.
NOT_AGAIN_WITHIN: Final = timedelta(hours=24)
"""However often the button is pressed, nobody is reminded twice within this time."""


def ask_due(session: DbSession, now: datetime) -> int:
    """Mail some bookings of one event whose questions have become due; nobody is asked twice about
    the same question. For the worker."""
    rows = session.execute(
        select(EventQuestion, EventSession, Event)
        .join(Event, Event.id == EventQuestion.event_id)
        .join(EventSession, EventSession.event_id == Event.id)
        .where(
            EventQuestion.ended_at.is_(None),
            Event.status == EventStatus.PUBLISHED,
            EventSession.status == SessionStatus.SCHEDULED,
            EventSession.starts_at > now,
        )
        .order_by(func.random())
    )
    for one, date, event in rows.all():
        # Whoever also has an earlier date is asked no later than for this one.
        stay = Stay(first=date.starts_at, since=one.added_at)
        if mailed_from(event, one, stay) > now:
            continue
        waiting = _not_asked(one.id, date.id, now)
        if session.scalar(select(Booking.id).where(waiting).limit(1)) is not None:
            return _ask(session, event.id, waiting, now)
    return 0


def remind(session: DbSession, *, event_id: int, key: str, actor: Actor, now: datetime) -> int:
    """Once more ask whoever has not answered a question of an event; returns how many mails were
    written. Nobody who was asked within a day. Raises ``NotFound``."""
    event = lock_event(session, event_id)
    questions = questions_of(session, event_id)
    question = next((each for each in questions if each.key == key), None)
    if question is None:
        raise NotFound
    has_place = exists().where(Place.booking_id == Booking.id, Place.state == PlaceState.CONFIRMED)
    told = 0
    for booking in _loaded(session, (Booking.event_id == event_id) & has_place):
        people = people_of(session, event, booking, questions, now, as_booker=False)
        missing = [
            each for each in people if any(x.question.id == question.id for x in each.wanted)
        ]
        asked_at = _asked_at(session, question, missing)
        within = now - NOT_AGAIN_WITHIN
        due = [each for each in missing if asked_at.get(each.attendee_id, within) <= within]
        for person in due:
            _note_asked(session, [(question.id, person.attendee_id)], now)
        told += _write(session, event, booking, due, now)
    audit.record(
        session,
        actor=actor,
        action="event.question.remind",
        subject=f"event:{event.key}",
        summary=f"Reminded {count_words(told, 'person', 'people')} of what {event.title} asks: "
        f"“{question.words}”",
        now=now,
    )
    session.flush()
    return told


def _not_asked(question_id: int, session_id: int, now: datetime) -> ColumnElement[bool]:
    """Bookings with somebody in this date who has neither answered nor been asked."""
    theirs = Place.attendee_id
    return exists().where(
        Place.booking_id == Booking.id,
        Place.session_id == session_id,
        Place.state == PlaceState.CONFIRMED,
        Place.confirmed_at <= now - MAIL_AFTER,
        ~exists().where(Answer.event_question_id == question_id, Answer.attendee_id == theirs),
        ~exists().where(
            QuestionAsked.event_question_id == question_id, QuestionAsked.attendee_id == theirs
        ),
    )


def _ask(session: DbSession, event_id: int, which: ColumnElement[bool], now: datetime) -> int:
    event = lock_event(session, event_id)
    if event.status is not EventStatus.PUBLISHED:
        return 0
    questions = questions_of(session, event_id)
    bookings = _loaded(session, which, AT_A_TIME)
    for booking in bookings:
        people = people_of(session, event, booking, questions, now, as_booker=False)
        for person in people:
            due = [each for each in questions if mailed_from(event, each, person.stay) <= now]
            _note_asked(session, [(each.id, person.attendee_id) for each in due], now)
        _write(session, event, booking, [each for each in people if each.wanted], now)
    session.flush()
    return len(bookings)


def _loaded(
    session: DbSession, which: ColumnElement[bool], most: int | None = None
) -> Sequence[Booking]:
    return session.scalars(
        select(Booking)
        .where(which)
        .options(selectinload(Booking.places), selectinload(Booking.attendees))
        .order_by(Booking.id)
        .limit(most),
        execution_options=FRESH,
    ).all()


def _asked_at(
    session: DbSession, question: AskedQuestion, people: Sequence[PersonQuestions]
) -> dict[int, datetime]:
    rows = session.execute(
        select(QuestionAsked.attendee_id, QuestionAsked.asked_at).where(
            QuestionAsked.event_question_id == question.id,
            QuestionAsked.attendee_id.in_([person.attendee_id for person in people]),
        )
    )
    return {row.attendee_id: row.asked_at for row in rows}


def _note_asked(session: DbSession, pairs: Sequence[tuple[int, int]], now: datetime) -> None:
    """Under the event's lock. A reminder is noted like the first mail."""
    for question_id, attendee_id in pairs:
        row = insert_for(session, QuestionAsked).values(
            event_question_id=question_id, attendee_id=attendee_id, asked_at=now
        )
        keys = [QuestionAsked.event_question_id, QuestionAsked.attendee_id]
        session.execute(row.on_conflict_do_update(index_elements=keys, set_={"asked_at": now}))


def _write(
    session: DbSession,
    event: Event,
    booking: Booking,
    people: Sequence[PersonQuestions],
    now: datetime,
) -> int:
    """One mail to the booker for everybody they answer for, one to each whom we ask by themselves;
    returns how many."""
    for_booker = [person for person in people if not person.is_alone]
    alone = [person for person in people if person.is_alone]
    for group in ([for_booker] if for_booker else []) + [[person] for person in alone]:
        _letter(session, event, booking, group, now)
    return bool(for_booker) + len(alone)


def _letter(
    session: DbSession,
    event: Event,
    booking: Booking,
    people: Sequence[PersonQuestions],
    now: datetime,
) -> None:
    site, first = site_of(session), people[0]
    attendee = next(each for each in booking.attendees if each.id == first.attendee_id)
    person_id = attendee.person_id if first.is_alone else booking.person_id
    person = session.get_one(Person, person_id)
    context: dict[str, Any] = letter_context(site, event, booking, person, dates_of(session, event))
    url = questions_url(site, booking)
    if first.is_alone:
        context |= attendee_context(site, booking, attendee)
        url = own_questions_url(site, booking, attendee)
    lines = [line for each in people for line in each.wanted]
    until = min(lines, key=lambda line: line.until).until_words
    mail.enqueue(
        session,
        to=Address(first.name if first.is_alone else booking.name, person.email),
        message="events/questions",
        about=f"booking:{booking.reference}",
        now=now,
        context=context | {"questions": _listed(people), "answer_by": until, "answer_url": url},
    )


def _listed(people: Sequence[PersonQuestions]) -> list[dict[str, str]]:
    """Each question once; for whom is said where it is not for all of several people."""
    whom: dict[str, list[str]] = {}
    for person in people:
        for line in person.wanted:
            whom.setdefault(line.question.words, []).append(person.called)
    return [
        {"words": words, "whom": join_words(names) if len(names) < len(people) else ""}
        for words, names in whom.items()
    ]
