"""Lists of events: what is coming, with filters, and what has been."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from sqlalchemy import select

from netapp.events.models import Audience, BookedAs, Event, EventMode
from netapp.events.queries.calendar import KIND_WORDS
from netapp.events.queries.catalogue import Listed, catalogue, matching
from netapp.events.queries.dates import (
    BookingState,
    DateLine,
    Rooms,
    booking_state,
    date_lines,
    load_events,
    load_rooms,
    next_change,
    shown_dates,
    spans_of,
)
from netapp.events.queries.filters import FilterGroup, accepted, filter_groups
from netapp.events.queries.ideas import OpenIdea
from netapp.events.queries.wording import daily_hours_words, when_words
from netapp.kernel.db import DbSession
from netapp.kernel.kept import Kept
from netapp.kernel.pages import PER_PAGE, Page
from netapp.kernel.words import date_words

MOST_CARDS_KEPT: Final = 2000


@dataclass(frozen=True, slots=True)
class EventCard:
    """One event of a list, the same for everybody."""

    key: str  # Also the seed of its art.
    slug: str
    title: str
    summary: str
    kind_words: str
    theme: str | None
    when_words: str  # Thursdays 21 January, 18 March and 13 May 2027
    time_words: str  # 2pm to 5:30pm GMT, then social time from 4pm
    place_words: str
    first_start: datetime | None
    next_start: datetime | None  # None: nothing is coming.
    zone: str
    status: str
    is_sample: bool
    members_only: bool
    places_words: str  # 4 places left


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of what is coming, and the filters with how much each would leave."""

    page: Page[EventCard]
    groups: tuple[FilterGroup, ...]
    coming: int  # Without any filter.
    ideas: tuple[OpenIdea, ...]  # Not dated yet; whatever the filters.


_cards: Kept[tuple[str, int], EventCard] = Kept(MOST_CARDS_KEPT)


def coming_events(
    session: DbSession,
    *,
    asked: Mapping[str, Sequence[str]],
    number: int,
    now: datetime,
    per_page: int = PER_PAGE,
) -> Listing:
    """What is coming, the next first. ``asked`` are values of filters by group: an event fits
    where it has one of each group that has any."""
    known = catalogue(session, now)
    filters = accepted(asked, known)
    fitting = matching(known.coming, filters)
    return Listing(
        page=_page(session, fitting, number, per_page, now),
        groups=filter_groups(known, filters, now),
        coming=len(known.coming),
        ideas=known.ideas,
    )


def past_events(
    session: DbSession, *, words: str, number: int, now: datetime, per_page: int = PER_PAGE
) -> Page[EventCard]:
    """What has been, the newest first; with ``words``, where the title holds all of them."""
    asked = words.casefold().split()
    past: Sequence[Listed] = catalogue(session, now).past
    if asked:
        past = [one for one in past if all(word in one.words for word in asked)]
    return _page(session, past, number, per_page, now)


def events_with(
    session: DbSession, words: str, *, most: int, now: datetime
) -> tuple[list[EventCard], int]:
    """The first with all these words in what lists say of them, and how many there are: what is
    coming, the next first, then what has been. Empty words find nothing."""
    asked, known = words.casefold().split(), catalogue(session, now)
    if not asked:
        return [], 0
    found = [
        one
        for one in (*known.coming, *known.past)
        if all(word in one.words or word in one.about for word in asked)
    ]
    return _cards_of(session, found[:most], now), len(found)


def ideas_with(session: DbSession, words: str, *, now: datetime) -> list[OpenIdea]:
    asked = words.casefold().split()
    ideas = catalogue(session, now).ideas if asked else ()
    return [one for one in ideas if all(w in f"{one.title} {one.words}".casefold() for w in asked)]


def upcoming_events(session: DbSession, *, now: datetime, limit: int) -> list[EventCard]:
    """The next events, without those that were cancelled."""
    coming = (one for one in catalogue(session, now).coming if not one.is_cancelled)
    return _cards_of(session, list(islice(coming, limit)), now)


def _page(
    session: DbSession, found: Sequence[Listed], number: int, per_page: int, now: datetime
) -> Page[EventCard]:
    count = max(1, -(-len(found) // per_page))
    number = min(number, count)
    shown = found[(number - 1) * per_page : number * per_page]
    return Page(_cards_of(session, shown, now), number, len(found), per_page)


def _cards_of(session: DbSession, shown: Sequence[Listed], now: datetime) -> list[EventCard]:
    """The cards in the order given; only those that changed are made anew."""
    ids = [one.id for one in shown]
    if not ids:
        return []
    rows = session.execute(
        select(Event.id, Event.key, Event.revision).where(Event.id.in_(ids))
    ).all()
    keys = {row.id: (row.key, row.revision) for row in rows}
    cards = {key: _cards.find(key, now) for key in keys.values()}
    missing = [event_id for event_id, key in keys.items() if cards[key] is None]
    if missing:
        rooms = load_rooms(session, missing)
        for event in load_events(session, missing):
            key = keys[event.id]
            made = event_card(event, rooms, now)
            cards[key] = _cards.keep(key, made, now=now, until=next_change(event, now))
    found = [cards[keys[event_id]] for event_id in ids if event_id in keys]
    return [card for card in found if card is not None]


def event_card(event: Event, rooms: Rooms, now: datetime) -> EventCard:
    lines = date_lines(event, rooms, now)
    dates = shown_dates(event)
    spans = spans_of(dates)
    return EventCard(
        key=event.key,
        slug=event.slug,
        title=event.title,
        summary=event.summary or "",
        kind_words=KIND_WORDS[event.kind.value],
        theme=event.theme.value if event.theme else None,
        when_words=when_words(spans, event.zone),
        time_words=_time_words(event, lines),
        place_words=_place_words(event),
        first_start=spans[0].starts_at if spans else None,
        next_start=min((s.starts_at for s in spans if s.ends_at > now), default=None),
        zone=event.zone,
        status=event.status.value,
        is_sample=event.is_sample,
        members_only=event.audience is Audience.MEMBERS,
        places_words=_places_words(event, lines, booking_state(event, lines, now)),
    )


def _time_words(event: Event, lines: Sequence[DateLine]) -> str:
    hours = daily_hours_words(spans_of(shown_dates(event)), event.zone)
    segments = {line.segments for line in lines if not line.cancelled}
    if not hours or len(segments) != 1:
        return hours
    return ", then ".join(
        [hours, *(segment[0].lower() + segment[1:] for segment in segments.pop())]
    )


def _place_words(event: Event) -> str:
    if event.mode is EventMode.ONLINE:
        return "Online"
    places = {date.place for date in shown_dates(event) if date.place}
    place = "Several places" if len(places) > 1 else next(iter(places), "")
    return f"{place}, or online" if event.mode is EventMode.HYBRID and place else place


def _places_words(event: Event, lines: Sequence[DateLine], state: BookingState) -> str:
    if state == "not_open" and event.booking_opens_at:
        return f"Booking opens {date_words(event.booking_opens_at, event.zone)}"
    if state in {"waiting", "full"}:
        return "Full, waiting list open" if state == "waiting" else "Full"
    if state != "open":
        return ""
    bookable = [line for line in lines if line.is_bookable]
    if len(bookable) == 1:
        return bookable[0].places_words
    limited = [line for line in bookable if line.free is not None and not line.waits]
    if event.booked_as is BookedAs.BY_SESSION and len(bookable) > 1:
        line = next(line for line in bookable if not line.waits)
        day = date_words(line.starts_at, event.zone, year=False)
        return f"{line.places_words} on {day}" if line.places_words else ""
    return min(limited, key=lambda line: line.free or 0).places_words if limited else ""
