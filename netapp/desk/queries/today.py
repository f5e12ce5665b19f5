"""What needs a coordinator today, what is coming up, and what was done without anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, selectinload

from netapp.events.models import (
    AccessNeed,
    BookingEntry,
    Event,
    EventSession,
    EventStatus,
    Mode,
    NeedState,
    Place,
    PlaceState,
    SessionStatus,
)
from netapp.events.queries.manage import EventRow, coming_rows
from netapp.jobs.queries import last_sign_of_life
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import (
    count_words,
    date_words,
    join_words,
    short_date_words,
    time_words,
)
from netapp.kernel.zones import to_local
from netapp.mail import queries as mail
from netapp.mail.models import MailState, OutboxMessage

SOON: Final = timedelta(days=14)
"""A draft that begins within this time ought to be published."""

NEXT_DAYS: Final = timedelta(days=7)
"""A date within this time ought to have its place or its link to join."""

NEARLY_FULL: Final = 0.8
DAY: Final = timedelta(days=1)
STANDSTILL: Final = timedelta(minutes=5)
MOST_COMING: Final = 6
NUMBERS: Final = ("Nothing", "One thing", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight")

Colour = Literal["coral", "marigold", "indigo", "sky", "magenta", "teal", "sand"]


@dataclass(frozen=True, slots=True)
class Act:
    """A link that leads to where the thing is done; ``main``: the one to press first."""

    href: str
    words: str
    main: bool = False


@dataclass(frozen=True, slots=True)
class Todo:
    icon: str
    colour: Colour
    title: str
    words: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class ComingUp:
    row: EventRow
    needs: int  # Told and not answered yet.


@dataclass(frozen=True, slots=True)
class Today:
    greeting: str
    day_words: str
    lead: str
    todos: tuple[Todo, ...]
    done: tuple[str, ...]
    coming: tuple[ComingUp, ...]
    drafts: int


def today(session: DbSession, *, first_name: str, now: datetime) -> Today:
    """The first page of the desk. The same number of queries however much there is."""
    site = site_of(session)
    dates = _dates_ahead(session, now)
    new_needs = _new_needs(session)
    todos = [
        *_needs(dates, new_needs),
        *_dead_mails(session),
        *_standstill(session, now),
        *_drafts(dates, now),
        *_without_place(dates, now),
        *_filling(session, dates, now),
    ]
    rows = coming_rows(session, most=MOST_COMING, now=now)
    by_key = {date.event.key: date.event.id for date in dates}
    return Today(
        greeting=f"{_greeting(now, site.zone)}, {first_name}" if first_name else "Good day",
        day_words=date_words(now, site.zone),
        lead=_lead(len(todos)),
        todos=tuple(todos),
        done=tuple(_done(session, now - DAY)),
        coming=tuple(ComingUp(row, new_needs.get(by_key.get(row.key, 0), 0)) for row in rows),
        drafts=_count_drafts(session),
    )


def _dates_ahead(session: DbSession, now: datetime) -> Sequence[EventSession]:
    """Scheduled dates of drafts and published events that are not over, with pools: two queries."""
    return session.scalars(
        select(EventSession)
        .join(EventSession.event)
        .where(
            EventSession.status == SessionStatus.SCHEDULED,
            EventSession.ends_at > now,
            Event.status != EventStatus.CANCELLED,
        )
        .options(contains_eager(EventSession.event), selectinload(EventSession.pools))
        .order_by(EventSession.starts_at, EventSession.id)
        .execution_options(populate_existing=True)
    ).all()


def _new_needs(session: DbSession) -> dict[int, int]:
    """How many people said what would help and have no answer yet, by event."""
    rows = session.execute(
        select(AccessNeed.event_id, func.count())
        .where(AccessNeed.state == NeedState.NEW)
        .group_by(AccessNeed.event_id)
    )
    return {event_id: int(number) for event_id, number in rows}


def _needs(dates: Sequence[EventSession], new: dict[int, int]) -> list[Todo]:
    found = []
    for event, date in _first_dates(dates).values():
        if number := new.get(event.id, 0):
            people = count_words(number, "person", "people")
            found.append(
                Todo(
                    "sign",
                    "coral",
                    f"{people} said what would help them take part",
                    f"{event.title}, {_when(event, date)}.",
                    (Act(f"/desk/events/{event.key}/needs", "Read and reply", main=True),),
                )
            )
    return found


def _dead_mails(session: DbSession) -> list[Todo]:
    dead = mail.counts(session).given_up
    if not dead:
        return []
    title = f"{count_words(dead, 'mail')} could not be sent"
    words = "Look at why, put it right and send again."
    act = Act("/desk/mail?state=given-up", "Look and send again", main=True)
    return [Todo("envelope", "sky", title, words, (act,))]


def _standstill(session: DbSession, now: datetime) -> list[Todo]:
    """No worker: nothing is sent, reminded or offered."""
    seen = last_sign_of_life(session)
    if seen is None or now - seen < STANDSTILL:
        return []
    zone = site_of(session).zone
    words = (
        f"Nothing was sent since {short_date_words(seen, zone)}, {time_words(seen, zone)}. "
        "Ask whoever looks after the server to start it again."
    )
    title = "Mail and reminders stand still"
    return [Todo("warning", "coral", title, words, (Act("/desk/mail", "Look at the mail"),))]


def _drafts(dates: Sequence[EventSession], now: datetime) -> list[Todo]:
    return [
        Todo(
            "edit",
            "indigo",
            f"{event.title} is still a draft",
            f"It begins on {_when(event, date)}. Nobody can book it yet.",
            (Act(f"/desk/events/{event.key}", "Check and publish", main=True),),
        )
        for event, date in _first_dates(dates).values()
        if event.status is EventStatus.DRAFT and now < date.starts_at <= now + SOON
    ]


def _without_place(dates: Sequence[EventSession], now: datetime) -> list[Todo]:
    found = []
    for date in dates:
        event = date.event
        if event.status is not EventStatus.PUBLISHED or not now < date.starts_at <= now + NEXT_DAYS:
            continue
        online = event.mode is Mode.ONLINE
        if (date.join_link if online else date.place) or event.mode is None:
            continue
        what = "has no link to join" if online else "has no place"
        do = "Add the link" if online else "Add the place"
        address = f"/desk/events/{event.key}/dates/{date.key}"
        words = f"It is on {_when(event, date)}."
        title = f"{event.title} {what} yet"
        found.append(Todo("video" if online else "pin", "teal", title, words, (Act(address, do),)))
    return found


def _filling(session: DbSession, dates: Sequence[EventSession], now: datetime) -> list[Todo]:
    """Events that are nearly full, or that people wait for."""
    queues = _queues(session)
    found = []
    by_event: dict[int, list[EventSession]] = {}
    for date in dates:
        if date.event.status is EventStatus.PUBLISHED and date.starts_at > now:
            by_event.setdefault(date.event_id, []).append(date)
    for of_event in by_event.values():
        event = of_event[0].event
        busy = [d for d in of_event if _is_nearly_full(d) or d.id in queues]
        if not busy:
            continue
        full = all(date.pools[0].free == 0 for date in busy)
        words = [_filling_words(event, date, queues.get(date.id, {})) for date in busy[:3]]
        if len(busy) > 3:
            words.append(f"{count_words(len(busy) - 3, 'more date')}.")
        acts = [Act(f"/desk/events/{event.key}/booking#places", "Add places")]
        if any(date.id in queues for date in busy):
            acts.append(Act(f"/desk/events/{event.key}/waiting", "Waiting list"))
        state = "full" if full else "nearly full"
        title = f"{event.title} is {state}"
        found.append(Todo("ticket", "marigold", title, " ".join(words), tuple(acts)))
    return found


def _queues(session: DbSession) -> dict[int, dict[PlaceState, int]]:
    """How many wait or have an offer, by session."""
    rows = session.execute(
        select(Place.session_id, Place.state, func.count())
        .where(Place.state.in_([PlaceState.WAITING, PlaceState.OFFERED]))
        .group_by(Place.session_id, Place.state)
    )
    found: dict[int, dict[PlaceState, int]] = {}
    for session_id, state, number in rows:
        found.setdefault(session_id, {})[state] = int(number)
    return found


def _is_nearly_full(date: EventSession) -> bool:
    pool = date.pools[0]
    return bool(pool.capacity) and pool.taken >= NEARLY_FULL * (pool.capacity or 0)


def _filling_words(event: Event, date: EventSession, queue: dict[PlaceState, int]) -> str:
    pool = date.pools[0]
    day = short_date_words(date.starts_at, event.zone, year=False)
    parts = [f"{pool.taken} of {pool.capacity} places taken" if pool.capacity else "no limit"]
    if waiting := queue.get(PlaceState.WAITING, 0):
        parts.append(f"{count_words(waiting, 'person', 'people')} waiting")
    if offered := queue.get(PlaceState.OFFERED, 0):
        parts.append(f"{count_words(offered, 'place')} on offer")
    return f"{day}: {', '.join(parts)}."


def _first_dates(dates: Sequence[EventSession]) -> dict[int, tuple[Event, EventSession]]:
    """The next date of each event, in order of time."""
    found: dict[int, tuple[Event, EventSession]] = {}
    for date in dates:
        found.setdefault(date.event_id, (date.event, date))
    return found


def _when(event: Event, date: EventSession) -> str:
    clock = time_words(date.starts_at, event.zone)
    return f"{date_words(date.starts_at, event.zone, year=False)} at {clock}"


def _count_drafts(session: DbSession) -> int:
    drafts = select(func.count()).select_from(Event).where(Event.status == EventStatus.DRAFT)
    return session.scalar(drafts) or 0


def _greeting(now: datetime, zone: str) -> str:
    hour = to_local(now, zone).hour
    if hour < 5 or hour >= 18:
        return "Good evening"
    return "Good morning" if hour < 12 else "Good afternoon"


def _lead(number: int) -> str:
    if number == 0:
        return "Nothing needs you. Everything is running."
    if number == 1:
        return "One thing needs you. Everything else is running."
    words = f"{NUMBERS[number]} things" if number < len(NUMBERS) else f"{number} things"
    return f"{words} need you. Everything else is running."


def _done(session: DbSession, since: datetime) -> list[str]:
    """What happened without a coordinator since then, a sentence each."""
    entries = session.execute(
        select(BookingEntry.what, func.count())
        .where(BookingEntry.at >= since, BookingEntry.by.in_(["", "worker"]))
        .group_by(BookingEntry.what)
    )
    happened = {what: int(number) for what, number in entries}
    lines = [
        f"{count_words(happened[what], one, many)} {verb}."
        for what, one, many, verb in STORIES
        if what in happened
    ]
    sent = session.execute(
        select(OutboxMessage.message, func.count())
        .where(OutboxMessage.state == MailState.SENT, OutboxMessage.sent_at >= since)
        .group_by(OutboxMessage.message)
    )
    mails = {message: int(number) for message, number in sent}
    if total := sum(mails.values()):
        kinds = [
            f"{count_words(mails[message], one, many)}"
            for message, one, many in MAILS
            if message in mails
        ]
        among = f", among them {join_words(kinds)}" if kinds else ""
        lines.append(f"{count_words(total, 'mail was', 'mails were')} sent{among}.")
    return lines


STORIES: Final = (
    ("Booked.", "person", "people", "booked"),
    ("Changed the dates.", "person", "people", "changed their dates"),
    ("Cancelled.", "person", "people", "cancelled"),
    ("A place came free and was offered.", "place", "places", "came free and went to the next"),
    ("The offered place was taken.", "place", "places", "on offer was taken"),
    ("The offered place was refused.", "place", "places", "on offer was refused"),
    ("The offer ended without an answer.", "offer", "offers", "ended without an answer"),
)
MAILS: Final = (
    ("events/booking_confirmed", "confirmation", "confirmations"),
    ("events/reminder", "reminder", "reminders"),
    ("events/offer", "offer of a place", "offers of a place"),
)
