"""What may be done with an event, a date or a place at a moment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol

from netapp.events.errors import (
    BookingClosed,
    BookingNotOpen,
    BookingRefused,
    EventCancelled,
    NotBookable,
)
from netapp.events.models import (
    LIVE_STATES,
    Booking,
    Event,
    EventSession,
    EventStatus,
    Mode,
    Place,
    PlaceState,
    SessionStatus,
    WindowFor,
)
from netapp.kernel.zones import TimeSkipped, to_local, to_utc

NAMES_ASKED_BEFORE = timedelta(days=4)
"""How long before people of a party must be named the booker is reminded."""

TIME_TO_NAME = timedelta(days=1)
"""Nobody loses a place for want of a name sooner after we asked, or after it was confirmed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is in the eyes of the booking windows; as it stands, a stranger."""

    is_member: bool = False
    is_first_timer: bool = False
    area: str = ""


STRANGER = Standing()


class Window(Protocol):
    """Who may book from when; ``area`` is the slug of a term."""

    @property
    def who(self) -> WindowFor: ...
    @property
    def area(self) -> str | None: ...
    @property
    def opens_at(self) -> datetime: ...


class Opening(Protocol):
    """When booking opens for everyone, and for whom earlier."""

    @property
    def booking_opens_at(self) -> datetime | None: ...
    @property
    def windows(self) -> Sequence[Window]: ...


def admits(window: Window, standing: Standing) -> bool:
    if window.who is WindowFor.MEMBERS:
        return standing.is_member
    if window.who is WindowFor.FIRST_TIMERS:
        return standing.is_first_timer
    return window.area == standing.area


def opens_for(event: Opening, standing: Standing) -> datetime | None:
    """From when they may book; None: from publication. ``windows`` must be loaded."""
    if event.booking_opens_at is None:
        return None
    theirs = [window.opens_at for window in event.windows if admits(window, standing)]
    return min([event.booking_opens_at, *theirs])


def window_rank(event: Opening, standing: Standing) -> int:
    """Their rank on the waiting list: 0 for those who might book first; all alike without windows.
    ``windows`` must be loaded."""
    opens_at = opens_for(event, standing)
    earlier = {
        window.opens_at for window in event.windows if opens_at and window.opens_at < opens_at
    }
    return len(earlier)


def why_not_bookable(
    event: Event, now: datetime, standing: Standing = STRANGER
) -> type[BookingRefused] | None:
    """Why somebody may not book this event now; None if it is open for them (a date may still be
    past or full). ``windows`` must be loaded."""
    if event.status is EventStatus.CANCELLED:
        return EventCancelled
    if event.status is not EventStatus.PUBLISHED or event.is_record:
        return NotBookable
    opens_at = opens_for(event, standing)
    if opens_at and now < opens_at:
        return BookingNotOpen
    if event.booking_closes_at and now >= event.booking_closes_at:
        return BookingClosed
    return None


def is_coming(session: EventSession, now: datetime) -> bool:
    """Scheduled and not begun: it may be booked, waited for and offered."""
    return session.status is SessionStatus.SCHEDULED and now < session.starts_at


def can_give_back(event: Event, session: EventSession, place: Place, now: datetime) -> bool:
    """Whether somebody may give back this place by themselves. Nobody is kept on a waiting list,
    or with an offer they do not want: those end at any time before the start."""
    if place.state in (PlaceState.WAITING, PlaceState.OFFERED):
        return is_coming(session, now)
    return can_change(event, session, now)


def can_change(event: Event, session: EventSession, now: datetime) -> bool:
    """Whether people may still change or cancel this date by themselves."""
    until = session.starts_at - timedelta(hours=event.change_until_hours)
    return session.status is SessionStatus.SCHEDULED and now < until


def asking_ends(event: Event, date: EventSession) -> datetime:
    """When the last day is over on which an interpreter or captions are asked for in good time."""
    day = to_local(date.starts_at, event.zone).date() - timedelta(days=event.ask_days - 1)
    midnight = datetime.combine(day, time())
    try:
        return to_utc(midnight, event.zone, second=True)
    except TimeSkipped:
        return to_utc(midnight + timedelta(hours=1), event.zone)


def name_until(event: Event, dates: Sequence[EventSession]) -> datetime | None:
    """Until when the people of a party are named: some days before the first of these dates."""
    scheduled = [date.starts_at for date in dates if date.status is SessionStatus.SCHEDULED]
    return min(scheduled) - timedelta(days=event.name_until_days) if scheduled else None


def names_asked(event: Event, until: datetime) -> datetime:
    """When missing names are asked for: at the hour of reminders, some days before ``until``."""
    local = to_local(until, event.zone).replace(tzinfo=None) - NAMES_ASKED_BEFORE
    asked = local.replace(hour=event.reminder_hour, minute=0, second=0, microsecond=0)
    try:
        return to_utc(asked, event.zone, second=True)
    except TimeSkipped:
        return to_utc(asked + timedelta(hours=1), event.zone)


def names_due(
    event: Event, booking: Booking, places: Sequence[Place], dates: Sequence[EventSession]
) -> datetime | None:
    """Until when these confirmed places, in these dates, want names: a day at least after we
    asked, and after they were confirmed. None: until the dates begin, because there is no time
    left to give the places to others."""
    until = name_until(event, dates)
    if until is None:
        return None
    since = [place.confirmed_at for place in places if place.confirmed_at]
    since += [booking.names_asked_at] if booking.names_asked_at else []
    due = max([until, *(moment + TIME_TO_NAME for moment in since)])
    return due if due < min(date.starts_at for date in dates) else None


def unnamed_places(booking: Booking, coming: Collection[int]) -> list[Place]:
    """The confirmed places of a booking for which nobody is named; ``coming``: ids of the dates
    still to come. ``places`` and ``attendees`` are loaded."""
    unnamed = {attendee.id for attendee in booking.attendees if not attendee.name}
    return [
        place
        for place in booking.places
        if place.attendee_id in unnamed
        and place.state is PlaceState.CONFIRMED
        and place.session_id in coming
    ]


def joining_opens(event: Event, session: EventSession) -> datetime:
    """From when those confirmed online see the joining link of a session."""
    return session.starts_at - timedelta(hours=event.join_hours)


def can_join(event: Event, session: EventSession, place: Place, now: datetime) -> bool:
    """Whether the joining link may be shown to whoever holds this place: online, and confirmed."""
    opens = joining_opens(event, session)
    return (
        place.state is PlaceState.CONFIRMED
        and place.mode is Mode.ONLINE
        and session.status is SessionStatus.SCHEDULED
        and opens <= now < session.ends_at
    )


def is_live(place: Place) -> bool:
    return place.state in LIVE_STATES
