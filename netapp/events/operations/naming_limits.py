"""How many people may be named: whoever is, with an address, gets a mail from us."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from netapp.kernel.db import DbSession
from netapp.kernel.limits import Limit, count_and_check

BY_BOOKING: Final = Limit("people named, booking", 60, timedelta(hours=1))
BY_CLIENT: Final = Limit("people named, client address", 120, timedelta(hours=1))
BY_ADDRESS: Final = Limit("people named, email address", 5, timedelta(hours=1))


def count_named(
    session: DbSession, *, booking_id: int, emails: Sequence[str], client: str, now: datetime
) -> bool:
    """Count these addresses, by the booking, by the one who names and by themselves; True while
    all is within the limits. Commit it by itself, also when it is refused."""
    within = True
    for email in emails:
        within &= count_and_check(session, BY_BOOKING, str(booking_id), now)
        within &= count_and_check(session, BY_CLIENT, client, now)
        within &= count_and_check(session, BY_ADDRESS, email, now)
    return within
