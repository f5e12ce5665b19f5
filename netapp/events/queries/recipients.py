"""Who is told of what happened to a booking, in which letter, and whose calendar changes.

The booker hears of everything. The other people of a party, where we have an address, hear of
their own places once these are confirmed, in a mail of their own that leads to their own page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import bindparam, select

from netapp.events.models import (
    LIVE_STATES,
    Attendee,
    Booking,
    Place,
    PlaceState,
    SentInvitation,
)
from netapp.kernel.db import DbSession, portions
from netapp.people.models import Person

FRESH = {"populate_existing": True}

Method = Literal["REQUEST", "CANCEL"]

TO_ATTENDEES: Final = {
    "events/booking_confirmed": "events/place_given",
    "events/booking_received": "events/place_given",
    **{
        message: message
        for message in (
            "events/booking_changed",
            "events/booking_cancelled",
            "events/dates_changed",
            "events/session_moved",
            "events/place_changed",
            "events/session_cancelled",
            "events/event_renamed",
            "events/minimum_changed",
            "events/reminder",
            "events/runs",
            "events/undecided",
            "events/place_given",
            "events/place_ended",
        )
    },
}
"""What the other people of a party are told, and by which letter; all else is the booker's."""

WITHOUT_NEWS: Final = frozenset(
    {"events/minimum_changed", "events/reminder", "events/runs", "events/undecided"}
)
"""Letters that change nobody's calendar. By any other the other people of a party are told only of
what is new for them: not that all wait for another date, nor what became of somebody else."""

FOR_ONE_PERSON: Final = frozenset({"events/reminder", "events/place_given", "events/place_ended"})
"""Letters about somebody's own places; of what has no address the booker hears."""


@dataclass(frozen=True, slots=True)
class CalendarNews:
    """One calendar message to one person: about which of their places, and what."""

    place: Place
    method: Method


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told of one booking, its ``places`` and ``attendees`` loaded.

    ``about``: the places it is about; ``news`` may name others that were lost. ``changes``: what is
    different about a date, by its id, and ``clashes`` what somebody has at that time, by theirs:
    each reads what concerns them. ``only``: tell this one person, even if they are the booker.
    """

    booking: Booking
    message: str
    about: Sequence[Place]
    news: Sequence[CalendarNews] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    changes: Mapping[int, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    clashes: Mapping[int, Sequence[str]] = field(default_factory=dict)
    only: Attendee | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody a letter goes to. ``attendee`` None: the booker."""

    person: Person
    name: str
    message: str
    attendee: Attendee | None
    about: Sequence[Place]
    news: Sequence[CalendarNews]


@dataclass(frozen=True, slots=True)
class Mails:
    """How many people get a letter; how many of them calendar messages in mails of their own
    besides, and how many mails these are."""

    people: int = 0
    with_calendar: int = 0
    calendar: int = 0


Sent: TypeAlias = dict[tuple[int, int], SentInvitation]
"""What somebody was sent about a date, by (date, person)."""


def foretell(session: DbSession, notices: Sequence[Notice]) -> Mails:
    """The mails that these notices would be; nothing is written."""
    people = people_of(session, notices)
    sent = sent_invitations(session, notices, people)
    numbers = [
        len(calendar_mails(recipient, sent))
        for notice in notices
        for recipient in recipients(notice, people)
    ]
    several = [number for number in numbers if number > 1]  # A single one rides in the letter.
    return Mails(len(numbers), len(several), sum(several))


def recipients(notice: Notice, people: Mapping[int, Person]) -> list[Recipient]:
    """``people``: at least those of the booking, by their ids."""
    booking, message, about, news = notice.booking, notice.message, notice.about, notice.news
    booker = people[booking.person_id]
    if notice.only is not None:
        attendee = notice.only
        assert attendee.person_id is not None
        other = attendee if attendee.person_id != booker.id else None
        person = people[attendee.person_id]
        return [Recipient(person, attendee.name, message, other, about, news)]
    if not booking.is_party:
        return [Recipient(booker, booking.name, message, None, about, news)]
    mine: dict[int, list[Place]] = {}
    lost = [each.place for each in news if each.place not in about]  # Named by the news alone.
    for place in [*about, *lost]:
        if place.person_id is not None and place.person_id != booker.id:
            mine.setdefault(place.attendee_id, []).append(place)
    elsewhere = {place.id for places in mine.values() for place in places}
    personal = message in FOR_ONE_PERSON
    bookers = [p for p in about if not (personal and p.id in elsewhere)]
    found = []
    if bookers:
        news_of = [each for each in news if each.place.person_id == booker.id]
        found.append(Recipient(booker, booking.name, message, None, bookers, news_of))
    names = {attendee.id: attendee for attendee in booking.attendees}
    told = {each.place.id for each in news}
    for attendee_id, places in mine.items() if message in TO_ATTENDEES else ():
        theirs = [p for p in places if p.id in told or p.state is PlaceState.CONFIRMED]
        if not theirs or not (message in WITHOUT_NEWS or any(p.id in told for p in theirs)):
            continue
        attendee = names[attendee_id]
        person = people[theirs[0].person_id or 0]
        of_theirs = [each for each in news if each.place in theirs]
        letter = TO_ATTENDEES[message]
        if message == "events/booking_changed" and not any(p.state in LIVE_STATES for p in theirs):
            letter = "events/place_ended"
        found.append(Recipient(person, attendee.name, letter, attendee, theirs, of_theirs))
    return found


def calendar_mails(recipient: Recipient, sent: Sent) -> list[CalendarNews]:
    """Which of the news become calendar messages: who wants invitations gets them, and whoever got
    one is told when it ends."""
    return [each for each in recipient.news if _goes_out(each, recipient.person, sent)]


def _goes_out(news: CalendarNews, person: Person, sent: Sent) -> bool:
    if news.method == "REQUEST":
        return person.invitations
    earlier = sent.get((news.place.session_id, person.id))
    return earlier is not None and earlier.standing


def people_of(session: DbSession, notices: Iterable[Notice]) -> dict[int, Person]:
    """Everybody on these bookings of whom we have an address."""
    ids = {each.booking.person_id for each in notices}
    for each in notices:
        if each.booking.is_party or each.only:
            ids |= {place.person_id for place in each.about if place.person_id}
            ids |= {news.place.person_id for news in each.news if news.place.person_id}
            ids |= {each.only.person_id} if each.only and each.only.person_id else set()
    found = {}
    for some in portions(sorted(ids)):
        for person in session.scalars(_PEOPLE, {"ids": some}):
            found[person.id] = person
    return found


_PEOPLE = select(Person).where(Person.id.in_(bindparam("ids", expanding=True)))
_SENT = (
    select(SentInvitation)
    .where(
        SentInvitation.person_id.in_(bindparam("people", expanding=True)),
        SentInvitation.session_id.in_(bindparam("dates", expanding=True)),
    )
    .execution_options(**FRESH)
)


def sent_invitations(session: DbSession, notices: Iterable[Notice], people: Iterable[int]) -> Sent:
    """What these people were sent about the dates of the news."""
    dates = {news.place.session_id for each in notices for news in each.news}
    found: Sent = {}
    for some in portions(sorted(people)) if dates else ():
        rows = session.scalars(_SENT, {"people": some, "dates": sorted(dates)})
        found |= {(row.session_id, row.person_id): row for row in rows}
    return found
