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

from netapp.events.links import booking_url, event_url, item_url, manage_url
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
CancelledBy = Literal["you", "coordinator", "event"]


@dataclass(frozen=True, slots=True)
class CalendarNews:
    """One calendar message to one person: about which of their places, and what."""

    place: Place
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
    live = [place for place in booking.places if place.state in LIVE_STATES]
    confirmed = [place for place in fresh if place.state is PlaceState.CONFIRMED]
    if not confirmed:
        message = "events/waiting"
    elif len(confirmed) < len(live):
        message = "events/booking_received"
    else:
        message = "events/booking_confirmed"
    news = [CalendarNews(place, "REQUEST") for place in confirmed]
    _send(session, event, booking, message, about=live, news=news, now=now)


def already_booked(session: DbSession, event: Event, booking: Booking, *, now: datetime) -> None:
    """Somebody booked again with this address: the truth, for its owner only."""
    booking = with_places(session, booking.id)
    live = [place for place in booking.places if place.state in LIVE_STATES]
    _send(session, event, booking, "events/already_booked", about=live, now=now)


def offer(
    session: DbSession, event: Event, booking: Booking, *, places: Sequence[Place], now: datetime
) -> None:
    """A place is held for them in these dates, until ``offer_ends_at``."""
    ends_at = min(place.offer_ends_at for place in places if place.offer_ends_at)
    words = f"{date_words(ends_at, event.zone)}, {time_words(ends_at, event.zone)}"
    extra = {"offer_ends": f"{words} {zone_words(ends_at, event.zone)}"}
    booking = with_places(session, booking.id)
    _send(session, event, booking, "events/offer", about=places, now=now, extra=extra)


def offer_ended(
    session: DbSession, event: Event, booking: Booking, *, places: Sequence[Place], now: datetime
) -> None:
    booking = with_places(session, booking.id)
    _send(session, event, booking, "events/offer_ended", about=places, now=now)


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
    live = [place for place in booking.places if place.state in LIVE_STATES]
    news = [CalendarNews(place, "CANCEL") for place in lost]
    news += [CalendarNews(p, "REQUEST") for p in gained if p.state is PlaceState.CONFIRMED]
    _send(session, event, booking, "events/booking_changed", about=live, news=news, now=now)


def cancelled(
    session: DbSession,
    event: Event,
    booking: Booking,
    *,
    ended: Sequence[Place],
    confirmed: Sequence[Place],
    by: CancelledBy,
    reason: str = "",
    now: datetime,
) -> None:
    """Places were given back: by the booker, by a coordinator, or because the event is off.

    ``confirmed`` are those of ``ended`` that had been confirmed: they leave the calendar.
    """
    news = [CalendarNews(place, "CANCEL") for place in confirmed]
    extra = {"reason": reason, "cancelled_by": by}
    booking = with_places(session, booking.id)
    _send(
        session, event, booking, "events/booking_cancelled", about=ended, news=news, now=now,
        extra=extra,
    )  # fmt: skip


def session_moved(
    session: DbSession,
    event: Event,
    date: EventSession,
    *,
    changes: Sequence[dict[str, str]],
    reason: str = "",
    now: datetime,
) -> int:
    """Tell everybody who holds or waits for a place in this date what is different.

    ``changes``: [{"what": "Time", "before": "…", "after": "…"}]. Returns how many were told.
    """
    only_place = all(change["what"] == "Place" for change in changes)
    message = "events/place_changed" if only_place else "events/session_moved"
    places = live_places(session, date)
    for place in places:
        confirmed = place.state is PlaceState.CONFIRMED
        news = [CalendarNews(place, "REQUEST")] if confirmed else []
        booking = with_places(session, place.booking_id)
        extra = {"changes": list(changes), "reason": reason}
        _send(session, event, booking, message, about=[place], news=news, now=now, extra=extra)
    return len(places)


def session_cancelled(
    session: DbSession,
    event: Event,
    *,
    ended: Sequence[Place],
    confirmed: Sequence[Place],
    reason: str,
    now: datetime,
) -> None:
    """One date will not happen: tell each whose place in it ended."""
    had_place = {place.id for place in confirmed}
    for place in ended:
        news = [CalendarNews(place, "CANCEL")] if place.id in had_place else []
        booking = with_places(session, place.booking_id)
        extra = {"reason": reason}
        _send(
            session, event, booking, "events/session_cancelled", about=[place], news=news,
            now=now, extra=extra,
        )  # fmt: skip


def reminder(session: DbSession, event: Event, place: Place, *, now: datetime) -> None:
    """The day before. Carries no calendar part."""
    booking = with_places(session, place.booking_id)
    _send(session, event, booking, "events/reminder", about=[place], now=now)


def tell_organiser(
    session: DbSession, event: Event, booking: Booking, did: str, *, now: datetime
) -> None:
    """``did``: "cancelled their booking for". Nobody is told where no organiser is named."""
    if event.organiser_id is None:
        return
    organiser = session.get_one(Person, event.organiser_id)
    site = site_of(session)
    booking = with_places(session, booking.id)
    live = [place for place in booking.places if place.state in LIVE_STATES]
    context = {
        "name": organiser.first_name,
        "event": _event_words(site, event),
        "reference": booking.reference,
        "summary": f"{booking.attendees[0].name} {did} {event.title}.",
        "dates": _date_lines(session, site, event, live),
        "manage_url": site.url(f"/desk/events/{event.key}/bookings"),
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


def with_places(session: DbSession, booking_id: int) -> Booking:
    """The booking as a letter needs it, places and attendees loaded."""
    session.flush()
    return session.scalars(
        select(Booking)
        .where(Booking.id == booking_id)
        .options(selectinload(Booking.places), selectinload(Booking.attendees))
    ).one()


def _send(
    session: DbSession,
    event: Event,
    booking: Booking,
    message: str,
    *,
    about: Sequence[Place],
    now: datetime,
    news: Sequence[CalendarNews] = (),
    extra: dict[str, Any] | None = None,
) -> None:
    """One mail about these places, with its calendar message; a short mail for each of several.

    Calendar programs read only the first entry of a file, so each goes by itself. Who has turned
    invitations off gets the dates as files to open.
    """
    site = site_of(session)
    person = session.get_one(Person, booking.person_id)
    dates = _dates(session, event)
    context = _context(site, event, booking, person, dates) | (extra or {})
    to = Address(booking.attendees[0].name, person.email)
    written = [(n, _invitation(session, event, booking, person, dates, n, now)) for n in news]
    invitations = [(each.place, invitation) for each, invitation in written if invitation]
    alone = invitations[0][1] if len(invitations) == 1 else None
    mail.enqueue(
        session,
        to=to,
        message=message,
        about=f"booking:{booking.reference}",
        now=now,
        context=context | {"dates": _date_lines(session, site, event, about)},
        invitation=alone,
        attachments=() if person.invitations else _files(site, event, dates, news),
    )
    for place, invitation in [] if alone else invitations:
        template = "invitation" if invitation.method == "REQUEST" else "invitation_cancelled"
        mail.enqueue(
            session,
            to=to,
            message=f"events/{template}",
            about=f"booking:{booking.reference}",
            now=now,
            context=context | {"dates": _date_lines(session, site, event, [place])},
            invitation=invitation,
        )


def _invitation(
    session: DbSession,
    event: Event,
    booking: Booking,
    person: Person,
    dates: dict[int, EventSession],
    news: CalendarNews,
    now: datetime,
) -> Invitation | None:
    """The next calendar message to this person; None where they want or have none.

    Its sequence is the date's and the number of earlier messages to them about it, so that
    cancelling and booking again always rises (RFC 5546, section 2.1.4).
    """
    site, date = site_of(session), dates[news.place.session_id]
    mine = SentInvitation.session_id == date.id, SentInvitation.person_id == person.id
    sent = session.scalar(select(SentInvitation).where(*mine))
    if news.method == "CANCEL" and (sent is None or not sent.standing):
        return None
    if news.method == "REQUEST" and not person.invitations:
        return None
    if sent is None:
        sent = SentInvitation(session_id=date.id, person_id=person.id, messages=0)
        session.add(sent)
    sequence = date.sequence + sent.messages
    sent.messages += 1
    sent.standing = news.method == "REQUEST"
    join_url = booking_url(site, booking) if event.mode is Mode.ONLINE else None
    data = invitation_bytes(
        calendar_item(site, event, date, join_url=join_url),
        method=news.method,
        organizer_name=site.name,
        organizer_email=site.mail_from,
        attendee_name=booking.attendees[0].name,
        attendee_email=person.email,
        sequence=sequence,
        stamped_at=now,
        product_name=site.product_name,
    )
    return Invitation(news.method, data)


def _files(
    site: Site, event: Event, dates: dict[int, EventSession], news: Sequence[CalendarNews]
) -> tuple[Attachment, ...]:
    """The dates as files, for those who want no invitations."""
    items = [
        calendar_item(site, event, dates[each.place.session_id])
        for each in news
        if each.method == "REQUEST"
    ]
    return tuple(
        Attachment(
            f"{event.slug}-{number}.ics",
            item_bytes(item, product_name=site.product_name),
            "text/calendar",
        )
        for number, item in enumerate(items, start=1)
    )


def _dates(session: DbSession, event: Event) -> dict[int, EventSession]:
    found = session.scalars(
        select(EventSession)
        .where(EventSession.event_id == event.id)
        .options(selectinload(EventSession.segments))
        .order_by(EventSession.starts_at, EventSession.id)
    )
    return {date.id: date for date in found}


def _context(
    site: Site, event: Event, booking: Booking, person: Person, dates: dict[int, EventSession]
) -> dict[str, Any]:
    """What every letter to a booker may use, beside its dates."""
    manage = manage_url(site, booking)
    return {
        "name": booking.attendees[0].name.split()[0],
        "event": _event_words(site, event),
        "reference": booking.reference,
        "manage_url": manage,
        "joining_url": manage,
        "take_url": f"{manage}#offer",
        "leave_url": f"{manage}#change",
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


def _date_lines(
    session: DbSession, site: Site, event: Event, places: Sequence[Place]
) -> list[dict[str, Any]]:
    """The dates of these places as a mail lists them, in order of time."""
    dates = _dates(session, event)
    ordered = sorted(places, key=lambda place: dates[place.session_id].starts_at)
    return [
        {
            "words": span_words(date.starts_at, date.ends_at, event.zone),
            "place": location_words(event, date),
            "title": session_title(event, date),
            "segments": segment_words(event, date),
            "state": place.state.value,
            "position": waiting_position(session, place),
            "calendar_url": item_url(site, event, date),
        }
        for place in ordered
        for date in [dates[place.session_id]]
    ]


def _cancel_until(event: Event, booking: Booking, dates: dict[int, EventSession]) -> str:
    """Until when the first of their dates can be changed, in words; "" if none can be."""
    live = [dates[p.session_id] for p in booking.places if p.state in LIVE_STATES]
    if not live:
        return ""
    first = min(date.starts_at for date in live)
    until = first - timedelta(hours=event.change_until_hours)
    words = f"{time_words(until, event.zone)} on {date_words(until, event.zone)}"
    return words if event.change_until_hours else "it starts"


def waiting_position(session: DbSession, place: Place) -> int | None:
    """Their number on the waiting list of this date, from 1; None for who does not wait."""
    if place.state is not PlaceState.WAITING:
        return None
    before = (Place.waiting_since < place.waiting_since) | (
        (Place.waiting_since == place.waiting_since) & (Place.id <= place.id)
    )
    ahead = select(func.count()).where(
        Place.pool_id == place.pool_id, Place.state == PlaceState.WAITING, before
    )
    return session.scalar(ahead)
