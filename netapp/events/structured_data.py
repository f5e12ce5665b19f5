"""What search engines read of an event: schema.org, as JSON-LD.

https://schema.org/Event, https://schema.org/EventSeries and
https://developers.google.com/search/docs/appearance/structured-data/event
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from netapp.events.links import event_url
from netapp.events.models import Event, EventMode, EventSession, EventStatus, SessionStatus
from netapp.kernel.site import Site
from netapp.kernel.zones import to_local

SCHEMA = "https://schema.org"
ATTENDANCE = {
    EventMode.ONLINE: "Online",
    EventMode.IN_PERSON: "Offline",
    EventMode.HYBRID: "Mixed",
}


def structured_data(site: Site, event: Event, dates: Sequence[EventSession]) -> dict[str, Any]:
    """One Event for one date, an EventSeries with its dates for several. Nothing is claimed that
    nobody wrote down."""
    if len(dates) == 1:
        return {"@context": SCHEMA, **_event(site, event, dates[0])}
    series = {"@context": SCHEMA, "@type": "EventSeries", **_about(site, event)}
    if dates:
        series["startDate"] = _local(event, dates[0].starts_at)
        series["endDate"] = _local(event, max(date.ends_at for date in dates))
        series["eventStatus"] = _status(event.status is EventStatus.CANCELLED)
        series |= _where(site, event, dates[0])
        series["subEvent"] = [_event(site, event, date) for date in dates]
    return series


def _event(site: Site, event: Event, date: EventSession) -> dict[str, Any]:
    off = date.status is SessionStatus.CANCELLED
    about = _about(site, event)
    if date.title:
        about["name"] = f"{event.title}: {date.title}"
    return {
        "@type": "Event",
        **about,
        "startDate": _local(event, date.starts_at),
        "endDate": _local(event, date.ends_at),
        "eventStatus": _status(off),
        **_where(site, event, date),
    }


def _about(site: Site, event: Event) -> dict[str, Any]:
    about: dict[str, Any] = {"name": event.title, "url": event_url(site, event)}
    if event.summary:
        about["description"] = event.summary
    if event.hosts:
        about["organizer"] = {"@type": "Organization", "name": event.hosts}
    elif not event.is_record:
        ours = {"@type": "Organization", "name": site.name, "url": site.url("/")}
        about["organizer"] = ours
    about["inLanguage"] = "en-GB"
    return about


def _where(site: Site, event: Event, date: EventSession) -> dict[str, Any]:
    if event.mode is None:
        return {}
    mode = f"{SCHEMA}/{ATTENDANCE[event.mode]}EventAttendanceMode"
    locations = []
    if event.mode is not EventMode.ONLINE and date.place:
        locations.append({"@type": "Place", "name": date.place, "address": date.place})
    if event.mode is not EventMode.IN_PERSON:
        locations.append({"@type": "VirtualLocation", "url": event_url(site, event)})
    found: dict[str, Any] = {"eventAttendanceMode": mode}
    if locations:
        found["location"] = locations[0] if len(locations) == 1 else locations
    return found


def _status(cancelled: bool) -> str:
    return f"{SCHEMA}/{'EventCancelled' if cancelled else 'EventScheduled'}"


def _local(event: Event, moment: datetime) -> str:
    return to_local(moment, event.zone).isoformat()
