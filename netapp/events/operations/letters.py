"""The mails of a booking: what each is told, and what goes into their calendar.

Templates are in templates/mail/events. An invitation goes only to a person with a confirmed
place; whoever got one is told when it changes and when it ends.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal

from netapp.events.models import (
    LIVE_STATES,
    Attendee,
    BookedAs,
    Booking,
    Event,
    EventSession,
    Place,
    PlaceState,
)
from netapp.events.operations.sending import send, send_all, with_places
from netapp.events.queries.changes import Change
from netapp.events.queries.letter_words import date_lines, dates_of, event_words, held_until
from netapp.events.queries.live_places import bookings_with_places, by_booking
from netapp.events.queries.minimum import uncertain_words
from netapp.events.queries.notices import notices_of_end, notices_of_title
from netapp.events.queries.recipients import CalendarNews, Notice
from netapp.events.queries.swap_waits import kept_words
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import date_words, join_words
from netapp.mail import operations as mail
from netapp.mail.operations import Address
from netapp.people.models import Person

CancelledBy = Literal["you", "coordinator"]
BecameOf = Literal["handed_back", "to_another", "to_nobody"]


def booked(
    session: DbSession,
    event: Event,
    booking: Booking,
    *,
    fresh: Sequence[Place],
    asked: str = "",
    now: datetime,
) -> None:
    """Confirmation, or word that they wait; invitations for the places confirmed just now.
    ``asked``: what the booker asked for with it, where nobody else gets this mail."""
    live = [place for place in booking.places if place.state in LIVE_STATES]
    confirmed = [place for place in fresh if place.state is PlaceState.CONFIRMED]
    if not confirmed:
        message = "events/waiting"
    elif len(confirmed) < len(live):
        message = "events/booking_received"
    else:
        message = "events/booking_confirmed"
    news = [CalendarNews(place, "REQUEST") for place in confirmed]
    extra = {"uncertain": uncertain_words(event), "asked": asked}
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
    for booking, places in _of_each(session, given):
        mine = next(each for each in booking.attendees if each.id == places[0].attendee_id)
        send(session, event, booking, "events/already_booked", about=places, only=mine, now=now)


def offers(session: DbSession, event: Event, offered: Sequence[Place], *, now: datetime) -> None:
    """Places are held, until ``offer_ends_at``: one mail to each booking, whatever the number of
    its dates."""
    notices = []
    for booking, places in _of_each(session, offered):
        ends = {place.offer_ends_at for place in places if place.offer_ends_at}
        dates = {place.session_id for place in places}
        extra = {
            # Where it is not the same for all, each date says its own.
            "offer_ends": held_until(event, min(ends)) if len(ends) == 1 else None,
            "several": len(dates) > 1 and event.booked_as is BookedAs.BY_SESSION,
            "keeps": kept_words(places),
        }
        notices.append(Notice(booking, "events/offer", places, extra=extra))
    send_all(session, event, notices, now=now)


def offer_ended(
    session: DbSession, event: Event, booking: Booking, *, places: Sequence[Place], now: datetime
) -> None:
    booking = with_places(session, booking.id)
    extra = {"keeps": kept_words(places)}
    send(session, event, booking, "events/offer_ended", about=places, now=now, extra=extra)


def changed(
    session: DbSession,
    event: Event,
    booking: Booking,
    *,
    gained: Sequence[Place],
    lost: Sequence[Place],
    waits: Sequence[Place] = (),
    moved: tuple[EventSession, EventSession] | None = None,
    reason: str = "",
    now: datetime,
) -> None:
    """The dates of a booking are others now; ``lost`` are places that had been confirmed.
    ``waits``: what they wait for beside what they hold; ``moved``: from which date to which;
    ``reason``: why a coordinator did it."""
    live = [place for place in booking.places if place.state in LIVE_STATES]
    news = [CalendarNews(place, "CANCEL") for place in lost]
    news += [CalendarNews(p, "REQUEST") for p in gained if p.state is PlaceState.CONFIRMED]
    extra: dict[str, Any] = {"reason": reason}
    if moved:
        before, after = (date_words(date.starts_at, event.zone) for date in moved)
        extra["changes"] = [{"what": "Date", "before": before, "after": after}]
    send(
        session, event, booking, "events/booking_changed", about=[*live, *waits], news=news,
        now=now, extra=extra,
    )  # fmt: skip


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
    """Places were given back, by the booker or by a coordinator.

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
    send(
        session, event, with_places(session, booking.id), "events/place_given", only=attendee,
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
    became: BecameOf,
    now: datetime,
) -> None:
    """The places of somebody go to another person, or to nobody yet."""
    news = [CalendarNews(place, "CANCEL") for place in places]
    booking = with_places(session, booking.id)
    send(
        session, event, booking, "events/place_ended", about=places, news=news, only=attendee,
        extra={"became": became}, now=now,
    )  # fmt: skip


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


def event_cancelled(
    session: DbSession,
    event: Event,
    *,
    ended: Sequence[Place],
    lost: Collection[int],
    reason: str,
    now: datetime,
) -> int:
    """The event is off: tell each whose places ended. ``lost``: ids of those that were confirmed.
    Returns how many people were told."""
    notices = notices_of_end(ended, lost=lost, reason=reason)
    return len(send_all(session, event, notices, now=now))


def renamed(
    session: DbSession,
    event: Event,
    held: Sequence[Place],
    *,
    changes: Sequence[Change],
    reason: str = "",
    now: datetime,
) -> int:
    """The event has another title: one mail to each who holds places in these dates, and an update
    for each of the dates; returns how many people were told."""
    notices = notices_of_title(held, changes=changes, reason=reason)
    return len(send_all(session, event, notices, now=now))


def reminders(session: DbSession, event: Event, places: Sequence[Place], *, now: datetime) -> None:
    """The day before, to each who has these places. Carries no calendar part."""
    notices = [
        Notice(booking, "events/reminder", theirs) for booking, theirs in _of_each(session, places)
    ]
    send_all(session, event, notices, now=now)


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
    send(session, event, booking, "events/new_address", about=places, only=attendee, now=now)


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


def _of_each(session: DbSession, places: Sequence[Place]) -> list[tuple[Booking, list[Place]]]:
    """These places with their bookings, as a letter needs them."""
    theirs = by_booking(places)
    session.flush()
    bookings = bookings_with_places(session, theirs)
    return [(bookings[booking_id], places) for booking_id, places in theirs.items()]
