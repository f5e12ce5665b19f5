"""What a coordinator does for somebody, by hand and with a reason."""

from collections.abc import Sequence
from datetime import datetime

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.errors import NotBookable
from netapp.events.models import Booking, BookingSource, EventSession, EventStatus, Mode
from netapp.events.operations import letters
from netapp.events.operations.booking import Wish, chosen_dates, make_booking
from netapp.events.operations.guard import lock_event
from netapp.events.operations.waiting import settle
from netapp.events.policies import is_coming
from netapp.kernel.db import DbSession
from netapp.people.operations.guests import find_or_add_guest


def add_by_hand(
    session: DbSession,
    *,
    event_id: int,
    email: str,
    wish: Wish,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Booking:
    """A coordinator adds somebody: members or not, booking open or not.

    Where no place is free for everybody, one kept back is given and there is one less of them;
    full dates put them on the waiting list, as everybody. Raises ``BookingRefused``; nobody can
    be added to a draft, whose page and calendar entries nobody may see.
    """
    person = find_or_add_guest(session, email=email, name=wish.name, now=now)
    event = lock_event(session, event_id)
    if event.status is EventStatus.DRAFT or event.is_record:
        raise NotBookable
    settle(session, event, now)
    dates = chosen_dates(event, [d for d in event.sessions if is_coming(d, now)], wish)
    kept_before = _kept_back(dates, wish.mode)
    booking = make_booking(
        session, event, dates, person, wish, BookingSource.COORDINATOR, now, actor
    )
    given = kept_before - _kept_back(dates, wish.mode)
    kept_words = ", with a place kept back" if given else ""
    audit.record(
        session,
        actor=actor,
        action="booking.add",
        subject=f"booking:{booking.reference}",
        summary=f"Booked {event.title} for {wish.name}{kept_words}.",
        reason=reason,
        detail={"kept_back_given": given} if given else None,
        now=now,
    )
    letters.booked(session, event, booking, fresh=booking.places, now=now)
    return booking


def _kept_back(dates: Sequence[EventSession], mode: Mode | None) -> int:
    return sum(date.pool_of(mode).kept_back for date in dates)
