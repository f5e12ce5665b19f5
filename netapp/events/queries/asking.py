"""Until when an interpreter or captions are asked for, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from netapp.events.models import Event, EventSession, EventStatus, RequestKind
from netapp.events.policies import asking_ends, is_coming
from netapp.kernel.words import count_words, date_words
from netapp.people.access import BSL, CAPTIONS, Told

REQUEST_WORDS = {
    RequestKind.BSL: "BSL interpreter",
    RequestKind.CAPTIONS: "Live captions",
}
IN_A_SENTENCE = {
    RequestKind.BSL: "a BSL interpreter",
    RequestKind.CAPTIONS: "live captions",
}
KINDS_OF_TICKS = {BSL: RequestKind.BSL, CAPTIONS: RequestKind.CAPTIONS}
LATE = "We may not manage any more to find a BSL interpreter or live captions, but we will try."


@dataclass(frozen=True, slots=True)
class Asking:
    """``words`` are empty where there is nothing left to ask for."""

    words: str = ""
    is_late: bool = False


def asked_by(told: Told) -> frozenset[RequestKind]:
    """Sharing a profile that names an interpreter or captions asks for them."""
    return frozenset(kind for tick, kind in KINDS_OF_TICKS.items() if tick in told.ticks)


def asking_of(event: Event, dates: Sequence[EventSession], now: datetime) -> Asking:
    """For these dates of an event: by when to ask for the first of them, and that it is late."""
    if event.is_record or event.status is EventStatus.CANCELLED:
        return Asking()
    coming = sorted((d for d in dates if is_coming(d, now)), key=lambda date: date.starts_at)
    if not coming:
        return Asking()
    open_still = [date for date in coming if now < asking_ends(event, date)]
    if not open_still:
        return Asking(LATE, is_late=True)
    by = f"Ask for a BSL interpreter or live captions by {last_day_words(event, open_still[0])}."
    if open_still[0] is not coming[0]:
        day = date_words(open_still[0].starts_at, event.zone)
        by = f"{by[:-1]} for {day}. For dates before that it is late: we will try."
    elif len(coming) > 1:
        days = count_words(event.ask_days, "day")
        by = f"{by[:-1]} for the first date, and {days} before each later one."
    return Asking(by)


def last_day_words(event: Event, date: EventSession) -> str:
    """Monday 4 January 2027."""
    return date_words(asking_ends(event, date) - timedelta(minutes=1), event.zone)
