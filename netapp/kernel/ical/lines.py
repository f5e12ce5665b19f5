"""Content lines of iCalendar: cleaning, escaping and folding. RFC 5545 section 3.1, RFC 6868.

The lines are written here and not by the icalendar package, which reads them back in the tests.
Its 7.3 turns a backslash before a capital N into a line break (``C:\\New`` loses its ``N``), lets
control characters pass and gives REFRESH-INTERVAL and SOURCE no VALUE; and it takes ten times as
long, which a feed that has just changed would pay for.
"""

import math
import sys
from datetime import UTC, date, datetime
from urllib.parse import quote, urlsplit

from netapp.kernel.text import clean

MOST_OCTETS = 75
"""Longest line without its line break, RFC 5545 section 3.1."""

_URI_SAFE = "!#$%&'()*+,-./:;=?@[]_~"
_MAILBOX_SAFE = "!$&'*+-./=@_~"


class NotWritable(ValueError):
    """This value cannot stand in a calendar; the message says which and why."""


def one_line(value: str) -> str:
    """A title or a place: no control characters, each run of white space one blank."""
    return clean(value, max_length=sys.maxsize)


def several_lines(value: str) -> str:
    """A description: no control characters but line breaks, which are ``\\n``."""
    return clean(value.replace("\t", " "), max_length=sys.maxsize, multiline=True)


def escaped(value: str) -> str:
    """A cleaned text as a TEXT value, RFC 5545 section 3.3.11."""
    return value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def quoted(value: str) -> str:
    """A parameter value in quotation marks; RFC 6868 for what may not stand in them."""
    line = one_line(value)
    return '"' + line.replace("^", "^^").replace('"', "^'") + '"'


def web_address(value: str) -> str:
    """An absolute http or https address as a URI value, which is never TEXT-escaped.

    Characters outside ASCII are percent-encoded. Raises ``NotWritable`` for anything else.
    """
    try:
        parts = urlsplit(value)
        absolute = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        absolute = False
    if not absolute or any(c.isspace() or not c.isprintable() for c in value):
        raise NotWritable(f"not an absolute web address: {value!r}")
    return quote(value, safe=_URI_SAFE)


def mailbox(value: str) -> str:
    """A mail address as a ``mailto:`` URI; raises ``NotWritable`` where it is none."""
    local, at, domain = value.rpartition("@")
    if not (local and at and domain) or any(c.isspace() or not c.isprintable() for c in value):
        raise NotWritable(f"not a mail address: {value!r}")
    return "mailto:" + quote(value, safe=_MAILBOX_SAFE)


def utc(moment: datetime) -> str:
    """DATE-TIME with UTC time, to the second; the moment must be aware."""
    if moment.tzinfo is None:
        raise NotWritable(f"a time without a zone: {moment!r}")
    return f"{local(moment.astimezone(UTC))}Z"


def local(moment: datetime) -> str:
    """DATE-TIME in the form of local time, to the second. (``%Y`` pads no year everywhere.)"""
    return (
        f"{moment.year:04d}{moment.month:02d}{moment.day:02d}"
        f"T{moment.hour:02d}{moment.minute:02d}{moment.second:02d}"
    )


def day(value: date) -> str:
    """DATE."""
    return f"{value.year:04d}{value.month:02d}{value.day:02d}"


def whole(value: int) -> str:
    """INTEGER from 0 to 2147483647; parsers and servers refuse what needs more than 32 bits."""
    if not 0 <= value <= 2_147_483_647:
        raise NotWritable(f"not a whole number of 31 bits: {value}")
    return str(int(value))


def position(value: tuple[float, ...]) -> str:
    """GEO: degrees north and east, six decimal places (about ten centimetres)."""
    if len(value) != 2 or not all(map(math.isfinite, value)):
        raise NotWritable(f"not a position: {value!r}")
    north, east = value
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        raise NotWritable(f"not a position: {value!r}")
    return f"{north:.6f};{east:.6f}"


def text(name: str, value: str) -> str:
    """A property with a TEXT value that has been cleaned."""
    return f"{name}:{escaped(value)}"


def folded(line: str) -> bytes:
    """One content line as bytes: CRLF at the end, folded to 75 octets between characters."""
    octets = line.encode()
    if len(octets) <= MOST_OCTETS:
        return octets + b"\r\n"
    parts = []
    start, room = 0, MOST_OCTETS
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:  # Inside a character of several octets.
            end -= 1
        parts.append(octets[start:end])
        start, room = end, MOST_OCTETS - 1  # The blank that begins the next line counts.
    parts.append(octets[start:])
    return b"\r\n ".join(parts) + b"\r\n"


def joined(lines: list[str]) -> bytes:
    """Content lines as bytes."""
    return b"".join(map(folded, lines))
