"""What an event still needs before the public may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from netapp.events.models import Event, EventMode, EventSession, SessionStatus
from netapp.events.policies import is_coming
from netapp.events.queries.twice import twice_words
from netapp.kernel.words import date_words

Tab = Literal["details", "dates", "booking", "access"]


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing to do, and the tab of the editor where it is done."""

    words: str
    tab: Tab


def missing_for(event: Event, dates: Sequence[EventSession], now: datetime) -> list[Missing]:
    """Empty when the event may be published."""
    found: list[Missing] = []
    if not event.title.strip():
        found.append(Missing("Give the event a title.", "details"))
    if event.mode is None:
        found.append(Missing("Say whether it is online, in person or both.", "details"))
    coming = [date for date in dates if is_coming(date, now)]
    if not event.is_record:
        found += _dates_to_come(event, dates, now)
    if event.mode in (EventMode.IN_PERSON, EventMode.HYBRID):
        found += [
            Missing(f"Say where it is on {date_words(date.starts_at, event.zone)}.", "dates")
            for date in coming
            if not date.place
        ]
    found += [
        Missing(f"{words} is there twice: remove one, or give it a name or a place.", "dates")
        for words in twice_words(event)
    ]
    if not (event.access_contact_name and event.access_contact_email):
        found.append(Missing("Name a person to ask about access, with an email address.", "access"))
    if not event.access_facts:
        words = "Say what you know about access, or that it has not been checked."
        found.append(Missing(words, "access"))
    return found


def _dates_to_come(event: Event, dates: Sequence[EventSession], now: datetime) -> list[Missing]:
    """Whatever is to be booked must lie ahead."""
    scheduled = [date for date in dates if date.status is SessionStatus.SCHEDULED]
    if not scheduled:
        return [Missing("Add a date that is still to come.", "dates")]
    return [
        Missing(f"The date {past_words(event, date.starts_at)} Move or remove it.", "dates")
        for date in scheduled
        if date.starts_at <= now
    ]


def past_words(event: Event, starts_at: datetime) -> str:
    """Sunday 10 January 2027 is in the past."""
    return f"{date_words(starts_at, event.zone)} is in the past."
