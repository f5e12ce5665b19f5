"""What coordinators did to an event's places and line by hand, each with its reason."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import literal, select, union_all

from netapp.audit import queries as audit
from netapp.events.models import Booking, Event
from netapp.events.queries.manage_bookings import moment_words
from netapp.kernel.db import DbSession
from netapp.kernel.words import sentence

ACTIONS: Final = (
    "date.places",
    "event.windows",
    "booking.add",
    "booking.give",
    "booking.move",
    "booking.cancel",
)
MOST: Final = 20


@dataclass(frozen=True, slots=True)
class HandLine:
    when_words: str
    who: str
    what: str
    reason: str


def by_hand_lines(session: DbSession, event: Event) -> list[HandLine]:
    """The newest first. One query."""
    of_event = select(literal(f"event:{event.key}").label("subject"))
    of_bookings = select(literal("booking:").concat(Booking.reference)).where(
        Booking.event_id == event.id
    )
    both = union_all(of_event, of_bookings).subquery()
    lines = audit.lines_of_actions(
        session, subjects=select(both.c.subject), actions=ACTIONS, most=MOST
    )
    return [
        HandLine(
            moment_words(line.at, event.zone),
            line.actor,
            sentence(line.summary),
            sentence(line.reason),
        )
        for line in lines
    ]
