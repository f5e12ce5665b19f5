"""The address of the link by which people take a seat; and whether one that came in is it."""

from netapp.kernel.site import Site
from netapp.kernel.tokens import sign, verify
from netapp.membership.seat_models import SeatLink
from netapp.organisations.models import Organisation

PURPOSE = "seat of an organisation"


def seat_url(site: Site, organisation: Organisation, link: SeatLink) -> str:
    """It may be passed on: it takes one seat for whoever is signed in, and signs nobody in."""
    key = sign(site.secret, PURPOSE, organisation.key, link.version)
    return site.url(f"/seats/{organisation.key}?key={key}")


def is_seat_key(site: Site, organisation_key: str, link: SeatLink | None, sent: str) -> bool:
    """Takes as long where there is no such link."""
    version = link.version if link else 0
    right = verify(site.secret, sent, PURPOSE, organisation_key, version)
    return right and link is not None and link.is_open
