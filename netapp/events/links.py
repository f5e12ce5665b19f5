"""Addresses of events and bookings, for mails and calendars, where no request is at hand."""

from netapp.events.models import Attendee, Booking, Event, EventSession, Interest
from netapp.kernel.site import Site
from netapp.kernel.tokens import sign, verify

PURPOSE = "booking"
INTEREST = "interest"
PLACE = "place"
NAMES = "names"


def event_url(site: Site, event: Event) -> str:
    return site.url(f"/events/{event.slug}")


def item_url(site: Site, event: Event, session: EventSession) -> str:
    return site.url(f"/events/{event.slug}/sessions/{session.key}.ics")


def booking_url(site: Site, booking: Booking) -> str:
    """The address without a secret: for calendars, which people share."""
    return site.url(f"/bookings/{booking.reference}")


def booking_key(site: Site, booking: Booking) -> str:
    """The capability in the mail's link: it manages this booking, and never signs anyone in."""
    return sign(site.secret, PURPOSE, booking.reference, booking.link_version)


def manage_url(site: Site, booking: Booking) -> str:
    return f"{booking_url(site, booking)}?key={booking_key(site, booking)}"


def is_booking_key(site: Site, booking: Booking, key: str) -> bool:
    return verify(site.secret, key, PURPOSE, booking.reference, booking.link_version)


def place_url(site: Site, booking: Booking, attendee: Attendee) -> str:
    """The page of one person of a party, without a secret."""
    return site.url(f"/bookings/{booking.reference}/places/{attendee.key}")


def place_key(site: Site, booking: Booking, attendee: Attendee) -> str:
    """The capability of that person: it shows their own dates and can hand their place back. Ends
    when somebody else gets the place, and with their address: then the key is another."""
    return sign(site.secret, PLACE, booking.reference, attendee.key, attendee.person_id)


def own_place_url(site: Site, booking: Booking, attendee: Attendee) -> str:
    return f"{place_url(site, booking, attendee)}?key={place_key(site, booking, attendee)}"


def is_place_key(site: Site, booking: Booking, attendee: Attendee, key: str) -> bool:
    parts = (booking.reference, attendee.key, attendee.person_id)
    return verify(site.secret, key, PLACE, *parts)


def names_url(site: Site, booking: Booking) -> str:
    """The link to name the people of a party: it may be passed on, and does nothing else."""
    key = sign(site.secret, NAMES, booking.reference, booking.link_version)
    return f"{booking_url(site, booking)}/names?key={key}"


def is_names_key(site: Site, booking: Booking, key: str) -> bool:
    return verify(site.secret, key, NAMES, booking.reference, booking.link_version)


def questions_url(site: Site, booking: Booking) -> str:
    """Where the booker answers what we ask of everybody on the booking."""
    return f"{booking_url(site, booking)}/questions?key={booking_key(site, booking)}"


def own_questions_url(site: Site, booking: Booking, attendee: Attendee) -> str:
    """Where somebody for whom another person booked answers by themselves."""
    key = place_key(site, booking, attendee)
    return f"{booking_url(site, booking)}/questions/{attendee.key}?key={key}"


def session_uid(site: Site, session: EventSession) -> str:
    """UID of the calendar entry, the same in every feed, item and mail (RFC 5545, 3.8.4.7)."""
    return f"session-{session.key}@{site.uid_domain}"


def confirm_interest_url(site: Site, token: str) -> str:
    """A one-time link for a guest's address."""
    return site.url(f"/interest/confirm/{token}")


def interest_key(site: Site, interest: Interest) -> str:
    """The capability in the mail's link: it takes this interest back, and does nothing else."""
    return sign(site.secret, INTEREST, interest.key)


def interest_url(site: Site, interest: Interest) -> str:
    return site.url(f"/interest/{interest.key}?key={interest_key(site, interest)}")


def is_interest_key(site: Site, key: str, sent: str) -> bool:
    """``key`` names the interest, ``sent`` is the capability that came with the address."""
    return verify(site.secret, sent, INTEREST, key)
