"""What the people of a booking are asked, and what they have answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload, selectinload

from netapp.events.answers import (
    AskedQuestion,
    Stay,
    Value,
    answer_words,
    asked_from,
    by_words,
    is_open,
    met,
    needed_by,
    stay_of,
)
from netapp.events.models import (
    Attendee,
    Booking,
    Event,
    EventQuestion,
    QuestionKind,
    QuestionWording,
)
from netapp.events.queries.questions import (
    Given,
    answers_of,
    in_words_of,
    questions_of,
    values_of,
    wordings_of,
)
from netapp.kernel.db import DbSession


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question as one person sees it, in the wording they answered or else the newest."""

    question: AskedQuestion
    value: Value
    words: str  # The answer; empty where there is none or it was left empty.
    is_answered: bool
    is_met: bool  # It is for them, as far as their answers go.
    is_open: bool  # It can be answered or changed now.
    until: datetime
    until_words: str
    is_private: bool = False  # They answered by themselves, and whoever looks is not them.

    @property
    def is_wanted(self) -> bool:
        """Nobody has answered it yet."""
        return self.is_open and self.is_met and not self.is_answered and not self.is_private


@dataclass(frozen=True, slots=True)
class PersonQuestions:
    """What one person of a booking is asked. ``name`` is empty while nobody is named."""

    attendee_id: int
    key: str
    name: str
    number: int  # Within the booking, from 1.
    is_booker: bool
    is_alone: bool  # Somebody else than the booker, whom we ask by themselves.
    stay: Stay
    lines: tuple[QuestionLine, ...]

    @property
    def wanted(self) -> tuple[QuestionLine, ...]:
        return tuple(line for line in self.lines if line.is_wanted)

    @property
    def to_answer(self) -> tuple[QuestionLine, ...]:
        """What the form holds: all that is open, and may be for them by what else it holds."""
        found: dict[int, QuestionLine] = {}
        for line in self.lines:
            hangs_here = line.question.only_if_id in found
            if line.is_open and not line.is_private and (line.is_met or hangs_here):
                found[line.question.id] = line
        return tuple(found.values())

    @property
    def can_change(self) -> bool:
        return bool(self.to_answer)

    @property
    def called(self) -> str:
        return self.name or f"Person {self.number}"


@dataclass(frozen=True, slots=True)
class BookingQuestions:
    """What the people of a booking are asked, as the booker or one of them sees it."""

    reference: str
    title: str
    slug: str
    live: bool
    zone: str
    contact_name: str
    contact_email: str
    people: tuple[PersonQuestions, ...]

    @property
    def wanted(self) -> int:
        return sum(len(person.wanted) for person in self.people)

    @property
    def can_change(self) -> bool:
        return any(person.can_change for person in self.people)

    @property
    def by(self) -> str:
        """Until when the first of those not answered is needed, in words."""
        lines = [line for person in self.people for line in person.wanted]
        return min(lines, key=lambda line: line.until).until_words if lines else ""

    def person(self, key: str) -> PersonQuestions | None:
        return next((person for person in self.people if person.key == key), None)


def booking_questions(
    session: DbSession, booking_id: int, now: datetime, *, attendee_key: str = ""
) -> BookingQuestions:
    """As the booker sees them; with ``attendee_key`` as that person sees their own."""
    booking = session.scalars(
        select(Booking)
        .where(Booking.id == booking_id)
        .options(
            joinedload(Booking.event).selectinload(Event.sessions),
            selectinload(Booking.places),
            selectinload(Booking.attendees),
        )
        .execution_options(populate_existing=True)
    ).one()
    event = booking.event
    questions = questions_of(session, event.id)
    people: list[PersonQuestions] = []
    if questions:
        people = people_of(session, event, booking, questions, now, as_booker=not attendee_key)
    return BookingQuestions(
        reference=booking.reference,
        title=event.title,
        slug=event.slug,
        live=booking.live,
        zone=event.zone,
        contact_name=event.access_contact_name or "",
        contact_email=event.access_contact_email or "",
        people=tuple(
            person for person in people if person.lines and attendee_key in ("", person.key)
        ),
    )


def booking_questions_of(
    session: DbSession, reference: str, now: datetime, *, attendee_key: str = ""
) -> BookingQuestions | None:
    """The same by the reference of the booking; None where its event asks nothing: one query."""
    booking_id = session.scalar(
        select(Booking.id).where(
            Booking.reference == reference,
            exists().where(
                EventQuestion.event_id == Booking.event_id, EventQuestion.ended_at.is_(None)
            ),
        )
    )
    if booking_id is None:
        return None
    return booking_questions(session, booking_id, now, attendee_key=attendee_key)


def people_of(
    session: DbSession,
    event: Event,
    booking: Booking,
    questions: Sequence[AskedQuestion],
    now: datetime,
    *,
    as_booker: bool,
) -> list[PersonQuestions]:
    """Everybody on a booking who has a place, as they see it or as the booker does; ``sessions``
    of the event, ``places`` and ``attendees`` are loaded. Two queries."""
    dates = {date.id: date for date in event.sessions}
    answers = answers_of(session, [attendee.id for attendee in booking.attendees])
    wordings = wordings_of(session, questions, answers.values())
    found = []
    for number, attendee in enumerate(booking.attendees, start=1):
        stay = stay_of((p for p in booking.places if p.attendee_id == attendee.id), dates)
        if stay is None:
            continue
        lines = lines_of(event, stay, questions, answers[attendee.id], wordings, now)
        if as_booker:
            lines = _for_booker(booking, attendee, lines, answers[attendee.id])
        found.append(
            PersonQuestions(
                attendee_id=attendee.id,
                key=attendee.key,
                name=attendee.name,
                number=number,
                is_booker=attendee.person_id == booking.person_id,
                is_alone=answers_alone(booking, attendee),
                stay=stay,
                lines=tuple(lines),
            )
        )
    return found


def lines_of(
    event: Event,
    stay: Stay,
    questions: Sequence[AskedQuestion],
    given: Given,
    wordings: Mapping[int, QuestionWording],
    now: datetime,
) -> list[QuestionLine]:
    """What somebody with these answers is asked by now, and what they have answered."""
    values = values_of(given)
    for_them = met(questions, values)
    found = []
    for question in questions:
        answer = given.get(question.id)
        if answer is None and (question.is_ended or now < asked_from(event, question, stay)):
            continue
        until = needed_by(event, question, stay)
        value = values.get(question.id)
        found.append(
            QuestionLine(
                question=in_words_of(question, wordings.get(answer.wording_id) if answer else None),
                value=value,
                words=answer_words(question.kind, value),
                is_answered=answer is not None,
                is_met=question.id in for_them,
                is_open=is_open(event, question, stay, now),
                until=until,
                until_words=by_words(event, until, stay),
            )
        )
    return found


def answers_alone(booking: Booking, attendee: Attendee) -> bool:
    """Somebody else than the booker, whom we can ask by ourselves."""
    return attendee.person_id is not None and attendee.person_id != booking.person_id


def _for_booker(
    booking: Booking, attendee: Attendee, lines: Sequence[QuestionLine], given: Given
) -> list[QuestionLine]:
    """Whoever has an address agrees by themselves, and what they answered is theirs."""
    if not answers_alone(booking, attendee):
        return list(lines)
    return [
        replace(line, value=None, words="", is_private=True)
        if line.is_answered and given[line.question.id].person_id is not None
        else line
        for line in lines
        if line.question.kind is not QuestionKind.CONSENT
    ]
