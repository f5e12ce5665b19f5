"""Events as open data: version 1 of /api/v1/events.json. What each field means: docs/api.md.

Fields may be added; none is taken away or changes its meaning while the version is 1.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from netapp.events.links import event_url, item_url, session_uid
from netapp.events.models import (
    Audience,
    Event,
    EventMode,
    EventSession,
    EventStatus,
    EventTerm,
    Segment,
)
from netapp.events.queries.calendar import is_cancelled
from netapp.kernel.db import DbSession
from netapp.kernel.site import Site, site_of
from netapp.kernel.zones import to_local
from netapp.vocabulary.models import Term

PER_PAGE = 100
VERSION = 1


class When(StrEnum):
    COMING = "coming"
    PAST = "past"
    ALL = "all"


def open_data(
    session: DbSession, *, when: When, page: int, now: datetime
) -> tuple[dict[str, Any], datetime | None]:
    """One page of the published events as JSON's own types, and until when it holds.

    A page beyond the last is empty. Coming events are in order of their next date, others with
    the newest first.
    """
    site = site_of(session)
    found = _matching(when, now)
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    pages = max(1, -(-total // PER_PAGE))
    ids = session.scalars(found.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    address = f"/api/v1/events.json?when={when}&page={page + 1}"
    document = {
        "version": VERSION,
        "documentation": site.url("/calendar#open-data"),
        "network": site.name,
        "when": when.value,
        "page": page,
        "pages": pages,
        "total": total,
        "next": site.url(address) if page < pages else None,
        "events": _events(session, site, ids),
    }
    changes_at = session.scalar(select(func.min(EventSession.ends_at)).where(_ends_after(now)))
    return document, changes_at


def _ends_after(now: datetime) -> Any:
    return EventSession.ends_at > now


def _matching(when: When, now: datetime) -> Select[int]:
    """Ids of the published events, cancelled ones among them, in their order."""
    first, last = func.min(EventSession.starts_at), func.max(EventSession.ends_at)
    found = (
        select(Event.id)
        .join(EventSession, EventSession.event_id == Event.id)
        .where(Event.status != EventStatus.DRAFT, Event.audience != Audience.GROUP)
        .group_by(Event.id)
    )
    if when is When.COMING:
        ahead = func.min(EventSession.starts_at).filter(_ends_after(now))
        return found.having(last > now).order_by(ahead, Event.id)
    if when is When.PAST:
        found = found.having(last <= now)
    return found.order_by(first.desc(), Event.id)


def _events(session: DbSession, site: Site, ids: Sequence[int]) -> list[dict[str, Any]]:
    events = session.scalars(
        select(Event)
        .where(Event.id.in_(ids))
        .options(selectinload(Event.sessions).selectinload(EventSession.segments))
    )
    by_id = {event.id: event for event in events}
    terms = _terms(session, ids)
    return [_event(site, by_id[one], terms.get(one, [])) for one in ids if one in by_id]


def _terms(session: DbSession, ids: Sequence[int]) -> dict[int, list[dict[str, str]]]:
    found = session.execute(
        select(EventTerm.event_id, Term.slug, Term.label)
        .join(Term, Term.id == EventTerm.term_id)
        .where(EventTerm.event_id.in_(ids))
        .order_by(Term.position, Term.id)
    )
    terms: dict[int, list[dict[str, str]]] = {}
    for event_id, slug, label in found:
        terms.setdefault(event_id, []).append({"slug": slug, "label": label})
    return terms


def _event(site: Site, event: Event, terms: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "key": event.key,
        "url": event_url(site, event),
        "calendar": f"{event_url(site, event)}.ics",
        "title": event.title,
        "summary": event.summary,
        "kind": event.kind.value,
        "audience": event.audience.value,
        "mode": event.mode.value if event.mode else None,
        "theme": event.theme.value if event.theme else None,
        "zone": event.zone,
        "hosts": event.hosts,
        "partners": event.partners,
        "who_for": event.who_for,
        "cost": event.cost,
        "access": [
            {"kind": fact.get("kind"), "text": fact.get("text")} for fact in event.access_facts
        ],
        "terms": terms,
        "cancelled": event.status is EventStatus.CANCELLED,
        "sample": event.is_sample,
        "sessions": [_session(site, event, date) for date in event.sessions],
    }


def _session(site: Site, event: Event, date: EventSession) -> dict[str, Any]:
    return {
        "uid": session_uid(site, date),
        "calendar": item_url(site, event, date),
        "title": date.title,
        "starts_at": _local(date.starts_at, event.zone),
        "ends_at": _local(date.ends_at, event.zone),
        "place": None if event.mode is EventMode.ONLINE else date.place,  # As pages and calendars.
        "note": date.note,
        "cancelled": is_cancelled(event, date),
        "sequence": date.sequence,
        "revised_at": date.revised_at.isoformat(timespec="seconds"),
        "segments": [_segment(event, segment) for segment in date.segments],
    }


def _segment(event: Event, segment: Segment) -> dict[str, Any]:
    return {
        "title": segment.title,
        "starts_at": _local(segment.starts_at, event.zone),
        "ends_at": _local(segment.ends_at, event.zone) if segment.ends_at else None,
    }


def _local(moment: datetime, zone: str) -> str:
    """ISO 8601 with the offset of the event's zone."""
    return to_local(moment, zone).isoformat(timespec="seconds")
