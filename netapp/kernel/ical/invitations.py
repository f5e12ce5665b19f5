"""Invitations by email: iMIP, RFC 5546 and RFC 6047. One entry for one person."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

from netapp.kernel.ical import lines
from netapp.kernel.ical.documents import product_lines, time_zones
from netapp.kernel.ical.items import (
    CalendarItem,
    Written,
    busy_lines,
    conference_line,
    content_lines,
    time_lines,
    uid,
)

Method = Literal["REQUEST", "CANCEL"]


def invitation_bytes(
    item: CalendarItem,
    *,
    method: Method,
    organizer_name: str,
    organizer_email: str,
    attendee_name: str,
    attendee_email: str,
    sequence: int,
    stamped_at: datetime,
    product_name: str,
) -> bytes:
    """The text/calendar part of a mail; its ``method`` parameter must be the same method.

    ``sequence`` counts the messages to this person on this session too, so it may be higher than
    the item's; ``stamped_at`` is when the message was written (with METHOD that is DTSTAMP). The
    organiser's address must be the mail's From. Raises ``NotWritable``; asking somebody to a
    cancelled session is a ``ValueError``.
    """
    if method == "REQUEST" and item.cancelled:
        raise ValueError("a cancelled session can only be sent as CANCEL")
    cancel = method == "CANCEL"
    if cancel and not item.cancelled:  # Cancelled for this person only.
        item = replace(item, cancelled=True)
    times, zone, years = time_lines(item, item.zone)
    organizer = lines.mailbox(organizer_email)
    attendee = lines.mailbox(attendee_email)
    written = [
        "BEGIN:VEVENT",
        lines.text("UID", uid(item)),
        f"DTSTAMP:{lines.utc(stamped_at)}",
        f"SEQUENCE:{lines.whole(sequence)}",
        *times,
        *content_lines(item),
        f"STATUS:{'CANCELLED' if cancel else 'CONFIRMED'}",
        f"ORGANIZER;CN={lines.quoted(organizer_name)}:{organizer}",
        f"ATTENDEE;CN={lines.quoted(attendee_name)};CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT"
        f";PARTSTAT=ACCEPTED;RSVP=FALSE:{attendee}",
        *busy_lines(quiet=cancel or item.all_day),
        *(["X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"] if item.all_day else []),
        "X-MICROSOFT-DISALLOW-COUNTER:TRUE",
        *([] if cancel else conference_line(item)),
        "END:VEVENT",
    ]
    event = Written(lines.joined(written), zone, *years)
    return b"".join(
        [
            lines.joined([*product_lines(product_name), f"METHOD:{method}"]),
            *time_zones([event], None),
            event.body,
            b"END:VCALENDAR\r\n",
        ]
    )
