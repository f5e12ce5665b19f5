"""Bookings as their owners see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from netapp.events.links import is_booking_key
from netapp.events.models import (
    BookedAs,
    Booking,
    BookingEntry,
    Event,
    EventMode,
    EventSession,
    EventStatus,
    PlaceState,
)
from netapp.events.queries.booking_dates import PlaceLine, State, place_lines
from netapp.events.queries.dates import spans_of
from netapp.events.queries.endings import Ending
from netapp.events.queries.my_clashes import clashes_by_date
from netapp.events.queries.needs import MyNeeds, my_needs
from netapp.events.queries.next_steps import NextStep, next_steps
from netapp.events.queries.pages import change_words
from netapp.events.queries.party import Party, party_of
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import moment_words
from netapp.people.models import Person

UNKNOWN = "0" * 32


@dataclass(frozen=True, slots=True)
class Opened:
    """A booking that somebody may see: by the link in the mail, or because it is theirs."""

    id: int
    reference: str
    person_id: int
    by_link: bool


@dataclass(frozen=True, slots=True)
class StoryLine:
    when_words: str
    what: str
    by: str


@dataclass(frozen=True, slots=True)
class BookingPage:
    """All that its owner sees of a booking."""

    reference: str
    version: int
    live: bool
    name: str
    first_name: str
    email: str
    is_guest: bool
    invitations: bool
    slug: str
    title: str
    seed: str
    zone: str
    is_sample: bool
    is_cancelled: bool  # The whole event.
    cancel_reason: str
    online: bool
    whole: bool
    offer_hours: int
    change_words: str
    cost: str  # In words; empty where nobody wrote any.
    contact_name: str
    contact_email: str
    dates: tuple[PlaceLine, ...]
    party: Party
    offer_clashes: tuple[str, ...]  # What else they have at the time of what is on offer, …
    date_clashes: Mapping[str, tuple[str, ...]]  # … and of dates they could add, by their keys.
    next_steps: tuple[NextStep, ...]
    told: MyNeeds
    story: tuple[StoryLine, ...]

    def in_state(self, *states: State) -> tuple[PlaceLine, ...]:
        return tuple(line for line in self.dates if line.state in states)

    @property
    def swap_offers(self) -> tuple[PlaceLine, ...]:
        """Dates of which the other way to take part is on offer, beside what they have."""
        return tuple(line for line in self.dates if line.swap and line.swap.offer_ends)

    @property
    def held(self) -> tuple[PlaceLine, ...]:
        """Confirmed dates that are still to come or running."""
        return tuple(line for line in self.in_state("confirmed") if not line.is_over)

    @property
    def is_past(self) -> bool:
        """All that was held or waited for is over."""
        mine = [line for line in self.dates if line.is_live]
        return bool(mine) and all(line.is_over for line in mine)

    @property
    def ending(self) -> str:
        """How the booking ended, in a few words; empty where its dates ended differently."""
        said = {end.badge for end in self._endings}
        return said.pop() if not self.live and len(said) == 1 else ""

    @property
    def by_choice(self) -> bool:
        """Nobody else ended any of it."""
        return not any(end.by_network for end in self._endings)

    @property
    def only_waited(self) -> bool:
        """Nothing is left of it, and there never was a place."""
        return not self.live and all(end.waited for end in self._endings)

    @property
    def may_return(self) -> bool:
        """Something of what ended is still to come."""
        return any(x.ending and not (x.is_over or x.is_cancelled) for x in self.dates)

    @property
    def _endings(self) -> tuple[Ending, ...]:
        return tuple(line.ending for line in self.dates if line.ending)

    @property
    def to_give_back(self) -> tuple[PlaceLine, ...]:
        return tuple(line for line in self.dates if line.is_live and line.can_change)

    @property
    def can_choose(self) -> bool:
        """Whether other dates can be chosen: there is more than one, and one can still change."""
        return self.live and len(self.choice) > 1 and any(x.can_change for x in self.choice)

    @property
    def choice(self) -> tuple[PlaceLine, ...]:
        """The dates to tick or untick."""
        return () if self.whole else tuple(x for x in self.dates if x.is_live or x.can_add)


def open_booking(
    session: DbSession, reference: str, *, person_id: int | None, key: str
) -> Opened | None:
    """The booking, for its signed-in owner or whoever holds the key from the mail.

    None is the answer to everybody else, whether it exists or not; a key is tried either way.
    """
    site = site_of(session)
    booking = session.scalar(select(Booking).where(Booking.reference == reference.upper()))
    if booking is None:
        is_booking_key(site, Booking(reference=UNKNOWN, link_version=0), key)
        return None
    if person_id is not None and booking.person_id == person_id:
        return Opened(booking.id, booking.reference, booking.person_id, by_link=False)
    if key and is_booking_key(site, booking, key):
        return Opened(booking.id, booking.reference, booking.person_id, by_link=True)
    return None


def booking_page(
    session: DbSession, booking_id: int, now: datetime, *, signed_in: bool = False
) -> BookingPage:
    """``signed_in``: its owner looks, and sees what they keep in their profile, too."""
    booking = session.scalars(
        select(Booking)
        .where(Booking.id == booking_id)
        .options(
            joinedload(Booking.event)
            .selectinload(Event.sessions)
            .selectinload(EventSession.segments),
            selectinload(Booking.places),
            selectinload(Booking.attendees),
        )
        .execution_options(populate_existing=True)
    ).one()
    event, site = booking.event, site_of(session)
    person = session.scalars(select(Person).where(Person.id == booking.person_id)).one()
    lines = place_lines(session, booking, now)
    dates = {date.id: date.key for date in event.sessions}
    offered = [dates[p.session_id] for p in booking.places if p.state is PlaceState.OFFERED]
    clashes = _clashes(session, booking, lines, offered, now)
    name = booking.name
    return BookingPage(
        reference=booking.reference,
        version=booking.version,
        live=booking.live,
        name=name,
        first_name=name.split()[0] if name.split() else name,
        email=person.email,
        is_guest=person.registered_at is None,
        invitations=person.invitations,
        slug=event.slug,
        title=event.title,
        seed=event.key,
        zone=event.zone,
        is_sample=event.is_sample,
        is_cancelled=event.status is EventStatus.CANCELLED,
        cancel_reason=event.cancel_reason,
        online=event.mode is EventMode.ONLINE,
        whole=event.booked_as is BookedAs.WHOLE,
        offer_hours=event.offer_hours,
        change_words=change_words(event),
        cost=event.cost or "",
        contact_name=event.access_contact_name or site.name,
        contact_email=event.access_contact_email or site.contact_email,
        dates=lines,
        party=party_of(site, event, booking, now),
        offer_clashes=tuple(dict.fromkeys(chain(*(clashes.get(key, ()) for key in offered)))),
        date_clashes={key: words for key, words in clashes.items() if key not in offered},
        next_steps=next_steps(event, lines, now),
        told=my_needs(session, event, booking, booking.person_id, now, signed_in=signed_in),
        story=_story(session, booking, event.zone),
    )


def _clashes(
    session: DbSession,
    booking: Booking,
    lines: Sequence[PlaceLine],
    offered: Sequence[str],
    now: datetime,
) -> dict[str, tuple[str, ...]]:
    """What else they have at the time of what is on offer and of what they could add or move to,
    by the keys of the dates."""
    wanted = {*offered, *(line.key for line in lines if line.can_add)}
    dates = [date for date in booking.event.sessions if date.key in wanted]
    spans = {date.key: span for date, span in zip(dates, spans_of(dates), strict=True)}
    return clashes_by_date(session, booking.person_id, spans, besides=booking.event_id, now=now)


def _story(session: DbSession, booking: Booking, zone: str) -> tuple[StoryLine, ...]:
    entries = session.scalars(
        select(BookingEntry)
        .where(BookingEntry.booking_id == booking.id)
        .order_by(BookingEntry.at.desc(), BookingEntry.id.desc())
    )
    names = {"worker": "", "desk": ""}  # The sentence says it.
    return tuple(
        StoryLine(moment_words(entry.at, zone), entry.what, names.get(entry.by, entry.by))
        for entry in entries
    )
