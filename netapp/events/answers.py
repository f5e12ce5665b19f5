"""Questions as one event asks them: when they are due, for whom, and what an answer says.

Without a database: the same rules for the page of a booking, the mails, the desk and the files.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Protocol

from netapp.events.models import Event, EventSession, Place, PlaceState, QuestionKind, SessionStatus
from netapp.kernel.words import date_words, day_words, moment_words
from netapp.kernel.zones import TimeSkipped, to_local, to_utc

Value = str | int | bool | list[str] | None
"""An answer by kind: text and choice a text, number a whole number, several a list of options,
yes or no and consent a truth, date an ISO day. None: it was left empty."""

WITH_OPTIONS: Final = (QuestionKind.CHOICE, QuestionKind.SEVERAL)
DECIDING: Final = (QuestionKind.YES_NO, *WITH_OPTIONS)
"""What a condition can hang on."""

MAIL_AFTER: Final = timedelta(hours=1)
"""Whoever has just booked sees the questions on the page: only then are they mailed."""


class Timed(Protocol):
    """When an event asks something: see ``EventQuestion``."""

    @property
    def ask_from_days(self) -> int | None: ...
    @property
    def needed_by_days(self) -> int: ...
    @property
    def added_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of an event, in one wording."""

    id: int
    key: str
    question_id: int
    question_key: str  # In the library.
    kind: QuestionKind
    wording_id: int
    number: int  # Of the wording.
    words: str
    hint: str
    options: tuple[str, ...]
    position: int
    required: bool
    ask_from_days: int | None
    needed_by_days: int
    only_if_id: int | None
    only_if_value: str
    added_at: datetime
    is_ended: bool


@dataclass(frozen=True, slots=True)
class Stay:
    """What decides when somebody is asked: the start of their first date, and since when they have
    a place."""

    first: datetime
    since: datetime


def stay_of(places: Iterable[Place], dates: Mapping[int, EventSession]) -> Stay | None:
    """Of the places of one person, with the dates of the event by id. None for somebody without a
    confirmed place: nobody is asked who only waits."""
    held = [
        (dates[place.session_id], place.confirmed_at or place.created_at)
        for place in places
        if place.state is PlaceState.CONFIRMED
        and dates[place.session_id].status is SessionStatus.SCHEDULED
    ]
    if not held:
        return None
    return Stay(
        first=min(each.starts_at for each, _ in held),
        since=min(since for _, since in held),
    )


def asked_from(event: Event, question: Timed, stay: Stay) -> datetime:
    """From when somebody sees a question: never before it is needed."""
    since = max(stay.since, question.added_at)
    if question.ask_from_days is None:
        return since
    return max(since, days_before(event, stay.first, question.ask_from_days))


def mailed_from(event: Event, question: Timed, stay: Stay) -> datetime:
    """From when a mail asks whoever has not answered."""
    since = max(stay.since, question.added_at)
    return max(asked_from(event, question, stay), since + MAIL_AFTER)


def needed_by(event: Event, question: Timed, stay: Stay) -> datetime:
    """Until when a question can be answered: the end of its day, or the start of the first date.
    Who has booked late, or is asked late, has until the end of the next day."""
    days = question.needed_by_days
    end = _end_of_day(event, stay.first - timedelta(days=days)) if days else stay.first
    since = max(stay.since, question.added_at)
    late = _end_of_day(event, since + timedelta(days=1))
    return min(stay.first, max(end, late))


def is_open(event: Event, question: AskedQuestion, stay: Stay, now: datetime) -> bool:
    """Whether it can be answered or changed now."""
    if question.is_ended:
        return False
    return asked_from(event, question, stay) <= now < needed_by(event, question, stay)


def by_words(event: Event, until: datetime, stay: Stay) -> str:
    """Monday 4 January 2027; with the time where it is the start of a date."""
    if until == stay.first:
        return moment_words(until, event.zone)
    return date_words(until - timedelta(minutes=1), event.zone)


def days_before(event: Event, first: datetime, days: int) -> datetime:
    """The event's hour of reminders, so many days before."""
    local = to_local(first, event.zone).replace(tzinfo=None) - timedelta(days=days)
    return _moment(event, datetime.combine(local.date(), time(event.reminder_hour)))


def _end_of_day(event: Event, moment: datetime) -> datetime:
    day: date = to_local(moment, event.zone).date() + timedelta(days=1)
    return _moment(event, datetime.combine(day, time(0)))


def _moment(event: Event, local: datetime) -> datetime:
    """Where the clocks go forward over it, an hour later."""
    try:
        return to_utc(local, event.zone, second=False)
    except TimeSkipped:
        return to_utc(local + timedelta(hours=1), event.zone)


def met(questions: Sequence[AskedQuestion], values: Mapping[int, Value]) -> frozenset[int]:
    """The ids of the questions that are for somebody with these answers. ``questions`` in their
    order: a condition hangs on one that comes before."""
    found: set[int] = set()
    for question in questions:
        source = question.only_if_id
        if source is None or (
            source in found and decides(values.get(source), question.only_if_value)
        ):
            found.add(question.id)
    return frozenset(found)


def decides(value: Value, wanted: str) -> bool:
    """Whether an answer is the one that a condition wants."""
    if isinstance(value, bool):
        return wanted == ("yes" if value else "no")
    return wanted in value if isinstance(value, list) else value == wanted


def packed(value: Value) -> str:
    """An answer as it is kept."""
    return json.dumps(value, ensure_ascii=False)


def unpacked(text: str) -> Value:
    value: Value = json.loads(text)
    return value


def answer_words(kind: QuestionKind, value: Value) -> str:
    """An answer as people read it; empty where it was left empty."""
    if value is None:
        return ""
    if kind is QuestionKind.CONSENT:
        return "Agreed" if value else "Not agreed"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return "; ".join(value)
    if isinstance(value, int):
        return f"{value:,}"
    return day_words(date.fromisoformat(value)) if kind is QuestionKind.DATE else value
