"""What somebody typed about a meeting: values that are not rows yet."""

from dataclasses import dataclass
from datetime import date, datetime

from netapp.events.models import EventMode


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """``books_all``: everybody in the group gets a place at once; else they book."""

    title: str
    starts_at: datetime
    ends_at: datetime
    mode: EventMode
    place: str = ""
    join_link: str = ""
    words: str = ""  # What it is about, for the mail and the page.
    books_all: bool = True


@dataclass(frozen=True, slots=True)
class DecisionPlan:
    """``owner_key`` is the public key of a person; empty: nobody."""

    words: str
    owner_key: str = ""
    due_on: date | None = None
