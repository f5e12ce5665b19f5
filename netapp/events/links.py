"""Addresses of events and bookings, for mails and calendars, where no request is at hand."""

from netapp.events.models import Booking, Event, EventSession, Interest
from netapp.kernel.site import Site
from netapp.kernel.tokens import sign, verify

PURPOSE = "booking"
INTEREST = "interest"


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
