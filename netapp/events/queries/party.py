"""The people of a booking: who is named, what is missing and until when."""

from dataclasses import dataclass
from datetime import datetime

from netapp.events.links import names_url
from netapp.events.models import LIVE_STATES, Attendee, Booking, Event, EventSession
from netapp.events.policies import can_give_back, is_coming
from netapp.events.queries.letter_words import most_in_a_date, names_wanted_by
from netapp.kernel.site import Site
from netapp.kernel.words import date_words, moment_words


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody on a booking; ``name`` is empty while nobody is named."""

    key: str
    name: str
    is_booker: bool
    has_address: bool  # They hear from us by themselves.
    can_name: bool  # Something of theirs is still to come.
    can_give_back: bool
    days: tuple[str, ...]  # Where they are not there on all dates of the booking.

    @property
    def initials(self) -> str:
        """S. O., for whoever has no need of the name."""
        return " ".join(f"{word[0].upper()}." for word in self.name.split()[:3])


@dataclass(frozen=True, slots=True)
class Party:
    """The people of a booking, as the booker sees them."""

    is_party: bool
    places: int
    organisation: str
    order_number: str
    people: tuple[PersonLine, ...]
    unnamed: int
    wanted_by: str  # Until when they must be named; empty where there is no end but the start.
    names_url: str

    @property
    def to_name(self) -> tuple[PersonLine, ...]:
        return tuple(line for line in self.people if line.can_name)

    @property
    def has_others(self) -> bool:
        """It is for more than the booker alone."""
        return self.is_party and any(not line.is_booker for line in self.people)


def party_of(site: Site, event: Event, booking: Booking, now: datetime) -> Party:
    """``event.sessions``, ``places`` and ``attendees`` are loaded."""
    dates = {date.id: date for date in event.sessions}
    people = tuple(
        line
        for attendee in booking.attendees
        if (line := _line(event, booking, attendee, dates, now)) is not None
    )
    until = names_wanted_by(event, booking, dates) if booking.is_party else None
    unnamed = sum(not line.name and line.can_name for line in people)
    return Party(
        is_party=booking.is_party,
        places=most_in_a_date(booking),
        organisation=booking.organisation,
        order_number=booking.order_number,
        people=people,
        unnamed=unnamed,
        wanted_by=moment_words(until, event.zone) if unnamed and until and until > now else "",
        names_url=names_url(site, booking),
    )


def _line(
    event: Event,
    booking: Booking,
    attendee: Attendee,
    dates: dict[int, EventSession],
    now: datetime,
) -> PersonLine | None:
    """None for somebody whose places have all ended."""
    live = [p for p in booking.places if p.state in LIVE_STATES]
    theirs = [place for place in live if place.attendee_id == attendee.id]
    if not theirs:
        return None
    there = {place.session_id for place in theirs}
    apart = there != {place.session_id for place in live}
    coming = [place for place in theirs if is_coming(dates[place.session_id], now)]
    return PersonLine(
        key=attendee.key,
        name=attendee.name,
        is_booker=attendee.person_id == booking.person_id,
        has_address=attendee.person_id is not None,
        can_name=bool(coming),
        can_give_back=any(can_give_back(event, dates[p.session_id], p, now) for p in coming),
        days=tuple(
            date_words(date.starts_at, event.zone) for date in event.sessions if date.id in there
        )
        if apart
        else (),
    )
