"""What one person booked, came to and was interested in, as lines in time."""

from datetime import datetime

from sqlalchemy import select

from netapp.desk.queries.person_history.lines import HistoryLine, Kind, Whose
from netapp.events.models import (
    Booking,
    BookingEntry,
    Event,
    EventHelper,
    EventSession,
    Idea,
    Interest,
    Place,
    PlaceState,
)
from netapp.kernel.db import DbSession
from netapp.kernel.words import short_date_words
from netapp.meetings.models import Meeting, MeetingPresence, Presence
from netapp.people.models import Person


def bookings(session: DbSession, whose: Whose) -> list[HistoryLine]:
    """The story of each of their bookings: made, changed, cancelled."""
    rows = session.execute(
        select(BookingEntry.at, BookingEntry.what, BookingEntry.by, Booking.reference)
        .add_columns(Event.title, Event.key)
        .join(Booking, Booking.id == BookingEntry.booking_id)
        .join(Event, Event.id == Booking.event_id)
        .where(Booking.person_id == whose.id)
        .order_by(BookingEntry.at.desc(), BookingEntry.id.desc())
        .limit(whose.most)
    )
    return [
        _line(at, f"{title}: {what}", _href(key, reference), more=f"Booking {reference}", by=by)
        for at, what, by, reference, title, key in rows
    ]


def places_by_others(session: DbSession, whose: Whose) -> list[HistoryLine]:
    """Where somebody else booked for them."""
    rows = session.execute(
        select(Place.created_at, Place.ended_at, EventSession.starts_at, Event.zone)
        .add_columns(Event.title, Event.key, Booking.reference, Person.name)
        .join(Booking, Booking.id == Place.booking_id)
        .join(Person, Person.id == Booking.person_id)
        .join(EventSession, EventSession.id == Place.session_id)
        .join(Event, Event.id == EventSession.event_id)
        .where(Place.person_id == whose.id, Booking.person_id != whose.id)
        .order_by(Place.id.desc())
        .limit(whose.most)
    )
    found = []
    for made, ended, starts_at, zone, title, key, reference, booker in rows:
        href, day = _href(key, reference), short_date_words(starts_at, zone)
        found.append(_line(made, f"{title}, {day}: a place booked by {booker}", href))
        if ended:
            found.append(_line(ended, f"{title}, {day}: the place ended", href))
    return found


def dates_held(session: DbSession, whose: Whose) -> list[HistoryLine]:
    """Dates that are over and for which they had a place; meetings have a register instead."""
    rows = session.execute(
        select(EventSession.starts_at, Event.title, Event.key, Booking.reference)
        .join(Place, Place.session_id == EventSession.id)
        .join(Booking, Booking.id == Place.booking_id)
        .join(Event, Event.id == EventSession.event_id)
        .where(
            Place.person_id == whose.id,
            Place.state == PlaceState.CONFIRMED,
            EventSession.ends_at < whose.now,
        )
        .order_by(EventSession.starts_at.desc())
        .limit(whose.most)
    )
    return [
        _line(at, f"{title}: the date took place, with a place", _href(key, reference))
        for at, title, key, reference in rows
    ]


def meetings(session: DbSession, whose: Whose) -> list[HistoryLine]:
    words = {
        Presence.PRESENT: "was there",
        Presence.APOLOGIES: "sent apologies",
        Presence.ABSENT: "was not there",
    }
    rows = session.execute(
        select(EventSession.starts_at, Event.title, MeetingPresence.presence)
        .join(Meeting, Meeting.id == MeetingPresence.meeting_id)
        .join(EventSession, EventSession.id == Meeting.session_id)
        .join(Event, Event.id == EventSession.event_id)
        .where(MeetingPresence.person_id == whose.id)
        .order_by(EventSession.starts_at.desc())
        .limit(whose.most)
    )
    return [
        HistoryLine(at, Kind.GROUPS, f"{title}: {words[presence]}") for at, title, presence in rows
    ]


def interests(session: DbSession, whose: Whose) -> list[HistoryLine]:
    rows = session.execute(
        select(Interest.given_at, Event.title, Idea.title)
        .outerjoin(Event, Event.id == Interest.event_id)
        .outerjoin(Idea, Idea.id == Interest.idea_id)
        .where(Interest.person_id == whose.id)
        .limit(whose.most)
    )
    return [_line(at, f"Interested in {event or idea}") for at, event, idea in rows]


def helping(session: DbSession, whose: Whose) -> list[HistoryLine]:
    rows = session.execute(
        select(EventHelper.granted_at, Event.title, Event.key)
        .join(Event, Event.id == EventHelper.event_id)
        .where(EventHelper.person_id == whose.id)
        .limit(whose.most)
    )
    return [
        _line(at, f"Helps to run {title}", f"/desk/events/{key}/team") for at, title, key in rows
    ]


def _line(at: datetime, words: str, href: str = "", *, more: str = "", by: str = "") -> HistoryLine:
    return HistoryLine(at, Kind.BOOKINGS, words, more, by, href)


def _href(event: str, reference: str) -> str:
    return f"/desk/events/{event}/bookings/{reference}"
