"""One entry of a calendar, and its VEVENT."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from netapp.kernel import zones
from netapp.kernel.ical import lines
from netapp.kernel.ical.lines import NotWritable
from netapp.kernel.ical.zones import FIRST_YEAR, LAST_YEAR, zone_name

_MOST_OF_A_LINE = 1_000  # Characters of a title or a place; nobody reads further.
MOST_OF_A_DESCRIPTION = 10_000
"""Octets of a description, without the addresses around it."""


@dataclass(frozen=True, slots=True)
class CalendarItem:
    """What a calendar shows of one session. Texts are plain, as kept; nothing is escaped yet."""

    uid: str  # The same in every feed, item and mail, for ever.
    sequence: int  # Rises when ``changes_calendar`` says so, and never falls.
    created_at: datetime
    revised_at: datetime  # Rises with any visible change.
    starts_at: datetime  # Aware; UTC in the database.
    ends_at: datetime
    zone: str  # IANA Area/City.
    title: str
    description: str
    location: str
    url: str  # The page, absolute and without a secret.
    cancelled: bool
    tentative: bool = False
    categories: tuple[str, ...] = ()
    geo: tuple[float, float] | None = None  # Degrees north, degrees east.
    join_url: str | None = None  # The joining page; personal feeds and invitations only.
    all_day: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A VEVENT as bytes, and the zone and local years that its times need."""

    body: bytes
    zone: str | None
    first_year: int
    last_year: int


def changes_calendar(old: CalendarItem, new: CalendarItem) -> bool:
    """Whether SEQUENCE must rise: start, end, title, place or status differ (RFC 5546 2.1.4)."""
    return _published(old) != _published(new)


def _published(item: CalendarItem) -> tuple[object, ...]:
    return (
        item.starts_at,
        item.ends_at,
        item.zone,
        item.all_day,
        lines.one_line(item.title),
        lines.one_line(item.location),
        item.cancelled,
        item.tentative,
    )


@lru_cache(maxsize=4096)
def vevent(
    item: CalendarItem, default_zone: str, *, described: int = MOST_OF_A_DESCRIPTION
) -> Written:
    """The VEVENT for feeds and downloads. Raises ``NotWritable`` where the item makes no sense.

    ``described``: the octets that a description may have. Kept in memory, so that a feed in which
    one session moved writes that one session.
    """
    times, zone, years = time_lines(item, default_zone)
    quiet = item.cancelled or item.all_day
    revised = lines.utc(item.revised_at)
    written = [
        "BEGIN:VEVENT",
        lines.text("UID", uid(item)),
        f"DTSTAMP:{revised}",  # Without METHOD: the last revision, RFC 5545 section 3.8.7.2.
        f"CREATED:{lines.utc(item.created_at)}",
        f"LAST-MODIFIED:{revised}",
        f"SEQUENCE:{lines.whole(item.sequence)}",
        *times,
        *content_lines(item, described=described),
        f"STATUS:{_status(item)}",
        *categories_line(item.categories),
        *busy_lines(quiet=quiet),
        *(["X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"] if item.all_day else []),
        *([] if item.cancelled else conference_line(item)),
        "END:VEVENT",
    ]
    return Written(lines.joined(written), zone, *years)


def _status(item: CalendarItem) -> str:
    if item.cancelled:
        return "CANCELLED"
    return "TENTATIVE" if item.tentative else "CONFIRMED"


def uid(item: CalendarItem) -> str:
    found = lines.one_line(item.uid)
    if not found:
        raise NotWritable("no UID")
    return found


def time_lines(
    item: CalendarItem, default_zone: str
) -> tuple[list[str], str | None, tuple[int, int]]:
    """DTSTART and DTEND, the TZID they name and the first and last local year they touch.

    Local time with TZID, both in one zone. The one exception is a time in the doubled hour of
    an autumn night: it should mean the first (RFC 5545 section 3.3.5), but ical.js takes the
    second, so there both are in UTC.
    """
    if item.starts_at.tzinfo is None or item.ends_at.tzinfo is None:
        raise NotWritable("a time without a zone")
    if item.ends_at <= item.starts_at:
        raise NotWritable("it ends before it starts")
    name = zone_name(item.zone, default_zone)
    try:
        begin, end = (zones.to_local(m, name) for m in (item.starts_at, item.ends_at))
    except OverflowError as error:
        raise NotWritable("outside the years that can be written") from error
    if begin.year < FIRST_YEAR or end.year > LAST_YEAR:
        raise NotWritable("outside the years that can be written")
    years = (begin.year, end.year)
    if item.all_day:
        first, after = begin.date(), _day_after(end)
        return (
            [f"DTSTART;VALUE=DATE:{lines.day(first)}", f"DTEND;VALUE=DATE:{lines.day(after)}"],
            None,
            years,
        )
    if _happens_twice(begin) or _happens_twice(end):
        return (
            [f"DTSTART:{lines.utc(item.starts_at)}", f"DTEND:{lines.utc(item.ends_at)}"],
            None,
            years,
        )
    return (
        [f"DTSTART;TZID={name}:{lines.local(begin)}", f"DTEND;TZID={name}:{lines.local(end)}"],
        name,
        years,
    )


def _happens_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _day_after(end: datetime) -> date:
    """The exclusive end of an all-day entry; midnight already belongs to the next day."""
    midnight = end.replace(hour=0, minute=0, second=0, microsecond=0)
    return end.date() if end == midnight else end.date() + timedelta(days=1)


def content_lines(item: CalendarItem, *, described: int = MOST_OF_A_DESCRIPTION) -> list[str]:
    """SUMMARY, DESCRIPTION, LOCATION, GEO and URL."""
    title = lines.one_line(item.title)[:_MOST_OF_A_LINE].rstrip() or "Untitled"
    place = lines.one_line(item.location)[:_MOST_OF_A_LINE].rstrip() or "Place not recorded"
    return [
        # Outlook shows no STATUS, so the title says it too.
        lines.text("SUMMARY", f"Cancelled: {title}" if item.cancelled else title),
        lines.text("DESCRIPTION", _description(item, described)),
        lines.text("LOCATION", place),
        *([f"GEO:{lines.position(item.geo)}"] if item.geo else []),
        f"URL:{lines.web_address(item.url)}",
    ]


def _description(item: CalendarItem, octets: int) -> str:
    """Plain text that ends with the page's address: Google shows no URL."""
    page = lines.web_address(item.url)
    said = lines.several_lines(item.description).removesuffix(page).rstrip()
    said = _cut(said, octets)
    join = (
        [f"Join: {lines.web_address(item.join_url)}"]
        if item.join_url and not item.cancelled
        else []
    )
    return "\n\n".join([*join, *([said] if said else []), page])


def _cut(said: str, octets: int) -> str:
    """At most so many octets, cut between words, with an ellipsis where something is missing."""
    if octets == 0:
        return ""
    if len(said.encode()) <= octets:
        return said
    kept = said.encode()[: octets - 3].decode(errors="ignore")
    words = kept.rpartition(" ")[0] if " " in kept[len(kept) // 2 :] else kept
    return f"{words.rstrip()}…"


def conference_line(item: CalendarItem) -> list[str]:
    """CONFERENCE with the joining page, RFC 7986 section 5.11; nothing without one."""
    if not item.join_url:
        return []
    address = lines.web_address(item.join_url)
    return [f'CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL="Join":{address}']


def categories_line(categories: Iterable[str]) -> list[str]:
    """CATEGORIES; libical 3 splits them at commas and semicolons, even escaped ones."""
    words = [lines.one_line(c.replace(",", " ").replace(";", " ")) for c in categories]
    kept = list(dict.fromkeys(lines.escaped(word) for word in words if word))
    return [f"CATEGORIES:{','.join(kept)}"] if kept else []


def busy_lines(*, quiet: bool) -> list[str]:
    """Whether the time counts as taken: TRANSP, and the same for Outlook and ICSx5."""
    transparent, status = ("TRANSPARENT", "FREE") if quiet else ("OPAQUE", "BUSY")
    return [f"TRANSP:{transparent}", f"X-MICROSOFT-CDO-BUSYSTATUS:{status}"]


def by_start(item: CalendarItem) -> tuple[datetime, str]:
    """The order of entries in a feed."""
    return item.starts_at.astimezone(UTC), item.uid
