"""Tell of dates that have changed or are cancelled: everybody concerned, and the log."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.models import Event, EventSession, EventStatus, Place
from netapp.events.operations.ending import NOTHING_ENDED, Ended
from netapp.events.operations.guard import show_to_people_of
from netapp.events.operations.retiming import Retimed, keep_in_step
from netapp.events.operations.sending import send_all
from netapp.events.queries.live_places import live_places
from netapp.events.queries.my_clashes import clashes_of
from netapp.events.queries.notices import (
    DateNews,
    date_news,
    ending_news,
    notices_of_dates,
)
from netapp.events.queries.swap_waits import swap_waits_in
from netapp.events.queries.wording import Span
from netapp.kernel.db import DbSession
from netapp.kernel.words import date_words


def tell(
    session: DbSession,
    event: Event,
    retimed: Sequence[Retimed] = (),
    *,
    ended: Ended = NOTHING_ENDED,
    reason: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Keep offers and reminders in step with dates that changed, write the letters, one to each
    booking, and the lines of the log; returns how many people were told.

    ``ended``: dates that were cancelled in the same step, and what ended with them. Follow it with
    ``waiting.settle``.
    """
    told: list[Collection[int]] = []  # The dates that each of them reads about.
    changed = {each.date.id: each for each in retimed if each.changes}
    if event.status is EventStatus.PUBLISHED and (changed or ended.dates):
        live = live_places(session, changed)
        keep_in_step(event, live, swap_waits_in(session, event.id), changed)
        show_to_people_of(session, {place.booking for place in live}, now)
        notices = notices_of_dates(
            sorted([*live, *ended.places], key=lambda place: place.id),
            _news(event, changed, ended.dates),
            lost=ended.lost,
            reason=reason,
            clashes=_clashes(session, event, live, changed, now),
        )
        recipients = send_all(session, event, notices, now=now)
        told = [{place.session_id for place in each.about} for each in recipients]
    for each in retimed:
        number = sum(each.date.id in dates for dates in told)
        _record_change(session, event, each, number, reason, actor, now)
    for date in ended.dates:
        number = sum(date.id in dates for dates in told)
        _record_end(session, event, date, number, reason, actor, now)
    return len(told)


def _news(
    event: Event, changed: Mapping[int, Retimed], ended: Sequence[EventSession]
) -> dict[int, DateNews]:
    """In the order of time in which the dates were."""
    found = {
        (each.old_start, date_id): date_news(event, each.old_start, each.old_words, each.changes)
        for date_id, each in changed.items()
    }
    found |= {(date.starts_at, date.id): ending_news(event, date) for date in ended}
    return {date_id: found[starts_at, date_id] for starts_at, date_id in sorted(found)}


def _clashes(
    session: DbSession,
    event: Event,
    live: Sequence[Place],
    changed: Mapping[int, Retimed],
    now: datetime,
) -> dict[int, list[str]]:
    """What else people have at the new times, by their ids."""
    spans: dict[int, list[Span]] = {}
    for place in live:
        retimed = changed[place.session_id]
        if place.person_id and any(change.what == "Time" for change in retimed.changes):
            span = Span(retimed.date.starts_at, retimed.date.ends_at)
            spans.setdefault(place.person_id, []).append(span)
    return clashes_of(session, spans, besides=event.id, now=now)


def _record_change(
    session: DbSession,
    event: Event,
    retimed: Retimed,
    told: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    what = ", ".join(change.what.lower() for change in retimed.changes) or "notes"
    audit.record(
        session,
        actor=actor,
        action="date.change",
        subject=f"event:{event.key}",
        summary=f"Changed {retimed.old_words} of {event.title}: {what}. {told} told.",
        reason=reason,
        detail={
            "date": retimed.date.key,
            "changes": [change.as_dict() for change in retimed.changes],
        },
        now=now,
    )


def _record_end(
    session: DbSession,
    event: Event,
    date: EventSession,
    told: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    day = date_words(date.starts_at, event.zone)
    audit.record(
        session,
        actor=actor,
        action="date.cancel",
        subject=f"event:{event.key}",
        summary=f"Cancelled {day} of {event.title}. {told} told.",
        reason=reason,
        detail={"date": date.key},
        now=now,
    )
