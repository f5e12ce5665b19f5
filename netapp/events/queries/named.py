"""The pages of those whom somebody else named, and of whoever names them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from netapp.events.links import is_names_key, is_place_key
from netapp.events.models import (
    LIVE_STATES,
    Attendee,
    Booking,
    Event,
    EventSession,
    EventStatus,
    PlaceState,
)
from netapp.events.queries.booking_dates import PlaceLine, place_lines
from netapp.events.queries.bookings import UNKNOWN, Opened, open_booking
from netapp.events.queries.party import Party, party_of
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import span_words


@dataclass(frozen=True, slots=True)
class NamesPage:
    """What whoever names the people sees; no address of anybody."""

    reference: str
    live: bool
    slug: str
    title: str
    is_sample: bool
    contact_name: str
    contact_email: str
    dates: tuple[str, ...]  # Thursday 21 January 2027, 2pm to 5:30pm GMT
    is_waiting: bool  # Nothing is confirmed yet.
    party: Party


@dataclass(frozen=True, slots=True)
class OpenedPlace:
    """The place of one person that whoever looks may see."""

    booking_id: int
    reference: str
    attendee_key: str
    person_id: int
    by_link: bool


@dataclass(frozen=True, slots=True)
class AttendeePage:
    """What somebody sees for whom another person booked."""

    reference: str
    key: str
    name: str
    first_name: str
    given_by: str
    organisation: str
    slug: str
    title: str
    zone: str
    is_sample: bool
    is_cancelled: bool
    cancel_reason: str
    contact_name: str
    contact_email: str
    dates: tuple[PlaceLine, ...]
    can_hand_back: bool

    @property
    def has_place(self) -> bool:
        return any(line.state == "confirmed" and not line.is_over for line in self.dates)


def open_names(
    session: DbSession, reference: str, *, person_id: int | None, key: str
) -> tuple[Opened, bool] | None:
    """A booking whose people may be named: by its owner, by the link of the booking, or (True) by
    the link for names alone, which only parties have."""
    if opened := open_booking(session, reference, person_id=person_id, key=key):
        return opened, False
    booking = session.scalar(select(Booking).where(Booking.reference == reference.upper()))
    if booking is None:
        is_names_key(site_of(session), Booking(reference=UNKNOWN, link_version=0), key)
        return None
    if key and booking.is_party and is_names_key(site_of(session), booking, key):
        return Opened(booking.id, booking.reference, booking.person_id, by_link=True), True
    return None


def names_page(session: DbSession, booking_id: int, now: datetime) -> NamesPage:
    booking = _loaded(session, booking_id)
    event, site = booking.event, site_of(session)
    live = [place for place in booking.places if place.state in LIVE_STATES]
    there = {place.session_id for place in live}
    return NamesPage(
        reference=booking.reference,
        live=booking.live,
        slug=event.slug,
        title=event.title,
        is_sample=event.is_sample,
        contact_name=event.access_contact_name or site.name,
        contact_email=event.access_contact_email or site.contact_email,
        dates=tuple(
            span_words(date.starts_at, date.ends_at, event.zone)
            for date in event.sessions
            if date.id in there
        ),
        is_waiting=bool(live) and all(p.state is not PlaceState.CONFIRMED for p in live),
        party=party_of(site, event, booking, now),
    )


def open_place(
    session: DbSession, reference: str, attendee_key: str, *, person_id: int | None, key: str
) -> OpenedPlace | None:
    """The place of one person on a booking: for them, signed in or with the key of their mail.
    None is the answer to everybody else, whether it exists or not."""
    site = site_of(session)
    attendee = session.scalar(
        select(Attendee)
        .join(Attendee.booking)
        .where(Booking.reference == reference.upper(), Attendee.key == attendee_key)
        .options(joinedload(Attendee.booking))
    )
    if attendee is None or attendee.person_id is None:
        unknown = Booking(reference=UNKNOWN, link_version=0)
        is_place_key(site, unknown, Attendee(key=UNKNOWN, person_id=0), key)
        return None
    booking = attendee.booking
    if attendee.person_id == booking.person_id:  # Theirs is the page of the booking.
        return None
    if person_id is not None and attendee.person_id == person_id:
        return _opened_place(booking, attendee, attendee.person_id, by_link=False)
    if key and is_place_key(site, booking, attendee, key):
        return _opened_place(booking, attendee, attendee.person_id, by_link=True)
    return None


def _opened_place(
    booking: Booking, attendee: Attendee, person_id: int, *, by_link: bool
) -> OpenedPlace:
    return OpenedPlace(booking.id, booking.reference, attendee.key, person_id, by_link)


def place_of_person(session: DbSession, reference: str, person_id: int) -> str | None:
    """The key of this person on a booking that somebody else made."""
    return session.scalar(
        select(Attendee.key)
        .join(Attendee.booking)
        .where(Booking.reference == reference.upper(), Attendee.person_id == person_id)
        .order_by(Attendee.id.desc())
        .limit(1)
    )


def attendee_page(
    session: DbSession, booking_id: int, attendee_key: str, now: datetime
) -> AttendeePage:
    booking = _loaded(session, booking_id)
    event, site = booking.event, site_of(session)
    attendee = next(each for each in booking.attendees if each.key == attendee_key)
    lines = place_lines(session, booking, now, attendee=attendee)
    name = attendee.name
    return AttendeePage(
        reference=booking.reference,
        key=attendee.key,
        name=name,
        first_name=name.split()[0] if name.split() else name,
        given_by=booking.name,
        organisation=booking.organisation,
        slug=event.slug,
        title=event.title,
        zone=event.zone,
        is_sample=event.is_sample,
        is_cancelled=event.status is EventStatus.CANCELLED,
        cancel_reason=event.cancel_reason,
        contact_name=event.access_contact_name or site.name,
        contact_email=event.access_contact_email or site.contact_email,
        dates=lines,
        can_hand_back=any(line.is_live and line.starts_at > now for line in lines),
    )


def _loaded(session: DbSession, booking_id: int) -> Booking:
    with_dates = joinedload(Booking.event).selectinload(Event.sessions)
    return session.scalars(
        select(Booking)
        .where(Booking.id == booking_id)
        .options(
            with_dates.selectinload(EventSession.segments),
            selectinload(Booking.places),
            selectinload(Booking.attendees),
        )
        .execution_options(populate_existing=True)
    ).one()
