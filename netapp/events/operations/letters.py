"""The mails of a booking: what each is told, and what goes into their calendar.

Templates are in templates/mail/events. An invitation goes only to a person with a confirmed
place; whoever got one is told when it changes and when it ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from netapp.events.links import event_url, item_url, manage_url
from netapp.events.models import (
    LIVE_STATES,
    Booking,
    Event,
    EventSession,
    Mode,
    Place,
    PlaceState,
    SentInvitation,
)
from netapp.events.queries.calendar import (
    calendar_item,
    location_words,
    segment_words,
    session_title,
)
from netapp.kernel.db import DbSession
from netapp.kernel.ical.documents import item_bytes
from netapp.kernel.ical.invitations import invitation_bytes
from netapp.kernel.site import Site, site_of
from netapp.kernel.words import date_words, span_words, time_words, zone_words
from netapp.mail import operations as mail
from netapp.mail.operations import Address, Attachment, Invitation
from netapp.people.models import Person

Method = Literal["REQUEST", "CANCEL"]


@dataclass(frozen=True, slots=True)
class CalendarNews:
    """One calendar message to one person: about which date, and what."""

    date: EventSession
    method: Method


def booked(
    session: DbSession,
    event: Event,
    booking: Booking,
    *,
    fresh: Sequence[Place],
    now: datetime,
) -> None:
    """Confirmation, or word that they wait; invitations for the places confirmed just now."""
    dates = _dates(session, event)
    confirmed = [p for p in fresh if p.state is PlaceState.CONFIRMED]
    news = [CalendarNews(dates[place.session_id], "REQUEST") for place in confirmed]
    message = "events/booking_confirmed" if confirmed else "events/waiting"
    _send(session, event, booking, message, now=now, dates=dates, news=news)


def already_booked(session: DbSession, event: Event, booking: Booking, *, now: datetime) -> None:
    """Somebody booked again with this address: the truth, for its owner only."""
    booking = _with_places(session, booking.id)
    _send(session, event, booking, "events/already_booked", now=now)


def offer(session: DbSession, event: Event, booking: Booking, *, now: datetime) -> None:
    booking = _with_places(session, booking.id)
    ends = [p.offer_ends_at for p in booking.places if p.state is PlaceState.OFFERED]
    ends_at = min(end for end in ends if end is not None)
    words = f"{date_words(ends_at, event.zone)}, {time_words(ends_at, event.zone)}"
    extra = {"offer_ends": f"{words} {zone_words(ends_at, event.zone)}"}
    _send(session, event, booking, "events/offer", now=now, extra=extra)


def offer_ended(session: DbSession, event: Event, booking: Booking, *, now: datetime) -> None:
    _send(session, event, booking, "events/offer_ended", now=now)


def changed(
    session: DbSession,
    event: Event,
    booking: Booking,
    *,
    gained: Sequence[Place],
    lost: Sequence[Place],
    now: datetime,
) -> None:
    """The dates of a booking are others now; ``lost`` are places that had been confirmed."""
    dates = _dates(session, event)
    news = [CalendarNews(dates[place.session_id], "CANCEL") for place in lost]
    news += [
        CalendarNews(dates[place.session_id], "REQUEST")
        for place in gained
        if place.state is PlaceState.CONFIRMED
    ]
    _send(session, event, booking, "events/booking_changed", now=now, dates=dates, news=news)


def cancelled(
    session: DbSession,
    event: Event,
    booking: Booking,
    *,
    lost: Sequence[Place],
    reason: str,
    now: datetime,
) -> None:
    """The booker or a coordinator cancelled; ``reason`` is a coordinator's, or empty."""
    dates = _dates(session, event)
    news = [CalendarNews(dates[place.session_id], "CANCEL") for place in lost]
    extra = {"reason": reason}
    _send(
        session, event, booking, "events/booking_cancelled", now=now, dates=dates, news=news,
        extra=extra,
    )  # fmt: skip


def session_moved(
    session: DbSession,
    event: Event,
    date: EventSession,
    *,
    changes: Sequence[dict[str, str]],
    now: datetime,
) -> int:
    """Tell everybody who holds or waits for a place in this date what is different.

    ``changes``: [{"what": "Time", "before": "…", "after": "…"}]. Returns how many were told.
    """
    places = live_places(session, date)
    for place in places:
        confirmed = place.state is PlaceState.CONFIRMED
        news = [CalendarNews(date, "REQUEST")] if confirmed else []
        booking = _with_places(session, place.booking_id)
        extra = {"changes": list(changes), "moved": _date_words(event, date)}
        _send(session, event, booking, "events/session_moved", now=now, news=news, extra=extra)
    return len(places)


def session_cancelled(
    session: DbSession,
    event: Event,
    date: EventSession,
    *,
    ended: Sequence[Place],
    confirmed: Sequence[Place],
    reason: str,
    now: datetime,
) -> None:
    """One date will not happen. ``ended`` are all places that ended with it."""
    had_place = {place.id for place in confirmed}
    for place in ended:
        news = [CalendarNews(date, "CANCEL")] if place.id in had_place else []
        booking = _with_places(session, place.booking_id)
        extra = {"reason": reason, "cancelled_date": _date_words(event, date)}
        _send(session, event, booking, "events/session_cancelled", now=now, news=news, extra=extra)


def event_cancelled(
    session: DbSession,
    event: Event,
    booking: Booking,
    *,
    lost: Sequence[Place],
    reason: str,
    now: datetime,
) -> None:
    """No date will happen: one mail, and a cancellation for each date in their calendar."""
    dates = _dates(session, event)
    news = [CalendarNews(dates[place.session_id], "CANCEL") for place in lost]
    extra = {"reason": reason}
    _send(
        session, event, booking, "events/event_cancelled", now=now, dates=dates, news=news,
        extra=extra,
    )  # fmt: skip


def reminder(session: DbSession, event: Event, place: Place, *, now: datetime) -> None:
    """The day before. Carries no calendar part."""
    booking = _with_places(session, place.booking_id)
    date = _dates(session, event)[place.session_id]
    extra = {"reminded": _date_words(event, date), "segments": segment_words(event, date)}
    _send(session, event, booking, "events/reminder", now=now, extra=extra)


def tell_organiser(
    session: DbSession, event: Event, booking: Booking, did: str, *, now: datetime
) -> None:
    """``did``: "cancelled their booking for". Nobody is told where no organiser is named."""
    if event.organiser_id is None:
        return
    organiser = session.get_one(Person, event.organiser_id)
    site = site_of(session)
    name = booking.attendees[0].name
    context = {
        "name": organiser.first_name,
        "event": _event_words(site, event),
        "reference": booking.reference,
        "summary": f"{name} {did} {event.title}.",
        "dates": _booking_dates(site, event, booking, _dates(session, event), {}),
        "desk_url": site.url(f"/desk/events/{event.key}/bookings"),
    }
    mail.enqueue(
        session,
        to=Address(organiser.name, organiser.email),
        message="events/organiser_told",
        about=f"booking:{booking.reference}",
        now=now,
        context=context,
    )


def live_places(session: DbSession, date: EventSession) -> Sequence[Place]:
    """Everybody who holds or waits for a place in a date, in the order they came."""
    return session.scalars(
        select(Place)
        .where(Place.session_id == date.id, Place.state.in_(LIVE_STATES))
        .options(selectinload(Place.booking).selectinload(Booking.places))
        .order_by(Place.id)
    ).all()


def _send(
    session: DbSession,
    event: Event,
    booking: Booking,
    message: str,
    *,
    now: datetime,
    dates: dict[int, EventSession] | None = None,
    news: Sequence[CalendarNews] = (),
    extra: dict[str, Any] | None = None,
) -> None:
    """One mail, with its calendar message; where there are several, a short mail for each.

    Calendar programs read only the first of several, so each goes by itself. Who has turned
    invitations off gets the dates as files to open.
    """
    site = site_of(session)
    person = session.get_one(Person, booking.person_id)
    if "attendees" not in booking.__dict__ or "places" not in booking.__dict__:
        booking = _with_places(session, booking.id)
    dates = dates or _dates(session, event)
    context = _context(session, site, event, booking, person, dates) | (extra or {})
    to = Address(booking.attendees[0].name, person.email)
    about = f"booking:{booking.reference}"
    invitations = [_invitation(session, event, booking, person, each, now) for each in news]
    wanted = [each for each in invitations if each is not None]
    alone = wanted[0] if len(wanted) == 1 else None
    files = _files(site, event, news) if not person.invitations else ()
    mail.enqueue(
        session,
        to=to,
        message=message,
        about=about,
        now=now,
        context=context,
        invitation=alone[1] if alone else None,
        attachments=files,
    )
    for date, invitation in [] if alone else wanted:
        template = "invitation" if invitation.method == "REQUEST" else "invitation_cancelled"
        mail.enqueue(
            session,
            to=to,
            message=f"events/{template}",
            about=about,
            now=now,
            context=context | {"invited": _date_words(event, date)},
            invitation=invitation,
        )


def _invitation(
    session: DbSession,
    event: Event,
    booking: Booking,
    person: Person,
    news: CalendarNews,
    now: datetime,
) -> tuple[EventSession, Invitation] | None:
    """The next calendar message to this person; None where they want or have none."""
    site = site_of(session)
    sent = session.scalar(
        select(SentInvitation).where(
            SentInvitation.session_id == news.date.id, SentInvitation.person_id == person.id
        )
    )
    if news.method == "CANCEL" and (sent is None or not sent.standing):
        return None
    if news.method == "REQUEST" and not person.invitations:
        return None
    if sent is None:
        sent = SentInvitation(session_id=news.date.id, person_id=person.id, messages=0)
        session.add(sent)
    sequence = news.date.sequence + sent.messages
    sent.messages += 1
    sent.standing = news.method == "REQUEST"
    join_url = site.url(f"/bookings/{booking.reference}") if event.mode is Mode.ONLINE else None
    data = invitation_bytes(
        calendar_item(site, event, news.date, join_url=join_url),
        method=news.method,
        organizer_name=site.name,
        organizer_email=site.mail_from,
        attendee_name=booking.attendees[0].name,
        attendee_email=person.email,
        sequence=sequence,
        stamped_at=now,
        product_name=site.product_name,
    )
    return news.date, Invitation(news.method, data)


def _files(site: Site, event: Event, news: Sequence[CalendarNews]) -> tuple[Attachment, ...]:
    """The dates as files, for those who want no invitations."""
    return tuple(
        Attachment(
            f"{event.slug}-{number}.ics",
            item_bytes(calendar_item(site, event, each.date), product_name=site.product_name),
            "text/calendar",
        )
        for number, each in enumerate(news, start=1)
        if each.method == "REQUEST"
    )


def _dates(session: DbSession, event: Event) -> dict[int, EventSession]:
    found = session.scalars(
        select(EventSession)
        .where(EventSession.event_id == event.id)
        .options(selectinload(EventSession.segments))
        .order_by(EventSession.starts_at, EventSession.id)
    )
    return {date.id: date for date in found}


def _with_places(session: DbSession, booking_id: int) -> Booking:
    session.flush()
    return session.scalars(
        select(Booking)
        .where(Booking.id == booking_id)
        .options(selectinload(Booking.places), selectinload(Booking.attendees))
    ).one()


def _context(
    session: DbSession,
    site: Site,
    event: Event,
    booking: Booking,
    person: Person,
    dates: dict[int, EventSession],
) -> dict[str, Any]:
    """What every letter to a booker may use."""
    positions = waiting_positions(session, booking)
    manage = manage_url(site, booking)
    return {
        "name": booking.attendees[0].name.split()[0],
        "event": _event_words(site, event),
        "reference": booking.reference,
        "manage_url": manage,
        "joining_url": manage,
        "take_url": f"{manage}#offer",
        "leave_url": f"{manage}#change",
        "dates": _booking_dates(site, event, booking, dates, positions),
        "online": event.mode is Mode.ONLINE,
        "is_guest": person.registered_at is None,
        "cancel_until": _cancel_until(event, booking, dates),
        "contact": {
            "name": event.access_contact_name or site.name,
            "email": event.access_contact_email or site.contact_email,
        },
        "invitations_url": f"{manage}#invitations",
    }


def _event_words(site: Site, event: Event) -> dict[str, str]:
    return {"title": event.title, "url": event_url(site, event), "zone": event.zone}


def _booking_dates(
    site: Site,
    event: Event,
    booking: Booking,
    dates: dict[int, EventSession],
    positions: dict[int, int],
) -> list[dict[str, Any]]:
    live = {place.session_id: place for place in booking.places if place.state in LIVE_STATES}
    return [
        {
            **_date_words(event, date),
            "state": live[date.id].state.value,
            "position": positions.get(live[date.id].id),
            "calendar_url": item_url(site, event, date),
        }
        for date in dates.values()
        if date.id in live
    ]


def _date_words(event: Event, date: EventSession) -> dict[str, str]:
    return {
        "words": span_words(date.starts_at, date.ends_at, event.zone),
        "place": location_words(event, date),
        "title": session_title(event, date),
    }


def _cancel_until(event: Event, booking: Booking, dates: dict[int, EventSession]) -> str:
    """Until when the first of their dates can be changed, in words; "" if none can be."""
    live = [dates[p.session_id] for p in booking.places if p.state in LIVE_STATES]
    if not live:
        return ""
    first = min(date.starts_at for date in live)
    until = first - timedelta(hours=event.change_until_hours)
    words = f"{time_words(until, event.zone)} on {date_words(until, event.zone)}"
    return words if event.change_until_hours else "it starts"


def waiting_positions(session: DbSession, booking: Booking) -> dict[int, int]:
    """Place on the waiting list, from 1, by the id of each waiting place of a booking."""
    positions: dict[int, int] = {}
    for place in booking.places:
        if place.state is not PlaceState.WAITING:
            continue
        ahead = select(func.count()).where(
            Place.pool_id == place.pool_id,
            Place.state == PlaceState.WAITING,
            (Place.waiting_since < place.waiting_since)
            | ((Place.waiting_since == place.waiting_since) & (Place.id <= place.id)),
        )
        positions[place.id] = session.scalar(ahead) or 1
    return positions
