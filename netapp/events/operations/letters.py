"""The mails of a booking: what each is told, and what goes into their calendar.

Templates are in templates/mail/events. An invitation goes only to a person with a confirmed
place; whoever got one is told when it changes and when it ends.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from netapp.events.models import (
    LIVE_STATES,
    Attendee,
    Booking,
    Event,
    EventSession,
    Place,
    PlaceState,
)
from netapp.events.operations.invitations import CalendarNews
from netapp.events.operations.sending import (
    by_booking,
    live_places,
    send,
    send_to_named,
    with_places,
)
from netapp.events.queries.letter_words import date_lines, dates_of, event_words
from netapp.events.queries.minimum import uncertain_words
from netapp.events.queries.my_clashes import clash_words
from netapp.events.queries.wording import Span
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import date_words, join_words, time_words, zone_words
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
    send(session, event, booking, message, about=live, news=news, now=now, extra=extra)


def already_booked(session: DbSession, event: Event, booking: Booking, *, now: datetime) -> None:
    """Somebody booked again with this address: the truth, for its owner only."""
    booking = with_places(session, booking.id)
    live = [place for place in booking.places if place.state in LIVE_STATES]
    send(session, event, booking, "events/already_booked", about=live, now=now)


def already_named(
    session: DbSession, event: Event, given: Sequence[Place], *, now: datetime
) -> None:
    """The same for somebody who has places that another person booked for them."""
    for booking_id, places in by_booking(given).items():
        booking = with_places(session, booking_id)
        mine = next(each for each in booking.attendees if each.id == places[0].attendee_id)
        send_to_named(session, event, booking, "events/already_booked", mine, about=places, now=now)


def offer(
    session: DbSession, event: Event, booking: Booking, *, places: Sequence[Place], now: datetime
) -> None:
    """A place is held for them in these dates, until ``offer_ends_at``."""
    ends_at = min(place.offer_ends_at for place in places if place.offer_ends_at)
    words = f"{date_words(ends_at, event.zone)}, {time_words(ends_at, event.zone)}"
    extra = {"offer_ends": f"{words} {zone_words(ends_at, event.zone)}"}
    booking = with_places(session, booking.id)
    send(session, event, booking, "events/offer", about=places, now=now, extra=extra)


def offer_ended(
    session: DbSession, event: Event, booking: Booking, *, places: Sequence[Place], now: datetime
) -> None:
    booking = with_places(session, booking.id)
    send(session, event, booking, "events/offer_ended", about=places, now=now)


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
    send(session, event, booking, "events/booking_changed", about=live, news=news, now=now)


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
    send(
        session, event, booking, "events/booking_cancelled", about=ended, news=news, now=now,
        extra=extra,
    )  # fmt: skip


def place_given(
    session: DbSession,
    event: Event,
    booking: Booking,
    attendee: Attendee,
    *,
    places: Sequence[Place],
    now: datetime,
) -> None:
    """Somebody was named for places in a booking of another person. Of those among them that they
    cannot have, because they have places of their own, only they are told."""
    dates = dates_of(session, event)
    theirs = [place for place in places if place.person_id is not None]
    own = [date_words(dates[p.session_id].starts_at, event.zone) for p in places if p not in theirs]
    send_to_named(
        session, event, with_places(session, booking.id), "events/place_given", attendee,
        about=theirs, news=[CalendarNews(place, "REQUEST") for place in theirs],
        extra={"summary": join_words(own)}, now=now,
    )  # fmt: skip


def place_ended(
    session: DbSession,
    event: Event,
    booking: Booking,
    attendee: Attendee,
    *,
    places: Sequence[Place],
    now: datetime,
) -> None:
    """The places of somebody go to another person, or to nobody yet."""
    news = [CalendarNews(place, "CANCEL") for place in places]
    booking = with_places(session, booking.id)
    send_to_named(
        session, event, booking, "events/place_ended", attendee, about=places, news=news, now=now
    )


def handed_back(
    session: DbSession, event: Event, booking: Booking, name: str, *, now: datetime
) -> None:
    """Tell the booker that somebody they named cannot come."""
    live = [place for place in booking.places if place.state in LIVE_STATES]
    extra = {"summary": name}
    send(session, event, booking, "events/place_handed_back", about=live, now=now, extra=extra)


def names_wanted(session: DbSession, event: Event, booking: Booking, *, now: datetime) -> None:
    """Remind the booker of a party that some of its people are not named."""
    booking = with_places(session, booking.id)
    live = [place for place in booking.places if place.state in LIVE_STATES]
    send(session, event, booking, "events/names_wanted", about=live, now=now)


def places_offered_back(
    session: DbSession, event: Event, booking: Booking, *, ended: Sequence[Place], now: datetime
) -> None:
    """Nobody was named in time, so these places go to others."""
    booking = with_places(session, booking.id)
    send(session, event, booking, "events/places_offered_back", about=ended, now=now)


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
    concerned = by_booking(live_places(session, date))
    moved = (
        [Span(date.starts_at, date.ends_at)] if any(c["what"] == "Time" for c in changes) else []
    )
    for booking_id, places in concerned.items():
        held = [place for place in places if place.state is PlaceState.CONFIRMED]
        news = [CalendarNews(place, "REQUEST") for place in held]
        booking = with_places(session, booking_id)
        clashes = clash_words(session, booking.person_id, moved, besides=event.id, now=now)
        extra = {"changes": list(changes), "reason": reason, "clashes": clashes}
        send(session, event, booking, message, about=places, news=news, now=now, extra=extra)
    return len(concerned)


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
    send(
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
    for booking_id, places in by_booking(ended).items():
        news = [CalendarNews(place, "CANCEL") for place in places if place.id in had_place]
        booking = with_places(session, booking_id)
        extra = {"reason": reason}
        send(
            session, event, booking, "events/session_cancelled", about=places, news=news,
            now=now, extra=extra,
        )  # fmt: skip


def reminder(
    session: DbSession, event: Event, booking_id: int, places: Sequence[Place], *, now: datetime
) -> None:
    """The day before. Carries no calendar part."""
    booking = with_places(session, booking_id)
    send(session, event, booking, "events/reminder", about=places, now=now)


def new_address(
    session: DbSession, event: Event, booking: Booking, *, places: Sequence[Place], now: datetime
) -> None:
    """The booker has another address: the link to their booking, for the first time there."""
    send(session, event, booking, "events/new_address", about=places, now=now)


def new_address_of_named(
    session: DbSession,
    event: Event,
    booking: Booking,
    attendee: Attendee,
    *,
    places: Sequence[Place],
    now: datetime,
) -> None:
    """The same for somebody who has places by a booking of another person."""
    send_to_named(session, event, booking, "events/new_address", attendee, about=places, now=now)


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
        "summary": f"{booking.name} {did}.",
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
