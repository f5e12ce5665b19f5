"""Calendar items for tests."""

from datetime import UTC, datetime
from typing import Any

from netapp.kernel.ical.documents import FeedDocument, feed_bytes
from netapp.kernel.ical.items import CalendarItem

PRODUCT = "-//Example Network//Events//EN"

BASE: dict[str, Any] = {
    "uid": "session-7kq4x9pd@network.example",
    "sequence": 2,
    "created_at": datetime(2026, 9, 1, 8, 30, tzinfo=UTC),
    "revised_at": datetime(2026, 10, 2, 9, 15, 59, 999_999, tzinfo=UTC),
    "starts_at": datetime(2027, 1, 21, 14, tzinfo=UTC),
    "ends_at": datetime(2027, 1, 21, 17, 30, tzinfo=UTC),
    "zone": "Europe/London",
    "title": "Making music with young people",
    "description": "Bring a voice.",
    "location": "Room 1, Example House, Leeds",
    "url": "https://network.example/events/making-music",
    "cancelled": False,
}


def make_item(**overrides: Any) -> CalendarItem:
    return CalendarItem(**(BASE | overrides))


def make_feed(*items: CalendarItem, **overrides: Any) -> FeedDocument:
    settings = {
        "name": "Example Network: all events",
        "product_name": PRODUCT,
        "zone_default": "Europe/London",
        "source_url": "https://network.example/calendar/events.ics",
    }
    return feed_bytes(items, **(settings | overrides))


def unfolded(body: bytes) -> list[str]:
    """The content lines; a document that does not end with a line break fails."""
    assert body.endswith(b"\r\n")
    return body.decode().replace("\r\n ", "").split("\r\n")[:-1]


def value_of(body: bytes, name: str) -> str:
    """The value of the only line whose name and parameters begin with ``name``."""
    found = [line for line in unfolded(body) if line.startswith((f"{name}:", f"{name};"))]
    assert len(found) == 1, found
    return found[0].removeprefix(name)[1:]
