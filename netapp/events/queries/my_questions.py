"""What the events that somebody has booked still ask of them; for their own page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import exists, select

from netapp.events.models import LIVE_STATES, Booking, EventQuestion, EventSession, Place
from netapp.events.queries.booking_questions import booking_questions
from netapp.kernel.db import DbSession

MOST: Final = 5


@dataclass(frozen=True, slots=True)
class WantedAnswers:
    """Questions of one booking that have no answer and need one; ``by`` in words, or empty."""

    title: str
    path: str
    number: int
    by: str


def wanted_answers(session: DbSession, person_id: int, now: datetime) -> list[WantedAnswers]:
    """Of the bookings they made themselves and that are not over, the oldest five that ask
    anything: some queries for each of these."""
    ahead = (
        exists()
        .where(Place.booking_id == Booking.id, Place.state.in_(LIVE_STATES))
        .where(EventSession.id == Place.session_id, EventSession.ends_at > now)
    )
    asks = exists().where(
        EventQuestion.event_id == Booking.event_id, EventQuestion.ended_at.is_(None)
    )
    mine = session.scalars(
        select(Booking.id)
        .where(Booking.person_id == person_id, Booking.live, ahead, asks)
        .order_by(Booking.id)
        .limit(MOST)
    ).all()
    found = (booking_questions(session, booking_id, now) for booking_id in mine)
    return [
        WantedAnswers(one.title, f"/bookings/{one.reference}/questions", one.wanted, one.by)
        for one in found
        if one.wanted
    ]
