"""Dates were cancelled: every place in them ends."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select, update

from netapp.events.models import (
    HELD_STATES,
    LIVE_STATES,
    Booking,
    EndReason,
    EventSession,
    Place,
    PlaceState,
)
from netapp.events.operations.guard import UNSYNCED, show_to_people_of
from netapp.events.operations.pools import release
from netapp.events.operations.story import note_all
from netapp.events.queries.live_places import bookings_with_places
from netapp.kernel.db import DbSession, portions


@dataclass(frozen=True, slots=True)
class Ended:
    """Dates that were cancelled, the places that ended with them in the order they came, and the
    ids of those that had been confirmed."""

    dates: Sequence[EventSession] = ()
    places: Sequence[Place] = ()
    lost: frozenset[int] = frozenset()


NOTHING_ENDED = Ended()


def end_places(
    session: DbSession,
    dates: Sequence[EventSession],
    now: datetime,
    *,
    story: str = "A date was cancelled by the organisers.",
    by: str = "desk",
) -> Ended:
    """End every live place in these dates; the letters are the caller's. ``story``: what stands in
    each booking about it. Under the lock, and in few statements however many there are."""
    session.flush()
    live = Place.session_id.in_([date.id for date in dates]), Place.state.in_(LIVE_STATES)
    rows = session.execute(
        select(Place.id, Place.booking_id, Place.pool_id, Place.state).where(*live)
    ).all()
    held = Counter(row.pool_id for row in rows if row.state in HELD_STATES)
    for pool_id, number in sorted(held.items()):
        release(session, pool_id, number)
    ended = {"state": PlaceState.CANCELLED, "ended_at": now}
    ended["end_reason"] = EndReason.SESSION_CANCELLED
    session.execute(update(Place).where(*live).values(ended), execution_options=UNSYNCED)
    booking_ids = {row.booking_id for row in rows}
    _end_bookings(session, booking_ids, now)
    note_all(session, booking_ids, story, now, by=by)
    bookings = bookings_with_places(session, booking_ids)
    show_to_people_of(session, bookings.values(), now)
    ids = {row.id for row in rows}
    places = [p for booking in bookings.values() for p in booking.places if p.id in ids]
    lost = frozenset(row.id for row in rows if row.state is PlaceState.CONFIRMED)
    return Ended(dates, sorted(places, key=lambda place: place.id), lost)


def _end_bookings(session: DbSession, ids: Iterable[int], now: datetime) -> None:
    """They have changed, and those without a live place are over."""
    lives = exists().where(Place.booking_id == Booking.id, Place.state.in_(LIVE_STATES))
    for some in portions(sorted(ids)):
        theirs = update(Booking).where(Booking.id.in_(some))
        over = theirs.where(Booking.live, ~lives)
        session.execute(theirs.values(version=Booking.version + 1), execution_options=UNSYNCED)
        session.execute(over.values(live=False, ended_at=now), execution_options=UNSYNCED)
