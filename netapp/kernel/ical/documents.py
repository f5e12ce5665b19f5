"""Whole calendars: feeds to subscribe to, and single entries to download."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from netapp.kernel.ical import lines
from netapp.kernel.ical.items import (
    MOST_OF_A_DESCRIPTION,
    CalendarItem,
    Written,
    by_start,
    vevent,
)
from netapp.kernel.ical.zones import vtimezone, zone_name

MOST_EVENTS = 1_000
MOST_BYTES = 1_000_000
"""What Google takes of one subscribed calendar."""

DESCRIPTIONS = (MOST_OF_A_DESCRIPTION, 500, 250, 0)
"""Octets that descriptions are cut to, the next smaller one where a feed is too long."""

REFRESH = "PT1H"
COLOURS = {"teal": "#008080", "purple": "#800080", "navy": "#000080", "maroon": "#800000"}
"""COLOR takes the names of CSS 3 (RFC 7986 section 5.9); Apple reads hexadecimal."""

_EMPTY_YEARS = (2026, 2026)  # An empty feed has no years of its own, and must not depend on today.


@dataclass(frozen=True, slots=True)
class Fault:
    """An entry that had to be left out, for the log."""

    uid: str
    reason: str


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """The bytes of a feed and what its HTTP answer and the log need."""

    body: bytes
    etag: str  # Weak and in quotation marks, as the header wants it.
    newest: datetime | None  # Latest revision among the entries, UTC.
    written: int
    left_out: int  # Too far away for the limits of a feed.
    faults: tuple[Fault, ...]


def weak_etag(body: bytes) -> str:
    """Weak, so that a compressed answer may share it (RFC 9110 section 8.8.1)."""
    return f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'


def feed_bytes(
    items: Iterable[CalendarItem],
    *,
    name: str,
    product_name: str,
    zone_default: str,
    source_url: str | None,
    colour: str = "teal",
    now: datetime | None = None,
) -> FeedDocument:
    """A feed: the same items give the same bytes.

    ``source_url`` is the feed's own address, None where that is a secret. ``now`` matters only to
    a feed of more than 1,000 entries or 1,000,000 bytes: the nearest to it stay, without it the
    latest. An entry that cannot be written is left out and reported, never the whole feed.
    """
    ordered = sorted(items, key=by_start)
    head = _head(name, product_name, zone_default, source_url, colour)
    chosen = _nearest(ordered, now)[:MOST_EVENTS]
    room = MOST_BYTES - len(head) - 20_000  # For time zones and the last line.
    for octets in DESCRIPTIONS:
        parts, faults = _write(chosen, zone_default, octets)
        if sum(len(part.body) for _, part in parts) <= room:
            break
    parts = _that_fit(parts, room)
    parts.sort(key=lambda pair: by_start(pair[0]))
    written = [part for _, part in parts]
    body = b"".join(
        [
            head,
            *time_zones(written, zone_default),
            *(part.body for part in written),
            b"END:VCALENDAR\r\n",
        ]
    )
    return FeedDocument(
        body=body,
        etag=weak_etag(body),
        newest=max((item.revised_at for item, _ in parts), default=None),
        written=len(written),
        left_out=len(ordered) - len(written) - len(faults),
        faults=tuple(faults),
    )


def item_bytes(item: CalendarItem, *, product_name: str) -> bytes:
    """One entry to download. It names no calendar: Outlook would make a new one of it.

    Raises ``NotWritable``.
    """
    event = vevent(item, item.zone)
    return b"".join(
        [
            lines.joined(product_lines(product_name)),
            *time_zones([event], None),
            event.body,
            b"END:VCALENDAR\r\n",
        ]
    )


def product_lines(product_name: str) -> list[str]:
    return [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        lines.text("PRODID", lines.one_line(product_name)),
        "CALSCALE:GREGORIAN",
    ]


def _head(
    name: str, product_name: str, zone_default: str, source_url: str | None, colour: str
) -> bytes:
    calendar = lines.one_line(name)
    return lines.joined(
        [
            *product_lines(product_name),
            lines.text("NAME", calendar),
            lines.text("X-WR-CALNAME", calendar),
            f"X-WR-TIMEZONE:{zone_name(zone_default, zone_default)}",
            f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
            f"X-PUBLISHED-TTL:{REFRESH}",
            *([f"SOURCE;VALUE=URI:{lines.web_address(source_url)}"] if source_url else []),
            f"COLOR:{colour}",
            f"X-APPLE-CALENDAR-COLOR:{COLOURS[colour]}",
        ]
    )


def _nearest(items: Sequence[CalendarItem], now: datetime | None) -> list[CalendarItem]:
    """Nearest to ``now`` first; the latest first without it."""
    if now is None:
        return list(reversed(items))
    return sorted(items, key=lambda item: _distance(item, now))


def _distance(item: CalendarItem, now: datetime) -> timedelta:
    return max(
        item.starts_at.astimezone(UTC) - now, now - item.ends_at.astimezone(UTC), timedelta(0)
    )


def _write(
    items: Sequence[CalendarItem], zone_default: str, octets: int
) -> tuple[list[tuple[CalendarItem, Written]], list[Fault]]:
    parts, faults = [], []
    for item in items:
        try:
            parts.append((item, vevent(item, zone_default, described=octets)))
        except Exception as error:  # Whatever is wrong with one must not end all.
            faults.append(Fault(item.uid, f"{type(error).__name__}: {error}"))
    return parts, faults


def _that_fit(
    parts: Sequence[tuple[CalendarItem, Written]], room: int
) -> list[tuple[CalendarItem, Written]]:
    """As many as fit into so many bytes, from the first on."""
    kept = []
    for pair in parts:
        room -= len(pair[1].body)
        if room < 0:
            break
        kept.append(pair)
    return kept


def time_zones(events: Sequence[Written], empty_zone: str | None) -> list[bytes]:
    """One VTIMEZONE for each zone used; with no event at all the default's (RFC 5545 3.6)."""
    years: dict[str, tuple[int, int]] = {}
    for event in events:
        if event.zone is not None:
            first, last = years.get(event.zone, (event.first_year, event.last_year))
            years[event.zone] = (min(first, event.first_year), max(last, event.last_year))
    if not events and empty_zone is not None:
        years[zone_name(empty_zone, empty_zone)] = _EMPTY_YEARS
    return [vtimezone(zone, *years[zone]) for zone in sorted(years)]
