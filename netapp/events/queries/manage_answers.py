"""The questions of one event on the desk: how each is asked, what was answered, who has not."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import selectinload

from netapp.events.answers import (
    AskedQuestion,
    Stay,
    Value,
    answer_words,
    asked_from,
    is_open,
    met,
    stay_of,
)
from netapp.events.models import (
    Answer,
    Attendee,
    Booking,
    Event,
    Place,
    PlaceState,
    QuestionKind,
    QuestionWording,
)
from netapp.events.queries.questions import questions_of, values_of, wordings_of
from netapp.kernel.db import DbSession
from netapp.kernel.words import count_words

COUNTED = (QuestionKind.CHOICE, QuestionKind.SEVERAL, QuestionKind.YES_NO, QuestionKind.CONSENT)
EMPTY = "Left empty"


@dataclass(frozen=True, slots=True)
class EventQuestionRow:
    """One question as the tab shows it. ``condition``: after which answer, in words."""

    question: AskedQuestion
    when: str
    condition: str
    answered: int
    missing: int  # People who are asked now and have not answered.


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """``words`` are empty where it was left empty; ``asked_as`` where the words were others."""

    name: str
    reference: str
    words: str
    asked_as: str = ""


@dataclass(frozen=True, slots=True)
class QuestionCount:
    """What became of one question, among those who have a place."""

    row: EventQuestionRow
    counts: tuple[tuple[str, int], ...]  # Each answer that is counted, and how many gave it.
    total: int | None  # Of numbers.
    answers: tuple[PersonAnswer, ...]
    missing: tuple[PersonAnswer, ...]
    later: int  # People who are asked later.
    closed: int  # People who did not answer in time.
    left_out: int  # People whom it is not for, by their other answers.
    empty: int


@dataclass(frozen=True, slots=True)
class BookingAnswer:
    """One answer on the page of a booking."""

    question: str
    name: str  # Of the person, where there are several.
    words: str


@dataclass(frozen=True, slots=True)
class AnswerColumns:
    """Answers as columns of a table: ``cells`` by booking, a row for each person in their order."""

    header: tuple[str, ...]
    cells: Mapping[int, Sequence[Sequence[str]]]

    def of(self, booking_id: int, person: int) -> Sequence[str]:
        rows = self.cells.get(booking_id, ())
        return rows[person] if person < len(rows) else [""] * len(self.header)


@dataclass(frozen=True, slots=True)
class _Guest:
    """Somebody with a place, and what they have answered."""

    name: str
    reference: str
    stay: Stay
    given: Mapping[int, Answer]
    values: Mapping[int, Value]


def event_questions(session: DbSession, event: Event, now: datetime) -> list[EventQuestionRow]:
    """In their order, ended ones last. ``sessions`` of the event must be loaded. The same number of
    queries however many people there are."""
    questions = questions_of(session, event.id, with_ended=True)
    guests = _guests(session, event, _of_event(event)) if questions else []
    rows = [_row(event, question, questions, guests, now) for question in questions]
    return sorted(rows, key=lambda row: row.question.is_ended)


def question_count(
    session: DbSession, event: Event, key: str, now: datetime
) -> QuestionCount | None:
    """``sessions`` of the event must be loaded."""
    questions = questions_of(session, event.id, with_ended=True)
    question = next((each for each in questions if each.key == key), None)
    if question is None:
        return None
    guests = _guests(session, event, _of_event(event))
    wordings = wordings_of(session, [question], [_only(each.given, question) for each in guests])
    answered = [each for each in guests if question.id in each.given]
    values = [each.values[question.id] for each in answered]
    waiting = [each for each in guests if question.id not in each.given]
    for_them = [each for each in waiting if question.id in met(questions, each.values)]
    missing = [each for each in for_them if is_open(event, question, each.stay, now)]
    later = [each for each in for_them if now < asked_from(event, question, each.stay)]
    numbers = [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
    return QuestionCount(
        row=_row(event, question, questions, guests, now),
        counts=_counted(question, values),
        total=sum(numbers) if question.kind is QuestionKind.NUMBER else None,
        answers=tuple(_answer(question, each, wordings) for each in answered),
        missing=tuple(PersonAnswer(each.name, each.reference, "") for each in missing),
        later=0 if question.is_ended else len(later),
        closed=0 if question.is_ended else len(for_them) - len(missing) - len(later),
        left_out=len(waiting) - len(for_them),
        empty=sum(value is None for value in values),
    )


def booking_answers(session: DbSession, event: Event, booking_id: int) -> list[BookingAnswer]:
    """What the people of a booking answered, also if they have cancelled since."""
    questions = questions_of(session, event.id, with_ended=True)
    if not questions:
        return []
    people = session.scalars(
        select(Attendee).where(Attendee.booking_id == booking_id).order_by(Attendee.id)
    ).all()
    given = _given(session, Booking.id == booking_id)
    wordings = wordings_of(session, questions, given.values())
    return [
        BookingAnswer(
            question=_words(question, answer, wordings),
            name=(person.name or f"Person {number}") if len(people) > 1 else "",
            words=_value_words(question, values_of({question.id: answer})[question.id]),
        )
        for number, person in enumerate(people, start=1)
        for question in questions
        if (answer := given.get(person.id, {}).get(question.id)) is not None
    ]


def open_by_booking(
    session: DbSession, event: Event, booking_ids: Collection[int], now: datetime
) -> dict[str, int]:
    """How many answers are still wanted, by the reference of the booking. One query where the event
    asks nothing."""
    questions = questions_of(session, event.id)
    found: Counter[str] = Counter()
    for guest in _guests(session, event, Booking.id.in_(booking_ids)) if questions else ():
        for_them = met(questions, guest.values)
        found[guest.reference] += sum(
            each.id in for_them
            and each.id not in guest.given
            and is_open(event, each, guest.stay, now)
            for each in questions
        )
    return dict(found)


def answer_columns(session: DbSession, event: Event, booking_ids: Collection[int]) -> AnswerColumns:
    """For the bookings that are taken away: a column for each question, in its newest words."""
    questions = questions_of(session, event.id, with_ended=True)
    if not questions:
        return AnswerColumns((), {})
    given = _given(session, Booking.event_id == event.id)
    people = session.execute(
        select(Attendee.booking_id, Attendee.id)
        .join(Booking, Booking.id == Attendee.booking_id)
        .where(Booking.event_id == event.id)
        .order_by(Attendee.id)
    )
    wanted, cells = set(booking_ids), dict[int, list[list[str]]]()
    for booking_id, attendee_id in people:
        if booking_id in wanted:
            values = values_of(given.get(attendee_id, {}))
            cells.setdefault(booking_id, []).append(
                [answer_words(each.kind, values.get(each.id)) for each in questions]
            )
    return AnswerColumns(tuple(question.words for question in questions), cells)


def when_words(question: AskedQuestion) -> str:
    """Asked from 14 days before, until 7 days before."""
    days = question.ask_from_days
    asked = "At once after booking" if days is None else f"From {_days(days)}"
    return f"{asked}, until {_days(question.needed_by_days)}"


def condition_words(question: AskedQuestion, questions: Sequence[AskedQuestion]) -> str:
    """Only after yes to “Do you have lunch with us?”; empty where it is for everybody."""
    source = next((each for each in questions if each.id == question.only_if_id), None)
    if source is None:
        return ""
    return only_after(source, question.only_if_value)


def only_after(source: AskedQuestion, value: str) -> str:
    shown = value if source.kind is QuestionKind.YES_NO else f"“{value}”"
    return f"Only after {shown} to “{source.words}”"


def _days(days: int) -> str:
    return f"{count_words(days, 'day')} before" if days else "it begins"


def _row(
    event: Event,
    question: AskedQuestion,
    questions: Sequence[AskedQuestion],
    guests: Sequence[_Guest],
    now: datetime,
) -> EventQuestionRow:
    missing = [
        guest
        for guest in guests
        if question.id not in guest.given
        and is_open(event, question, guest.stay, now)
        and question.id in met(questions, guest.values)
    ]
    return EventQuestionRow(
        question=question,
        when=when_words(question),
        condition=condition_words(question, questions),
        answered=sum(question.id in guest.given for guest in guests),
        missing=len(missing),
    )


def _of_event(event: Event) -> ColumnElement[bool]:
    return Booking.event_id == event.id


def _guests(session: DbSession, event: Event, which: ColumnElement[bool]) -> list[_Guest]:
    """Everybody with a place in these bookings, by name."""
    dates = {date.id: date for date in event.sessions}
    held = exists().where(Place.booking_id == Booking.id, Place.state == PlaceState.CONFIRMED)
    bookings = session.scalars(
        select(Booking)
        .where(which, held)
        .options(selectinload(Booking.places), selectinload(Booking.attendees))
        .execution_options(populate_existing=True)
    ).all()
    given = _given(session, which)
    found = []
    for booking in bookings:
        for number, person in enumerate(booking.attendees, start=1):
            stay = stay_of((p for p in booking.places if p.attendee_id == person.id), dates)
            if stay is not None:
                theirs = given.get(person.id, {})
                name = person.name or f"Person {number} of {booking.name}"
                found.append(_Guest(name, booking.reference, stay, theirs, values_of(theirs)))
    return sorted(found, key=lambda guest: (guest.name.casefold(), guest.reference))


def _given(session: DbSession, which: ColumnElement[bool]) -> dict[int, dict[int, Answer]]:
    """Answers by person, then by question."""
    found: dict[int, dict[int, Answer]] = {}
    for answer in session.scalars(
        select(Answer)
        .join(Attendee, Attendee.id == Answer.attendee_id)
        .join(Booking, Booking.id == Attendee.booking_id)
        .where(which),
        execution_options={"populate_existing": True},
    ):
        found.setdefault(answer.attendee_id, {})[answer.event_question_id] = answer
    return found


def _only(given: Mapping[int, Answer], question: AskedQuestion) -> dict[int, Answer]:
    return {key: answer for key, answer in given.items() if key == question.id}


def _answer(
    question: AskedQuestion, guest: _Guest, wordings: Mapping[int, QuestionWording]
) -> PersonAnswer:
    asked = _words(question, guest.given[question.id], wordings)
    words = _value_words(question, guest.values[question.id])
    asked_as = asked if asked != question.words else ""
    return PersonAnswer(guest.name, guest.reference, words, asked_as)


def _words(question: AskedQuestion, answer: Answer, wordings: Mapping[int, QuestionWording]) -> str:
    wording = wordings.get(answer.wording_id)
    return wording.words if wording else question.words


def _value_words(question: AskedQuestion, value: Value) -> str:
    return answer_words(question.kind, value) or EMPTY


def _counted(question: AskedQuestion, values: Sequence[Value]) -> tuple[tuple[str, int], ...]:
    """Every option of now, also where nobody chose it; then those that were options once."""
    if question.kind not in COUNTED:
        return ()
    counts: Counter[str] = Counter()
    for value in values:
        if isinstance(value, list):
            counts.update(value)
        elif value is not None:
            counts[answer_words(question.kind, value)] += 1
    order = {
        QuestionKind.YES_NO: ("Yes", "No"),
        QuestionKind.CONSENT: ("Agreed", "Not agreed"),
    }.get(question.kind, question.options)
    former = sorted(set(counts) - set(order))
    return tuple((words, counts[words]) for words in (*order, *former))
