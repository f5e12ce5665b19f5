"""A date becomes what a plan says, and whoever holds or waits for a place in it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as date_type
from datetime import datetime

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.models import (
    BookedAs,
    Event,
    EventSession,
    EventStatus,
    Place,
    PlaceState,
    Segment,
)
from netapp.events.operations import letters
from netapp.events.operations.guard import show_to_person
from netapp.events.operations.sending import live_places
from netapp.events.plans import DatePlan
from netapp.events.queries.changes import Change, changes_of
from netapp.events.quiet_hours import offer_end
from netapp.kernel.db import DbSession
from netapp.kernel.words import span_words
from netapp.kernel.zones import to_local


@dataclass(frozen=True, slots=True)
class Retimed:
    """A date that has changed, and what it was before."""

    date: EventSession
    changes: Sequence[Change]
    old_start: datetime
    old_words: str


def apply_plan(event: Event, date: EventSession, plan: DatePlan) -> Retimed:
    """Make a date of a locked event what the plan says. ``segments`` must be loaded. Follow it
    with ``revising.close_edit``, then with ``tell``."""
    old_words = span_words(date.starts_at, date.ends_at, event.zone)
    retimed = Retimed(date, changes_of(event, date, plan), date.starts_at, old_words)
    date.starts_at, date.ends_at = plan.starts_at, plan.ends_at
    date.title, date.place = plan.title, plan.place
    date.join_link, date.note = plan.join_link, plan.note
    kept = [(part.title, part.starts_at, part.ends_at) for part in date.segments]
    wanted = [(part.title, part.starts_at, part.ends_at) for part in plan.segments]
    if kept != wanted:
        date.segments = [Segment(title=t, starts_at=s, ends_at=e) for t, s, e in wanted]
    date.version += 1
    return retimed


def tell(
    session: DbSession,
    event: Event,
    retimed: Retimed,
    *,
    message: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Keep offers and reminders in step, write the letters and the line of the log; returns how
    many were told. Follow it with ``waiting.settle``."""
    date, changes, told = retimed.date, retimed.changes, 0
    if changes and event.status is EventStatus.PUBLISHED:
        for place in live_places(session, date):
            _keep_in_step(session, event, place, retimed.old_start, date)
            if place.person_id is not None:
                show_to_person(session, place.person_id, now)
        words = [change.as_dict() for change in changes]
        told = letters.session_moved(session, event, date, changes=words, reason=message, now=now)
    what = ", ".join(change.what.lower() for change in changes) or "notes"
    audit.record(
        session,
        actor=actor,
        action="date.change",
        subject=f"event:{event.key}",
        summary=f"Changed {retimed.old_words} of {event.title}: {what}. {told} told.",
        reason=message,
        detail={"date": date.key, "changes": [change.as_dict() for change in changes]},
        now=now,
    )
    return told


def _keep_in_step(
    session: DbSession, event: Event, place: Place, old_start: datetime, date: EventSession
) -> None:
    """What else hangs on the start of a date: offers end by it, reminders go before it."""
    later_day = _day(event, date.starts_at) > _day(event, old_start)
    if place.state is PlaceState.CONFIRMED and later_day:
        place.reminded_at = None
    if place.state is PlaceState.OFFERED and place.offered_at:
        together = [place]
        if event.booked_as is BookedAs.WHOLE:
            together = [p for p in place.booking.places if p.state is PlaceState.OFFERED]
        starts = {date.id: date.starts_at for date in event.sessions}
        ends_at = offer_end(
            place.offered_at,
            hours=event.offer_hours,
            zone=event.zone,
            starts_at=min(starts[each.session_id] for each in together),
        )
        for each in together:
            each.offer_ends_at = ends_at
    session.flush()


def _day(event: Event, moment: datetime) -> date_type:
    return to_local(moment, event.zone).date()
