"""What needs a coordinator: each thing with the link that leads to where it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from netapp.directory.queries.manage import count_open_reports
from netapp.events.models import (
    Event,
    EventMode,
    EventSession,
    EventStatus,
    SessionStatus,
)
from netapp.events.policies import asking_ends
from netapp.events.queries.asking import last_day_words
from netapp.events.queries.minimum import decisions_due
from netapp.events.queries.place_counts import ModePlaces, by_mode, read_queues
from netapp.events.queries.unanswered import Unanswered
from netapp.jobs.queries import last_sign_of_life
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import count_words, date_words, short_date_words, time_words
from netapp.mail import queries as mail
from netapp.privacy.queries import asks
from netapp.safeguarding.queries import network_contact

SOON: Final = timedelta(days=14)
"""A draft that begins within this time ought to be published."""

NEXT_DAYS: Final = timedelta(days=7)
"""A date within this time ought to have its place or its link to join."""

STANDSTILL: Final = timedelta(minutes=5)

Colour = Literal["coral", "marigold", "indigo", "sky", "magenta", "teal", "sand"]


@dataclass(frozen=True, slots=True)
class Act:
    """A link that leads to where the thing is done; ``main``: the one to press first. With
    ``fields`` a button that does it: a form with these hidden fields."""

    href: str
    words: str
    main: bool = False
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Todo:
    icon: str
    colour: Colour
    title: str
    words: str
    acts: tuple[Act, ...]


def todos(
    session: DbSession,
    dates: Sequence[EventSession],
    waiting: Mapping[int, Unanswered],
    now: datetime,
) -> list[Todo]:
    """In the order of how pressing they are; from ``dates_ahead`` and ``unanswered``."""
    return [
        *_decisions(session, now),
        *_told(dates, waiting, now),
        *_reported_messages(session),
        *_asks_about_data(session, now),
        *_dead_mails(session),
        *_standstill(session, now),
        *_drafts(dates, now),
        *_without_place(dates, now),
        *_filling(session, dates, now),
        *_safeguarding_contact(session),
    ]


def dates_ahead(session: DbSession, now: datetime) -> Sequence[EventSession]:
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


def _asks_about_data(session: DbSession, now: datetime) -> list[Todo]:
    """People ask about their data: each is answered within a month."""
    number, due = asks.next_due(session)
    if not number or due is None:
        return []
    until = date_words(due, site_of(session).zone)
    return [
        Todo(
            "lock",
            "coral" if due <= now else "sky",
            f"{count_words(number, 'question')} about data",
            f"The first must be answered by {until}.",
            (Act("/desk/privacy", "Answer", main=True),),
        )
    ]


def _safeguarding_contact(session: DbSession) -> list[Todo]:
    """Every page leads to somebody who can be talked to."""
    if network_contact(session):
        return []
    return [
        Todo(
            "heart-duo",
            "magenta",
            "Nobody is named for safeguarding",
            "Say whom anybody can talk to who is worried about somebody.",
            (Act("/desk/safeguarding/contact", "Name somebody", main=True),),
        )
    ]


def _decisions(session: DbSession, now: datetime) -> list[Todo]:
    """Events with a minimum number whose decision day has come."""
    found = []
    for one in decisions_due(session, now):
        here = f"/desk/events/{one.event_key}"
        tell = f": tell {count_words(one.told, 'person', 'people')}" if one.told else ""
        runs = (("version", str(one.version)), ("from", "today"))
        acts = (
            Act(f"{here}/minimum/runs", f"It runs{tell}", main=True, fields=runs),
            Act(f"{here}/dates/{one.date_key}?why=minimum", "Move"),
            Act(f"{here}/cancel?why=minimum", "Cancel"),
        )
        title = f"Decide whether {one.title} runs"
        found.append(Todo("list-checks", "indigo", title, one.words, acts))
    return found


def _told(
    dates: Sequence[EventSession], waiting: Mapping[int, Unanswered], now: datetime
) -> list[Todo]:
    """What people told an event about taking part, one thing to do for each event: interpreters
    and captions, which must be booked long before, and all else."""
    found = []
    for event, first in _first_dates(dates).values():
        if one := waiting.get(event.id):
            words, act = f"{event.title}.", "Read and reply"
            title = (
                f"{count_words(one.people, 'person', 'people')} said what would help them take part"
            )
            if one.requests:
                asked = (
                    "People ask" if now < asking_ends(event, first) else "It was to be asked for"
                )
                until = f"{asked} by {last_day_words(event, first)}."
                words = f"{event.title} begins on {_when(event, first)}. {until}"
                title, act = _asked_words(one.requests), "Read and answer"
            if one.requests and one.others:
                others = count_words(one.others, "other person", "other people")
                words = f"{words} {others} said what would help them."
            link = Act(f"/desk/events/{event.key}/needs", act, main=True)
            icon = "sign-duo" if one.requests else "sign"
            found.append((not one.requests, Todo(icon, "coral", title, words, (link,))))
    return [todo for _, todo in sorted(found, key=lambda each: each[0])]


def _asked_words(number: int) -> str:
    return f"{count_words(number, 'request')} for an interpreter or captions"


def _reported_messages(session: DbSession) -> list[Todo]:
    number = count_open_reports(session)
    if not number:
        return []
    title = f"{count_words(number, 'reported message')} between members"
    words = "Read it and decide. Until then the sender can go on."
    act = Act("/desk/directory#reports", "Read and decide", main=True)
    return [Todo("warning", "coral", title, words, (act,))]


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
        no_link = event.mode in (EventMode.ONLINE, EventMode.HYBRID) and not date.join_link
        no_place = event.mode in (EventMode.IN_PERSON, EventMode.HYBRID) and not date.place
        if not (no_link or no_place):
            continue
        online = no_link and not no_place
        what = "has no link to join" if online else "has no place"
        do = "Add the link" if online else "Add the place"
        address = f"/desk/events/{event.key}/dates/{date.key}"
        words = f"It is on {_when(event, date)}."
        title = f"{event.title} {what} yet"
        found.append(Todo("video" if online else "pin", "teal", title, words, (Act(address, do),)))
    return found


def _filling(session: DbSession, dates: Sequence[EventSession], now: datetime) -> list[Todo]:
    """Events that are nearly full, or that people wait for."""
    queues = read_queues(session)
    by_event: dict[int, list[tuple[EventSession, tuple[ModePlaces, ...]]]] = {}
    for date in dates:
        if date.event.status is EventStatus.PUBLISHED and date.starts_at > now:
            ways = by_mode(date, queues)
            if any(way.places.is_nearly_full or way.places.waiting for way in ways):
                by_event.setdefault(date.event_id, []).append((date, ways))
    found = []
    for busy in by_event.values():
        event = busy[0][0].event
        words = [_filling_words(event, date, ways) for date, ways in busy[:3]]
        if len(busy) > 3:
            words.append(f"{count_words(len(busy) - 3, 'more date')}.")
        acts = [Act(f"/desk/events/{event.key}/booking#places", "Add places")]
        if any(way.places.waiting or way.places.on_offer for _, ways in busy for way in ways):
            acts.append(Act(f"/desk/events/{event.key}/waiting", "Who waits, and why"))
        title = f"{event.title} is {_how_full([way for _, ways in busy for way in ways])}"
        found.append(Todo("ticket", "marigold", title, " ".join(words), tuple(acts)))
    return found


def _how_full(ways: Sequence[ModePlaces]) -> str:
    """Full; full in person; nearly full."""
    full = [way.mode_words.lower() for way in ways if way.places.is_full]
    if len(full) == len(ways):
        return "full"
    return f"full {full[0]}" if full and len(ways) == 2 and full[0] else "nearly full"


def _filling_words(event: Event, date: EventSession, ways: Sequence[ModePlaces]) -> str:
    day = short_date_words(date.starts_at, event.zone, year=False)
    if len(ways) == 1:
        return f"{day}: {ways[0].words}."
    return f"{day}. {'. '.join(way.words for way in ways)}."


def _first_dates(dates: Sequence[EventSession]) -> dict[int, tuple[Event, EventSession]]:
    """The next date of each event, in order of time."""
    found: dict[int, tuple[Event, EventSession]] = {}
    for date in dates:
        found.setdefault(date.event_id, (date.event, date))
    return found


def _when(event: Event, date: EventSession) -> str:
    clock = time_words(date.starts_at, event.zone)
    return f"{date_words(date.starts_at, event.zone, year=False)} at {clock}"
