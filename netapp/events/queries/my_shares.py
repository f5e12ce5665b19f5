"""Where somebody's needs are told, until when each event keeps them: for their own page."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from netapp.events.models import AccessNeed, AccessRequest, Attendee, Booking, Event
from netapp.events.queries.needs import is_read, kept_until_words, told_of
from netapp.events.queries.readers import reader_names
from netapp.kernel.db import DbSession
from netapp.people.models import ProfileKind

SHARED = {ProfileKind.ACCESS: "Your access needs", ProfileKind.FOOD: "Your dietary needs"}
TOLD = {
    ProfileKind.ACCESS: "What you wrote for this event",
    ProfileKind.FOOD: "What you said about food for this event",
}


@dataclass(frozen=True, slots=True)
class Share:
    """One booking that holds something about what somebody needs."""

    title: str
    path: str
    what: tuple[str, ...]
    readers: tuple[str, ...]  # Empty where nobody reads the profile any more.
    kept_until: str


def my_shares(session: DbSession, person_id: int, now: datetime) -> list[Share]:
    """The newest booking first."""
    needs = session.scalars(
        select(AccessNeed).where(AccessNeed.person_id == person_id).order_by(AccessNeed.id)
    ).all()
    requests = session.scalars(
        select(AccessRequest).where(AccessRequest.person_id == person_id)
    ).all()
    words = _words(session, needs)
    for request in requests:
        if "What you asked for" not in words[request.booking_id]:
            words[request.booking_id].append("What you asked for")
    bookings = session.scalars(
        select(Booking)
        .where(Booking.id.in_(words))
        .options(joinedload(Booking.event).selectinload(Event.sessions))
        .options(selectinload(Booking.attendees))
        .order_by(Booking.id.desc())
    )
    return [
        Share(
            title=booking.event.title,
            path=_path(booking, person_id),
            what=tuple(words[booking.id]),
            readers=(
                reader_names(session, booking.event_id) if is_read(booking.event, now) else ()
            ),
            kept_until=kept_until_words(session, booking.event),
        )
        for booking in bookings
    ]


def _words(session: DbSession, needs: Sequence[AccessNeed]) -> dict[int, list[str]]:
    words: dict[int, list[str]] = defaultdict(list)
    for need in needs:
        if need.shared_at is not None:
            words[need.booking_id].append(SHARED[need.kind])
        if told_of(session, need):
            words[need.booking_id].append(TOLD[need.kind])
    return words


def _path(booking: Booking, person_id: int) -> str:
    """The page where it is changed: of the booking, or of their place on somebody else's."""
    mine: list[Attendee] = [one for one in booking.attendees if one.person_id == person_id]
    if booking.person_id == person_id or not mine:
        return f"/bookings/{booking.reference}#needs-section"
    return f"/bookings/{booking.reference}/places/{mine[-1].key}/needs"
