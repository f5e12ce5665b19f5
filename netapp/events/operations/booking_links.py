"""Mail the way into their bookings again, to the address they were made with.

Whoever asks learns nothing about the address: whether it has bookings shows neither in the answer
nor in the work it takes; only the mail to that address tells.
"""

from datetime import datetime, timedelta
from typing import Final

from netapp.events.queries.openable import Openable, bookings_to_open
from netapp.kernel.db import DbSession
from netapp.kernel.limits import Limit, count_and_check
from netapp.kernel.site import site_of
from netapp.mail import operations as mail
from netapp.mail.operations import Address
from netapp.people.queries import leads_to

LINKS_TO_ADDRESS: Final = Limit("booking links mailed to address", 5, timedelta(hours=1))
LINKS_FROM_CLIENT: Final = Limit("booking links asked for by client", 30, timedelta(hours=1))


def count_request(session: DbSession, *, email: str, client: str, now: datetime) -> bool:
    """Whether the links may be asked for once more. Counts it; commit that by itself."""
    by_client = count_and_check(session, LINKS_FROM_CLIENT, client, now)
    return count_and_check(session, LINKS_TO_ADDRESS, email, now) and by_client


def send_links(session: DbSession, *, email: str, now: datetime) -> None:
    """One mail with the links to all bookings of this canonical address that are to come; to the
    one they have now, where this is one from before they were merged."""
    email = leads_to(session, email)
    name, found = bookings_to_open(session, email, now)
    first, *others = found or [_nothing(session)]
    (mail.enqueue if found else mail.rehearse)(
        session,
        to=Address(name, email),
        message="events/booking_links",
        about=f"booking:{first.reference}",
        now=now,
        context={
            "name": name.split()[0] if name.split() else None,
            "event": {"title": first.title},
            "when": first.when_words,
            "manage_url": first.url,
            "reference": first.reference,
            "others": [
                {"title": each.title, "when": each.when_words, "url": each.url} for each in others
            ],
        },
    )


def _nothing(session: DbSession) -> Openable:
    """What the letter is rehearsed with."""
    site = site_of(session)
    return Openable("AAAA-AAAA-AA", "Nothing", "Monday 1 January 2024, 2pm GMT", site.url("/"))
