"""The mails of a booking: what each is told, and what goes into their calendar.

Templates are in templates/mail/events. An invitation goes only to a person with a confirmed
place; whoever got one is told when it changes and when it ends.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from netapp.events.models import LIVE_STATES, Booking, Event, EventSession, Place, PlaceState
from netapp.events.operations.invitations import CalendarNews, item_files, next_invitation
from netapp.events.queries.letter_words import date_lines, dates_of, event_words, letter_context
from netapp.events.queries.minimum import uncertain_words
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import date_words, time_words, zone_words
from netapp.mail import operations as mail
from netapp.mail.operations import Address
from netapp.people.models import Person

CancelledBy = Literal["you", "coordinator", "event"]


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
    extra = {"uncertain": uncertain_words(event)}
    _send(session, event, booking, message, about=live, news=news, now=now, extra=extra)


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
    extra = {"reason": reason, "cancelled_by": by, "only_waited": not confirmed}
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


def renamed(
    session: DbSession,
    event: Event,
    booking: Booking,
    *,
    places: Sequence[Place],
    changes: Sequence[dict[str, str]],
    reason: str = "",
    now: datetime,
) -> None:
    """The event has another title: one mail, and an update for each of these dates."""
    news = [CalendarNews(place, "REQUEST") for place in places]
    extra = {"changes": list(changes), "reason": reason}
    _send(
        session, event, booking, "events/event_renamed", about=places, news=news, now=now,
        extra=extra,
    )  # fmt: skip


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


def new_address(
    session: DbSession, event: Event, booking: Booking, *, places: Sequence[Place], now: datetime
) -> None:
    """The booker has another address: the link to their booking, for the first time there."""
    _send(session, event, booking, "events/new_address", about=places, now=now)


def tell_organiser(
    session: DbSession, event: Event, booking: Booking, did: str, *, now: datetime
) -> None:
    """``did``: "cancelled their booking". Nobody is told where no organiser is named."""
    if event.organiser_id is None:
        return
    organiser = session.get_one(Person, event.organiser_id)
    site = site_of(session)
    booking = with_places(session, booking.id)
    live = [place for place in booking.places if place.state in LIVE_STATES]
    context = {
        "name": organiser.first_name,
        "event": event_words(site, event),
        "reference": booking.reference,
        "summary": f"{booking.attendees[0].name} {did}.",
        "dates": date_lines(session, site, event, dates_of(session, event), live),
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
    dates = dates_of(session, event)
    context = letter_context(site, event, booking, person, dates) | (extra or {})
    to = Address(booking.attendees[0].name, person.email)
    written = [(n, next_invitation(session, event, booking, person, dates, n, now)) for n in news]
    invitations = [(each.place, invitation) for each, invitation in written if invitation]
    alone = invitations[0][1] if len(invitations) == 1 else None
    mail.enqueue(
        session,
        to=to,
        message=message,
        about=f"booking:{booking.reference}",
        now=now,
        context=context
        | {
            "dates": date_lines(session, site, event, dates, about),
            "calendar_mails": 0 if alone else len(invitations),
        },
        invitation=alone,
        attachments=() if person.invitations else item_files(site, event, dates, news),
    )
    for place, invitation in [] if alone else invitations:
        template = "invitation" if invitation.method == "REQUEST" else "invitation_cancelled"
        mail.enqueue(
            session,
            to=to,
            message=f"events/{template}",
            about=f"booking:{booking.reference}",
            now=now,
            context=context | {"dates": date_lines(session, site, event, dates, [place])},
            invitation=invitation,
        )
