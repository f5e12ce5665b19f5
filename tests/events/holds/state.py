"""How an event and all that hangs on it stand at one moment, read past the session's objects."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from netapp.events.models import (
    LIVE_STATES,
    AccessNeed,
    AccessRequest,
    Attendee,
    Booking,
    Event,
    EventQuestion,
    EventSession,
    Interest,
    Place,
    PlaceState,
    Pool,
    QuestionAsked,
    SentInvitation,
)
from netapp.people.models import Person

Rows = Mapping[int, Row[Any]]
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class State:
    """The rows of the tables, by id."""

    event: Row[Any]
    dates: Rows
    pools: Rows
    bookings: Rows
    attendees: Rows
    places: Rows
    interests: Rows
    needs: Rows
    requests: Rows
    people: Rows
    asked: Mapping[Pair, datetime]  # (question, attendee): when we last asked.
    invited: frozenset[Pair]  # (date, person) with an invitation that stands.

    def email(self, person_id: int) -> str:
        return str(self.people[person_id].email)

    def about(self, booking_id: int) -> str:
        """As mails name it."""
        return f"booking:{self.bookings[booking_id].reference}"

    def of_booking(self, booking_id: int) -> list[Row[Any]]:
        return [place for place in self.places.values() if place.booking_id == booking_id]

    def held(self) -> dict[Pair, Row[Any]]:
        """(date, person): the confirmed place."""
        return {
            (place.session_id, place.person_id): place
            for place in self.places.values()
            if place.person_id is not None and place.state is PlaceState.CONFIRMED
        }


def read_state(session: Session, event_id: int) -> State:
    """As the transaction sees it; nothing is flushed, and no object of the session is touched."""
    connection = session.connection()

    def rows(table: Any, *which: Any) -> dict[int, Row[Any]]:
        found: Select[Any] = select(table.__table__).where(*which)
        return {row.id: row for row in connection.execute(found.order_by(table.__table__.c.id))}

    dates = rows(EventSession, EventSession.event_id == event_id)
    bookings = rows(Booking, Booking.event_id == event_id)
    of_event = select(Booking.id).where(Booking.event_id == event_id)
    asked = connection.execute(
        select(QuestionAsked.__table__).where(
            QuestionAsked.event_question_id.in_(
                select(EventQuestion.id).where(EventQuestion.event_id == event_id)
            )
        )
    )
    invited = connection.execute(
        select(SentInvitation.session_id, SentInvitation.person_id).where(
            SentInvitation.session_id.in_(list(dates)), SentInvitation.standing
        )
    )
    return State(
        event=rows(Event, Event.id == event_id)[event_id],
        dates=dates,
        pools=rows(Pool, Pool.session_id.in_(list(dates))),
        bookings=bookings,
        attendees=rows(Attendee, Attendee.booking_id.in_(of_event)),
        places=rows(Place, Place.booking_id.in_(of_event)),
        interests=rows(Interest, Interest.event_id == event_id),
        needs=rows(AccessNeed, AccessNeed.event_id == event_id),
        requests=rows(AccessRequest, AccessRequest.event_id == event_id),
        people=rows(Person),
        asked={(row.event_question_id, row.attendee_id): row.asked_at for row in asked},
        invited=frozenset((date, person) for date, person in invited),
    )


def lives(place: Row[Any]) -> bool:
    return place.state in LIVE_STATES
