"""A date becomes what a plan says, and what hangs on its start is kept in step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date as date_type
from datetime import datetime

from netapp.events.models import BookedAs, Event, EventSession, Place, PlaceState, Segment
from netapp.events.plans import DatePlan
from netapp.events.queries.changes import Change, changes_of
from netapp.events.quiet_hours import offer_end
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
    with ``revising.close_edit``, then with ``date_news.tell``."""
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


def keep_in_step(
    event: Event, live: Sequence[Place], waits: Sequence[Place], changed: Mapping[int, Retimed]
) -> None:
    """What else hangs on the start of a date: offers end by it, reminders go before it. ``live``:
    the places in the dates that changed, with their bookings; ``waits``: all those of the event
    that wait to swap."""
    starts = {date.id: date.starts_at for date in event.sessions}
    for place in [*live, *(wait for wait in waits if wait.session_id in changed)]:
        retimed = changed[place.session_id]
        later_day = _day(event, retimed.date.starts_at) > _day(event, retimed.old_start)
        if place.state is PlaceState.CONFIRMED and later_day:
            place.reminded_at = None
        if place.state is PlaceState.OFFERED and place.offered_at:
            together = [place]
            if event.booked_as is BookedAs.WHOLE:
                theirs = waits if place.for_swap else place.booking.places
                together = [
                    p
                    for p in theirs
                    if p.booking_id == place.booking_id and p.state is PlaceState.OFFERED
                ]
            ends_at = offer_end(
                place.offered_at,
                hours=event.offer_hours,
                zone=event.zone,
                starts_at=min(starts[each.session_id] for each in together),
            )
            for each in together:
                each.offer_ends_at = ends_at


def _day(event: Event, moment: datetime) -> date_type:
    return to_local(moment, event.zone).date()
