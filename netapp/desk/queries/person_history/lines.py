"""What one line of somebody's history is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Final, TypeAlias

from netapp.kernel.db import DbSession


class Kind(Enum):
    """Of lines, in the order of the filter."""

    MEMBERSHIP = "membership"
    ORGANISATIONS = "organisations"
    GROUPS = "groups"
    BOOKINGS = "bookings"
    MAILS = "mails"
    CONSENTS = "consents"
    ACCOUNT = "account"
    DESK = "desk"
    CHECKS = "checks"


WORDS: Final = {
    Kind.MEMBERSHIP: "Membership",
    Kind.ORGANISATIONS: "Organisations",
    Kind.GROUPS: "Groups",
    Kind.BOOKINGS: "Bookings",
    Kind.MAILS: "Mails",
    Kind.CONSENTS: "Consents and data",
    Kind.ACCOUNT: "Account",
    Kind.DESK: "Activity log",
    Kind.CHECKS: "Checks",
}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """Something that happened to somebody, or that they did. ``by``: who did it, where it was not
    they; ``day_only``: of the moment only the day is known."""

    at: datetime
    kind: Kind
    words: str
    more: str = ""
    by: str = ""
    href: str = ""
    day_only: bool = False


@dataclass(frozen=True, slots=True)
class Whose:
    """Of whom the history is, and until when it goes. ``keys`` and ``emails``: also of those who
    turned out to be them."""

    id: int
    keys: Sequence[str]
    emails: Sequence[str]
    now: datetime
    most: int  # Lines of each source, the newest.


Source: TypeAlias = Callable[[DbSession, Whose], list[HistoryLine]]


def on_day(day: date) -> datetime:
    """A moment for a day of the network's zone: noon, which is on that day in ours."""
    return datetime.combine(day, time(12), UTC)
