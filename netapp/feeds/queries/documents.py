"""Feeds and entries as kept documents: the domain's dates turned into bytes."""

import gzip
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from netapp.events.models import EventKind
from netapp.events.queries import calendar_dates
from netapp.events.queries.calendar import KIND_WORDS
from netapp.events.queries.calendar_dates import Dates
from netapp.feeds.kept import KeptDocument, Version, whole_second
from netapp.kernel.db import DbSession
from netapp.kernel.ical.documents import feed_bytes, item_bytes, weak_etag
from netapp.kernel.ical.items import CalendarItem
from netapp.kernel.site import site_of
from netapp.people.models import Person
from netapp.vocabulary.queries import find_term

log = logging.getLogger(__name__)

Make = Callable[[DbSession, Version, datetime], KeptDocument | None]
"""Makes a document, for the counters it was asked at; None where there is nothing to show."""

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""Last-Modified of a feed in which nothing has happened yet."""


def network_feed() -> Make:
    """Every published event."""

    def make(session: DbSession, version: Version, now: datetime) -> KeptDocument:
        dates = calendar_dates.public_dates(session, now=now)
        name = f"{site_of(session).name}: all events"
        return _feed(session, dates, version, now, name, "/calendar/events.ics")

    return make


def kind_feed(kind: EventKind) -> Make:
    """Every published event of one kind."""

    def make(session: DbSession, version: Version, now: datetime) -> KeptDocument:
        dates = calendar_dates.public_dates(session, now=now, kind=kind)
        name = f"{site_of(session).name}: {KIND_WORDS[kind.value].lower()}"
        return _feed(session, dates, version, now, name, f"/calendar/{kind.value}.ics")

    return make


def term_feed(slug: str) -> Make:
    """The published events tagged with a term."""

    def make(session: DbSession, version: Version, now: datetime) -> KeptDocument | None:
        plain = slug.isascii() and slug.replace("-", "").isalnum()
        term = find_term(session, slug) if plain else None
        if term is None:
            return None
        dates = calendar_dates.dates_of_term(session, term.id, now=now)
        name = f"{site_of(session).name}: {term.label}"
        return _feed(session, dates, version, now, name, f"/calendar/terms/{slug}.ics")

    return make


def event_feed(slug: str) -> Make:
    """All dates of one event."""

    def make(session: DbSession, version: Version, now: datetime) -> KeptDocument | None:
        event = calendar_dates.find_event(session, slug)
        if event is None:
            return None
        dates = calendar_dates.dates_of_event(session, event.id, now=now)
        return _feed(session, dates, version, now, event.title, f"/events/{event.slug}.ics")

    return make


def personal_feed(person_id: int) -> Make:
    """What one person has booked. It does not say its own address, which is a secret."""

    def make(session: DbSession, version: Version, now: datetime) -> KeptDocument:
        dates = calendar_dates.dates_of_person(session, person_id, now=now)
        name = f"{site_of(session).short_name}: my bookings"
        return _feed(session, dates, version, now, name, None)

    return make


def entry(slug: str, session_key: str) -> Make:
    """One date to download."""

    def make(session: DbSession, version: Version, now: datetime) -> KeptDocument | None:
        event = calendar_dates.find_event(session, slug)
        item = event and calendar_dates.find_item(session, event.id, session_key)
        return _item(session, item, version) if item else None

    return make


def group_entry(slug: str, session_key: str, viewer: Person | None) -> Make:
    """One date of a group's event to download, for somebody who may see it."""

    def make(session: DbSession, version: Version, now: datetime) -> KeptDocument | None:
        item = calendar_dates.find_group_item(session, slug, session_key, viewer)
        return _item(session, item, version) if item else None

    return make


def group_feed(group_id: int, name: str) -> Make:
    """The dates of a group, for one of its people. It does not say its own address."""

    def make(session: DbSession, version: Version, now: datetime) -> KeptDocument:
        dates = calendar_dates.dates_of_group(session, group_id, now=now)
        return _feed(session, dates, version, now, name, None)

    return make


def _item(session: DbSession, item: CalendarItem, version: Version) -> KeptDocument:
    body = item_bytes(item, product_name=site_of(session).product_name)
    changed = whole_second(max(item.revised_at, version.raised_at or BEGINNING))
    return KeptDocument(body, None, weak_etag(body), changed, version, None)


def _feed(
    session: DbSession,
    dates: Dates,
    version: Version,
    now: datetime,
    name: str,
    path: str | None,
) -> KeptDocument:
    site = site_of(session)
    hour = now.replace(minute=0, second=0, microsecond=0)
    feed = feed_bytes(
        dates.items,
        name=name,
        product_name=site.product_name,
        zone_default=site.zone,
        source_url=site.url(path) if path else None,
        now=hour,
    )
    for fault in feed.faults:
        log.error("calendar entry %s left out: %s", fault.uid, fault.reason)
    changes_at, changed = dates.changes_at, [version.raised_at, dates.left_at, feed.newest]
    if feed.left_out:  # Which entries are the nearest is then a question of the hour.
        changed.append(hour)
        next_hour = hour + timedelta(hours=1)
        changes_at = min(changes_at, next_hour) if changes_at else next_hour
    last = max((at for at in changed if at is not None), default=BEGINNING)
    packed = gzip.compress(feed.body, 6, mtime=0)
    return KeptDocument(feed.body, packed, feed.etag, whole_second(last), version, changes_at)
