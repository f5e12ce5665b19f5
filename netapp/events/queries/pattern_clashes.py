"""What else the network has on when dates of a pattern would be. It is said before they are made,
and refuses nothing: two rooms may have one address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from netapp.events.models import (
    Event,
    EventMode,
    EventSession,
    EventStatus,
    SessionStatus,
    Theme,
)
from netapp.events.plans import DatePlan
from netapp.events.queries.clashes import Clash, in_common
from netapp.kernel.db import DbSession
from netapp.kernel.words import hours_words, short_date_words, zone_words
from netapp.kernel.zones import to_local

MOST: Final = 10
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Other:
    """A date of another event."""

    title: str
    status: EventStatus
    mode: EventMode | None
    theme: Theme | None
    zone: str
    starts_at: datetime
    ends_at: datetime
    place: str | None
    join_link: str | None

    @property
    def name(self) -> str:
        return f"{self.title}, a draft," if self.status is EventStatus.DRAFT else self.title


def others_around(session: DbSession, event: Event, plans: Sequence[DatePlan]) -> list[Other]:
    """The dates of other events on the days of these plans and between them, in order of time."""
    if not plans:
        return []
    rows = session.execute(
        select(
            Event.title,
            Event.status,
            Event.mode,
            Event.theme,
            Event.zone,
            EventSession.starts_at,
            EventSession.ends_at,
            EventSession.place,
            EventSession.join_link,
        )
        .join(EventSession, EventSession.event_id == Event.id)
        .where(
            Event.id != event.id,
            Event.status != EventStatus.CANCELLED,
            Event.is_record.is_(False),
            EventSession.status == SessionStatus.SCHEDULED,
            EventSession.starts_at < max(plan.ends_at for plan in plans) + DAY,
            EventSession.ends_at > min(plan.starts_at for plan in plans) - DAY,
        )
        .order_by(EventSession.starts_at, EventSession.id)
    )
    return [Other(*row) for row in rows]


def shared_rooms(
    event: Event, plans: Sequence[DatePlan], others: Sequence[Other]
) -> tuple[Clash, ...]:
    """Where something else is at that time in the same place, or with the same link to join."""
    found = [
        Clash(f"{_span(event, plan)}: {other.name} is {shared}, {_hours(other)}.", is_place=True)
        for plan in plans
        for other in others
        if other.starts_at < plan.ends_at
        and plan.starts_at < other.ends_at
        and (shared := in_common(event.mode, plan, other.mode, other))
    ]
    more = len(found) - MOST
    return (*found[:MOST], Clash(f"And {more} more like these.")) if more > 0 else tuple(found)


def same_theme(
    event: Event, plans: Sequence[DatePlan], others: Sequence[Other]
) -> list[tuple[str, str]]:
    """(day, what else) where another published event of the same theme has a date on that day."""
    if event.theme is None:
        return []
    days: dict[object, list[Other]] = {}
    for other in others:
        if other.theme is event.theme and other.status is EventStatus.PUBLISHED:
            days.setdefault(to_local(other.starts_at, other.zone).date(), []).append(other)
    return [
        (short_date_words(plan.starts_at, event.zone), f"{other.title}, {_hours(other)}")
        for plan in plans
        for other in days.get(to_local(plan.starts_at, event.zone).date(), ())
    ]


def _span(event: Event, plan: DatePlan) -> str:
    hours = hours_words(plan.starts_at, plan.ends_at, event.zone)
    return f"{short_date_words(plan.starts_at, event.zone)}, {hours}"


def _hours(other: Other) -> str:
    hours = hours_words(other.starts_at, other.ends_at, other.zone)
    return f"{hours} {zone_words(other.starts_at, other.zone)}"
