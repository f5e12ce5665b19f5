"""Where a coordinator can move what somebody has, and what speaks against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from netapp.events.models import LIVE_STATES, BookedAs, Booking, Event
from netapp.events.policies import is_coming
from netapp.events.queries.booking_rows import BookingRow
from netapp.events.queries.manage_bookings import date_counts
from netapp.events.queries.my_clashes import clashes_by_date
from netapp.events.queries.wording import Span
from netapp.kernel.db import DbSession
from netapp.kernel.words import short_date_words, time_words


@dataclass(frozen=True, slots=True)
class MoveTo:
    """A date in which they have nothing yet."""

    key: str
    day_words: str  # Thu 27 May, 2pm
    room_words: str  # None free, 2 kept back, for their way to take part.
    clashes: tuple[str, ...]  # What else they have at that time.


def moves_of(
    session: DbSession, event: Event, row: BookingRow, now: datetime
) -> Mapping[str, Sequence[MoveTo]]:
    """By the key of each date to come in which they hold or wait for something. None for a course.
    ``sessions`` with ``pools`` must be loaded. Three queries."""
    coming = [date for date in event.sessions if is_coming(date, now)]
    theirs = {line.date_key: line for line in row.places if line.state in LIVE_STATES}
    others = [date for date in coming if date.key not in theirs]
    if event.booked_as is BookedAs.WHOLE or not theirs or not others:
        return {}
    counts = {count.key: count for count in date_counts(session, event, now)}
    booker = session.scalar(select(Booking.person_id).where(Booking.id == row.id)) or 0
    spans = {date.key: Span(date.starts_at, date.ends_at) for date in others}
    clashes = clashes_by_date(session, booker, spans, besides=event.id, now=now)
    return {
        key: [
            MoveTo(
                key=date.key,
                day_words=f"{short_date_words(date.starts_at, event.zone, year=False)}, "
                f"{time_words(date.starts_at, event.zone)}",
                room_words=counts[date.key].way_of(line.mode).places.room_words,
                clashes=clashes.get(date.key, ()),
            )
            for date in others
        ]
        for key, line in theirs.items()
        if key in {date.key for date in coming}
    }
