"""Who told an event something about taking part and has no answer yet: each person once."""

from dataclasses import dataclass

from sqlalchemy import select

from netapp.events.models import AccessNeed, AccessRequest, Booking, NeedState, RequestState
from netapp.kernel.db import DbSession


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Of one event. ``requests`` for an interpreter or captions; ``others``: people who told
    something else, and asked for neither."""

    people: int
    requests: int
    others: int


def unanswered(session: DbSession) -> dict[int, Unanswered]:
    """By event; not those of bookings that have ended. Two queries, and nothing is opened."""
    asked: dict[int, list[int]] = {}
    for event_id, person_id in session.execute(
        select(AccessRequest.event_id, AccessRequest.person_id)
        .join(Booking, Booking.id == AccessRequest.booking_id)
        .where(AccessRequest.state == RequestState.NEW, Booking.live)
    ):
        asked.setdefault(event_id, []).append(person_id)
    told: dict[int, set[int]] = {}
    for event_id, person_id in session.execute(
        select(AccessNeed.event_id, AccessNeed.person_id)
        .join(Booking, Booking.id == AccessNeed.booking_id)
        .where(AccessNeed.state == NeedState.NEW, Booking.live)
    ):
        told.setdefault(event_id, set()).add(person_id)
    return {
        event_id: Unanswered(
            people=len(told.get(event_id, set()).union(asked.get(event_id, []))),
            requests=len(asked.get(event_id, [])),
            others=len(told.get(event_id, set()).difference(asked.get(event_id, []))),
        )
        for event_id in asked.keys() | told.keys()
    }


def waits_besides(session: DbSession, request: AccessRequest) -> bool:
    """Whether whoever asked for this told something else that has no answer yet."""
    return (
        session.scalar(
            select(AccessNeed.id)
            .where(
                AccessNeed.booking_id == request.booking_id,
                AccessNeed.person_id == request.person_id,
                AccessNeed.state == NeedState.NEW,
            )
            .limit(1)
        )
        is not None
    )
