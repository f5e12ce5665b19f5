"""Addresses that put a calendar into the programs people use."""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from netapp.kernel.site import Site


@dataclass(frozen=True, slots=True)
class Subscribe:
    """One calendar and the ways to it.

    ``webcal`` opens the calendar program of a phone or computer. Google takes only a ``webcal``
    address, and only on a computer. Both Outlooks are on the web, for private and work accounts.
    """

    name: str
    address: str
    webcal: str
    google: str
    outlook: str
    office: str


def subscribe(site: Site, path: str, name: str) -> Subscribe:
    address = site.url(path)
    webcal = urlsplit(address)._replace(scheme="webcal").geturl()
    query = f"url={quote(address, safe='')}&name={quote(name, safe='')}"
    return Subscribe(
        name=name,
        address=address,
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
        outlook=f"https://outlook.live.com/calendar/0/addfromweb?{query}",
        office=f"https://outlook.office.com/calendar/0/addfromweb?{query}",
    )
