"""Who may book before everyone: set by a coordinator, and the order of the waiting list with it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.errors import OpensTooLate, WindowsNeedAnOpening
from netapp.events.models import Booking, BookingWindow, Event, Place, PlaceState
from netapp.events.operations.places import rank_of
from netapp.events.operations.revising import close_edit, open_event
from netapp.events.operations.waiting import settle
from netapp.events.plans import WindowPlan
from netapp.kernel.db import DbSession


def save_windows(
    session: DbSession,
    *,
    event_id: int,
    windows: Sequence[WindowPlan],
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> Event:
    """Make these the windows of an event.

    Whoever waits is put in the order that the windows give. Raises ``StaleEdit``,
    ``WindowsNeedAnOpening`` and ``OpensTooLate``.
    """
    event, before = open_event(session, event_id, seen_version)
    if windows and event.booking_opens_at is None:
        raise WindowsNeedAnOpening
    opens_at = event.booking_opens_at
    if any(opens_at and window.opens_at >= opens_at for window in windows):
        raise OpensTooLate
    was = _detail(event)
    event.windows = [
        BookingWindow(who=each.who, area=each.area or None, opens_at=each.opens_at)
        for each in sorted(set(windows), key=lambda each: (each.opens_at, each.who.value))
    ]
    session.flush()
    if _detail(event) == was:
        return event
    close_edit(session, event, before, now)
    rank_anew(session, event, now)
    audit.record(
        session,
        actor=actor,
        action="event.windows",
        subject=f"event:{event.key}",
        summary=f"Changed who may book {event.title} first.",
        detail={"before": was, "after": _detail(event)},
        now=now,
    )
    settle(session, event, now)
    return event


def rank_anew(session: DbSession, event: Event, now: datetime) -> None:
    """Put who waits for a locked event in the order of its windows."""
    waits = Booking.event_id == event.id, Place.state == PlaceState.WAITING
    found = select(Place).join(Place.booking).options(joinedload(Place.booking)).where(*waits)
    ranks: dict[int, int] = {}
    for place in session.scalars(found):
        if place.booking_id not in ranks:
            ranks[place.booking_id] = rank_of(session, event, place.booking, now)
        place.window_rank = ranks[place.booking_id]
    session.flush()


def _detail(event: Event) -> list[str]:
    """For the log: moments in UTC."""
    return [
        f"{window.area or window.who.value} from {window.opens_at.isoformat()}"
        for window in event.windows
    ]
