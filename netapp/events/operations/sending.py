"""How a letter about a booking goes out: to whom, with which dates and calendar messages.

The booker hears of everything. The other people of a party, where we have an address, hear of
their own places once these are confirmed, in a mail of their own that leads to their own page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from netapp.events.models import (
    LIVE_STATES,
    Attendee,
    Booking,
    Event,
    EventSession,
    Place,
    PlaceState,
)
from netapp.events.operations.invitations import CalendarNews, item_files, next_invitation
from netapp.events.queries.letter_words import (
    attendee_context,
    date_lines,
    dates_of,
    letter_context,
)
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.mail import operations as mail
from netapp.mail.operations import Address
from netapp.people.models import Person

TO_ATTENDEES: Final = {
    "events/booking_confirmed": "events/place_given",
    "events/booking_received": "events/place_given",
    **{
        message: message
        for message in (
            "events/booking_changed",
            "events/booking_cancelled",
            "events/session_moved",
            "events/place_changed",
            "events/session_cancelled",
            "events/event_renamed",
            "events/reminder",
            "events/runs",
            "events/undecided",
            "events/place_given",
            "events/place_ended",
        )
    },
}
"""What the other people of a party are told, and by which letter; all else is the booker's."""

FOR_ONE_PERSON: Final = frozenset({"events/reminder", "events/place_given", "events/place_ended"})
"""Letters about somebody's own places; of what has no address the booker hears."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody a letter goes to. ``attendee`` None: the booker."""

    person: Person
    name: str
    message: str
    attendee: Attendee | None
    about: Sequence[Place]
    news: Sequence[CalendarNews]


def send(
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
    """Tell everybody whom these places concern; ``booking`` with places and attendees."""
    dates = dates_of(session, event)
    for recipient in _recipients(session, booking, message, about, news):
        _send_to(session, event, booking, recipient, dates, extra or {}, now)


def send_to_named(
    session: DbSession,
    event: Event,
    booking: Booking,
    message: str,
    attendee: Attendee,
    *,
    about: Sequence[Place],
    news: Sequence[CalendarNews] = (),
    extra: dict[str, Any] | None = None,
    now: datetime,
) -> None:
    """Tell only this one person of their places, even if they are the booker."""
    person = session.get_one(Person, attendee.person_id)
    other = attendee if person.id != booking.person_id else None
    recipient = Recipient(person, attendee.name, message, other, about, news)
    _send_to(session, event, booking, recipient, dates_of(session, event), extra or {}, now)


def with_places(session: DbSession, booking_id: int) -> Booking:
    """The booking as a letter needs it, places and attendees loaded."""
    session.flush()
    return session.scalars(
        select(Booking)
        .where(Booking.id == booking_id)
        .options(selectinload(Booking.places), selectinload(Booking.attendees))
    ).one()


def live_places(session: DbSession, date: EventSession) -> Sequence[Place]:
    """Everybody who holds or waits for a place in a date, in the order they came."""
    return session.scalars(
        select(Place)
        .where(Place.session_id == date.id, Place.state.in_(LIVE_STATES))
        .options(selectinload(Place.booking).selectinload(Booking.places))
        .order_by(Place.id)
    ).all()


def by_booking(places: Sequence[Place]) -> dict[int, list[Place]]:
    """The places of each booking, in the order they came."""
    found: dict[int, list[Place]] = {}
    for place in places:
        found.setdefault(place.booking_id, []).append(place)
    return found


def _recipients(
    session: DbSession,
    booking: Booking,
    message: str,
    about: Sequence[Place],
    news: Sequence[CalendarNews],
) -> list[Recipient]:
    booker = session.get_one(Person, booking.person_id)
    if not booking.is_party:
        return [Recipient(booker, booking.name, message, None, about, news)]
    mine: dict[int, list[Place]] = {}
    lost = [each.place for each in news if each.place not in about]  # Named by the news alone.
    for place in [*about, *lost]:
        if place.person_id is not None and place.person_id != booker.id:
            mine.setdefault(place.attendee_id, []).append(place)
    elsewhere = {place.id for places in mine.values() for place in places}
    personal = message in FOR_ONE_PERSON
    bookers = [p for p in about if not (personal and p.id in elsewhere)]
    found = []
    if bookers:
        news_of = [each for each in news if each.place.person_id == booker.id]
        found.append(Recipient(booker, booking.name, message, None, bookers, news_of))
    names = {attendee.id: attendee for attendee in booking.attendees}
    told = {each.place.id for each in news}
    for attendee_id, places in mine.items() if message in TO_ATTENDEES else ():
        theirs = [p for p in places if p.id in told or p.state is PlaceState.CONFIRMED]
        if not theirs:
            continue
        attendee = names[attendee_id]
        person = session.get_one(Person, theirs[0].person_id)
        of_theirs = [each for each in news if each.place in theirs]
        letter = TO_ATTENDEES[message]
        if message == "events/booking_changed" and not any(p.state in LIVE_STATES for p in theirs):
            letter = "events/place_ended"
        found.append(Recipient(person, attendee.name, letter, attendee, theirs, of_theirs))
    return found


def _send_to(
    session: DbSession,
    event: Event,
    booking: Booking,
    recipient: Recipient,
    dates: dict[int, EventSession],
    extra: dict[str, Any],
    now: datetime,
) -> None:
    """One mail about these places, with its calendar message; a short mail for each of several.

    Calendar programs read only the first entry of a file, so each goes by itself. Who has turned
    invitations off gets the dates as files to open.
    """
    site, person, news = site_of(session), recipient.person, recipient.news
    context = letter_context(site, event, booking, person, dates)
    if recipient.attendee:
        context |= attendee_context(site, booking, recipient.attendee)
    context |= extra
    to = Address(recipient.name, person.email)
    written = [
        (n, next_invitation(session, event, booking, person, dates, n, recipient.attendee, now))
        for n in news
    ]
    invitations = [(each.place, invitation) for each, invitation in written if invitation]
    alone = invitations[0][1] if len(invitations) == 1 else None
    mail.enqueue(
        session,
        to=to,
        message=recipient.message,
        about=f"booking:{booking.reference}",
        now=now,
        context=context
        | {
            "dates": date_lines(session, site, event, dates, recipient.about),
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
