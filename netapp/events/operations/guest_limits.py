"""How often people without an account may book: anybody can type somebody else's address."""

from datetime import datetime, timedelta
from typing import Final

from netapp.events.errors import TooManyBookings
from netapp.kernel.db import DbSession
from netapp.kernel.limits import Limit, count_and_check

BY_ADDRESS: Final = Limit("guest bookings, email address", 5, timedelta(hours=1))
BY_CLIENT: Final = Limit("guest bookings, client address", 40, timedelta(hours=1))


def count_guest_booking(session: DbSession, *, email: str, client: str, now: datetime) -> None:
    """Count one more try to book as a guest. Commit it by itself, also when it is refused.

    Raises ``TooManyBookings``, alike for known and unknown addresses.
    """
    by_client = count_and_check(session, BY_CLIENT, client, now)
    by_address = count_and_check(session, BY_ADDRESS, email, now)
    if not (by_client and by_address):
        raise TooManyBookings
