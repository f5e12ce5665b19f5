"""Invented events with their dates, all marked as samples."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from netapp.demo.operations.bulk import Row, insert_rows, reserve_ids
from netapp.demo.operations.load_people import new_sample_key
from netapp.demo.plan import PlannedSeries
from netapp.demo.samples import CONTACT_EMAIL, CONTACT_NAME, JOIN_LINK
from netapp.events.models import Event, EventMode, EventSession, EventStatus, EventTerm
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.slugs import slugify
from netapp.kernel.zones import to_utc
from netapp.vocabulary.models import Term


@dataclass(frozen=True, slots=True)
class LoadedDate:
    id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class LoadedEvent:
    id: int
    key: str
    plan: PlannedSeries
    published_at: datetime
    dates: tuple[LoadedDate, ...]

    @property
    def starts_at(self) -> datetime:
        return self.dates[0].starts_at

    @property
    def ends_at(self) -> datetime:
        return self.dates[-1].ends_at


def load_events(
    session: DbSession, *, plans: list[PlannedSeries], terms: list[Term], chance: Random
) -> list[LoadedEvent]:
    """Everything but the pools: how large they are depends on who books."""
    zone = site_of(session).zone
    event_ids = reserve_ids(session, Event, len(plans))
    date_ids = reserve_ids(session, EventSession, sum(len(plan.starts) for plan in plans))
    events = [
        LoadedEvent(
            id=next(event_ids),
            key=new_sample_key(chance),
            plan=plan,
            published_at=to_utc(plan.published_at.replace(hour=12, minute=0), zone),
            dates=tuple(
                LoadedDate(next(date_ids), to_utc(start, zone), to_utc(start + plan.length, zone))
                for start in plan.starts
            ),
        )
        for plan in plans
    ]
    insert_rows(session, Event, (_event(event, zone) for event in events))
    insert_rows(session, EventSession, (_date(e, d, chance) for e in events for d in e.dates))
    insert_rows(
        session,
        EventTerm,
        (
            {"event_id": event.id, "term_id": term.id}
            for event in events
            for term in chance.sample(terms, chance.choice((0, 1, 1, 2)))
        ),
    )
    return events


def _event(event: LoadedEvent, zone: str) -> Row:
    plan = event.plan
    return {
        "id": event.id,
        "key": event.key,
        "slug": f"{slugify(plan.title)}-{event.starts_at.year}",
        "title": plan.title,
        "summary": "An invented event, to see how the platform works with many of them.",
        "description": "Nothing of this is real: **title, dates, people and places** are made up.",
        "kind": plan.kind,
        "audience": plan.audience,
        "status": EventStatus.PUBLISHED,
        "mode": plan.mode,
        "theme": plan.theme,
        "art": plan.art,
        "zone": zone,
        "cost": "Free (sample)",
        "access_facts": [{"kind": "captions", "text": ""}, {"kind": "breaks", "text": "at half"}],
        "access_contact_name": CONTACT_NAME,
        "access_contact_email": CONTACT_EMAIL,
        "booked_as": plan.booked_as,
        "is_sample": True,
        "created_at": event.published_at,
        "published_at": event.published_at,
    }


def _date(event: LoadedEvent, date: LoadedDate, chance: Random) -> Row:
    online = event.plan.mode is EventMode.ONLINE
    return {
        "id": date.id,
        "key": new_sample_key(chance),
        "event_id": event.id,
        "starts_at": date.starts_at,
        "ends_at": date.ends_at,
        "place": None if online else f"Sample Hall, {chance.randint(1, 99)} Sample Street, London",
        "join_link": JOIN_LINK if online else None,
        "created_at": event.published_at,
        "revised_at": event.published_at,
    }
