"""What a coordinator typed about an event: values that are not rows yet.

Texts have passed the text gate; an empty one is None. Moments are aware, in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from netapp.events.models import (
    Art,
    Audience,
    BookedAs,
    EventKind,
    EventMode,
    EventSession,
    Pool,
    RequestKind,
    Theme,
    WindowFor,
)
from netapp.people.access import Told


@dataclass(frozen=True, slots=True)
class SegmentPlan:
    """A part of a date with its own time, e.g. social time from 4pm; its end may be open."""

    title: str
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class DatePlan:
    starts_at: datetime
    ends_at: datetime
    title: str | None = None
    place: str | None = None
    join_link: str | None = None
    note: str | None = None
    segments: tuple[SegmentPlan, ...] = ()


@dataclass(frozen=True, slots=True)
class PlacesPlan:
    """How many places one date has; ``capacity`` None: without limit."""

    capacity: int | None
    kept_back: int = 0
    over_booking: int = 0


PlacesByPool = Mapping[str, PlacesPlan]
"""By what ``pool_key`` says."""


def pool_key(date: EventSession, pool: Pool) -> str:
    """Names the pool of a date in forms: the key of the date; with the mode for a second one.
    ``pools`` must be loaded."""
    return date.key if pool is date.pools[0] else f"{date.key}_{pool.mode.value}"


@dataclass(frozen=True, slots=True)
class NewEvent:
    title: str
    kind: EventKind
    mode: EventMode
    first: DatePlan
    capacity: int | None
    online_capacity: int | None = None  # Of a hybrid event, whose capacity is in person.


@dataclass(frozen=True, slots=True)
class Details:
    title: str
    slug: str
    kind: EventKind
    mode: EventMode | None = None
    summary: str | None = None
    description: str | None = None  # Markdown.
    theme: Theme | None = None
    art: Art = Art.ROUTES
    audience: Audience = Audience.EVERYONE
    hosts: str | None = None
    partners: str | None = None
    who_for: str | None = None
    cost: str | None = None
    term_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class BookingRules:
    booked_as: BookedAs
    booking_opens_at: datetime | None = None
    booking_closes_at: datetime | None = None
    change_until_hours: int = 0
    has_waiting_list: bool = True
    offer_hours: int = 24
    join_hours: int = 48
    party_most: int = 10  # Places in one booking; 1: no parties.
    name_until_days: int = 3
    pass_limit: int = 3
    reminder_hour: int = 10
    organiser_id: int | None = None


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """Who may book from when; ``area`` is the slug of a term, for windows of an area only."""

    who: WindowFor
    opens_at: datetime
    area: str = ""


@dataclass(frozen=True, slots=True)
class OpeningPlan:
    """When booking opens for everyone, and for whom earlier."""

    booking_opens_at: datetime | None
    windows: tuple[WindowPlan, ...] = ()


@dataclass(frozen=True, slots=True)
class AccessAnswers:
    """``facts``: (kind, text) pairs, kinds of ``access_facts.KINDS``."""

    facts: tuple[tuple[str, str], ...]
    contact_name: str | None
    contact_email: str | None
    ask_days: int = 21  # Before a date: until when an interpreter or captions are asked for.


NO_FOOD: Final = Told()


@dataclass(frozen=True, slots=True)
class Telling:
    """What somebody tells one event about taking part, all of it: what is left out is deleted.

    They have agreed to ``consent.ACCESS_NEEDS`` for what they wrote, to ``SHARING`` for what they
    share, and to ``ASKING`` for what they ask for.
    """

    needs: str = ""
    food: Told = NO_FOOD
    asks: frozenset[RequestKind] = frozenset()
    shares_access: bool = False
    shares_food: bool = False


NOTHING_TOLD: Final = Telling()
