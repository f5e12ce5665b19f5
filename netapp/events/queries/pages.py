"""The page of one event: what is the same for everybody, kept in memory, and who is looking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from netapp.events.access_facts import AccessFact, facts_of
from netapp.events.links import event_url
from netapp.events.models import (
    LIVE_STATES,
    Audience,
    BookedAs,
    Booking,
    Event,
    EventMode,
    EventStatus,
    EventTerm,
    FormerSlug,
    Place,
    PlaceState,
)
from netapp.events.plans import OpeningPlan, WindowPlan
from netapp.events.policies import opens_for
from netapp.events.queries.asking import Asking, asking_of
from netapp.events.queries.audience import may_see
from netapp.events.queries.calendar import KIND_WORDS
from netapp.events.queries.dates import (
    BookingState,
    DateLine,
    booking_state,
    date_lines,
    load_events,
    load_rooms,
    next_change,
    shown_dates,
    spans_of,
)
from netapp.events.queries.minimum import minimum_words, uncertain_words
from netapp.events.queries.windows import WindowLine, areas_of, standing_of, window_lines
from netapp.events.queries.wording import daily_hours_words, when_words
from netapp.events.structured_data import structured_data
from netapp.kernel.db import DbSession
from netapp.kernel.kept import Kept
from netapp.kernel.revisions import Revision
from netapp.kernel.site import site_of
from netapp.kernel.words import count_words, moment_words
from netapp.people.models import Person
from netapp.safeguarding.queries import contact_for_event
from netapp.vocabulary.models import Term

MOST_PAGES_KEPT: Final = 500
MOST_READ_KEPT: Final = 100
TO_BOOK: Final = ("draft", "not_open", "open", "waiting", "full")
TO_COME: Final = (*TO_BOOK, "closed")
NOT_RECORDED: Final = "Not recorded"
PUBLIC: Final = (EventStatus.PUBLISHED, EventStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class EventPage:
    """All that an event's page says to everybody. Texts are plain but ``description``, which is
    markdown. Empty texts are left out of the page."""

    stamp: tuple[object, ...] = field(compare=False)  # Names this state; never the same for two.
    id: int
    key: str
    version: int  # What a booking form was made from.
    slug: str
    url: str
    title: str
    summary: str
    description: str
    kind_words: str
    theme: str | None
    art: str
    zone: str
    status: str
    cancel_reason: str
    is_sample: bool
    is_record: bool
    is_draft: bool
    members_only: bool
    for_group: bool  # Only its people see it.
    online: bool
    hybrid: bool
    when: tuple[str, ...]
    where: tuple[str, ...]
    cost: str
    minimum: tuple[str, ...]  # Runs from 8 people. We decide on …
    uncertain: str  # To whoever books while nothing is decided.
    who_for: str
    hosts: str
    partners: str
    access: tuple[AccessFact, ...]
    asking: Asking  # Until when to ask for an interpreter or captions.
    contact_name: str
    contact_email: str
    safeguarding_name: str
    safeguarding_reach: str
    terms: tuple[str, ...]
    dates: tuple[DateLine, ...]
    whole: bool
    has_waiting_list: bool
    party_most: int  # Places in one booking; 1: no parties.
    name_until_days: int
    offer_hours: int
    join_hours: int
    state: BookingState
    opens_words: str
    state_when_open: BookingState  # What those are told who may book before everyone.
    opening: OpeningPlan
    windows: tuple[WindowLine, ...]
    change_words: str  # Until when people may change or cancel by themselves.
    structured: dict[str, Any] = field(compare=False)

    @property
    def has_several_places(self) -> bool:
        return not self.online and len({line.place for line in self.dates}) > 1

    @property
    def bookable(self) -> tuple[DateLine, ...]:
        return tuple(line for line in self.dates if line.is_bookable)

    @property
    def next(self) -> DateLine | None:
        """The next date with a place, else the next date."""
        coming = self.bookable
        return next((line for line in coming if not line.waits), coming[0] if coming else None)


@dataclass(frozen=True, slots=True)
class Viewing:
    """What the booking panel must know of whoever looks; ``reference`` of their booking."""

    state: BookingState
    is_member: bool = False
    reference: str = ""
    opens_words: str = ""  # From when they may book, where that is still to come.
    holds: str = ""  # "offered" where anything is on offer, else "confirmed", else "waiting".


@dataclass(frozen=True, slots=True)
class _Read:
    """What a page is made from beside the room there is. ``event``, with its windows, its dates and
    their segments, may belong to no session: it is only read."""

    event: Event
    areas: Mapping[str, str]  # Of its windows, by slug.
    terms: tuple[str, ...]
    safeguarding_name: str
    safeguarding_reach: str


_Key = tuple[str, int, int | None]

_pages: Kept[_Key, EventPage] = Kept(MOST_PAGES_KEPT)
_reads: Kept[_Key, _Read] = Kept(MOST_READ_KEPT)
_revision = select(Revision.number).where(Revision.scope == "events").scalar_subquery()
_by_slug = select(
    Event.id,
    Event.key,
    Event.revision,
    Event.page_revision,
    _revision.label("public"),  # The words of its terms may change without it.
    Event.audience,
).where(Event.slug == bindparam("slug"), Event.status.in_(PUBLIC))
_terms = (
    select(Term.label)
    .join(EventTerm, EventTerm.term_id == Term.id)
    .where(EventTerm.event_id == bindparam("event_id"))
    .order_by(Term.position, Term.id)
)
_held = (
    select(Booking.reference, Booking.person_id, Place.state)
    .join(Place, Place.booking_id == Booking.id)
    .where(
        Booking.event_id == bindparam("event_id"),
        or_(Booking.person_id == bindparam("person_id"), Place.person_id == bindparam("person_id")),
        Booking.live,
        Place.state.in_(LIVE_STATES),
    )
    # Their own before what others booked for them.
    .order_by(Booking.person_id != bindparam("person_id"))
)


def find_page(
    session: DbSession, slug: str, now: datetime, viewer: Person | None = None
) -> EventPage | None:
    """The page with this address; None also for a draft, and for a group's event unless
    ``viewer`` may see it. One query while a public one is kept, and one more where only places
    were given or taken back since it was made."""
    found = session.execute(_by_slug, {"slug": slug}).one_or_none()
    if found is None:
        return None
    if found.audience is Audience.GROUP and not may_see(session, found.id, viewer):
        return None
    key = (found.key, found.revision, found.public)
    kept = _pages.find(key, now)
    if kept is not None:
        return kept
    same = (found.key, found.page_revision, found.public)
    read = _reads.find(same, now)
    if read is None:
        read = _reads.keep(same, _read_to_keep(session, found.id), now=now)
    made = _page_of(session, read, (*key, now), now)
    return _pages.keep(key, made, now=now, until=next_change(read.event, now))


def preview_page(session: DbSession, event_id: int, now: datetime) -> EventPage | None:
    """The page of any event, draft or not, for coordinators."""
    known = session.scalar(select(Event.id).where(Event.id == event_id))
    return _page_of(session, _read(session, known), (known, now), now) if known else None


def present_slug(session: DbSession, former: str, viewer: Person | None = None) -> str | None:
    """Where an event is now that once had this address, if ``viewer`` may see it."""
    found = session.execute(
        select(Event.slug, Event.id, Event.audience)
        .join(FormerSlug, FormerSlug.event_id == Event.id)
        .where(FormerSlug.slug == former, Event.status.in_(PUBLIC))
    ).one_or_none()
    if found is None:
        return None
    if found.audience is Audience.GROUP and not may_see(session, found.id, viewer):
        return None
    return str(found.slug)


def viewing(session: DbSession, page: EventPage, person: Person, now: datetime) -> Viewing:
    """What this person has to do with the event already."""
    reference, holds = _holding(session, page, person.id)
    standing = standing_of(session, person, page.opening, now=now)
    opens_at = opens_for(page.opening, standing)
    early = page.state == "not_open" and (opens_at is None or opens_at <= now)
    return Viewing(
        state=page.state_when_open if early else page.state,
        is_member=standing.is_member,
        reference=reference,
        opens_words=moment_words(opens_at, page.zone) if opens_at and opens_at > now else "",
        holds=holds,
    )


def _holding(session: DbSession, page: EventPage, person_id: int) -> tuple[str, str]:
    """The reference of their live booking, and what of it matters most."""
    rows = session.execute(_held, {"event_id": page.id, "person_id": person_id}).all()
    if not rows:
        return "", ""
    states = {
        # Whoever booked for them answers the offer.
        PlaceState.WAITING
        if row.state is PlaceState.OFFERED and row.person_id != person_id
        else row.state
        for row in rows
    }
    first = (PlaceState.OFFERED, PlaceState.CONFIRMED, PlaceState.WAITING)
    return rows[0].reference, next(state.value for state in first if state in states)


def _read(session: DbSession, event_id: int) -> _Read:
    event = load_events(session, [event_id])[0]
    contact = contact_for_event(session, event_id)
    return _Read(
        event,
        areas_of(session, event),
        tuple(session.scalars(_terms, {"event_id": event_id})),
        contact.name if contact else "",
        (contact.phone or contact.email) if contact else "",
    )


def _read_to_keep(session: DbSession, event_id: int) -> _Read:
    """The same by a session of its own, in the transaction of this one: what it read belongs to
    nobody when it is closed, so it can be kept beyond this request and read by several at once."""
    connection = session.connection()
    with Session(connection, join_transaction_mode="rollback_only") as reading:
        return _read(reading, event_id)


def _page_of(
    session: DbSession, read: _Read, stamp: tuple[object, ...], now: datetime
) -> EventPage:
    event = read.event
    lines = date_lines(event, load_rooms(session, [event.id]), now)
    state = booking_state(event, lines, now)
    site, opens_at = site_of(session), event.booking_opens_at
    missing = NOT_RECORDED if event.is_record else ""
    return EventPage(
        stamp=stamp,
        id=event.id,
        key=event.key,
        version=event.version,
        slug=event.slug,
        url=event_url(site, event),
        title=event.title,
        summary=event.summary or "",
        description=event.description or "",
        kind_words=KIND_WORDS[event.kind.value],
        theme=event.theme.value if event.theme else None,
        art=event.art.value,
        zone=event.zone,
        status=event.status.value,
        cancel_reason=event.cancel_reason,
        is_sample=event.is_sample,
        is_record=event.is_record,
        is_draft=event.status is EventStatus.DRAFT,
        members_only=event.audience is Audience.MEMBERS,
        for_group=event.audience is Audience.GROUP,
        online=event.mode is EventMode.ONLINE,
        hybrid=event.mode is EventMode.HYBRID,
        when=_when(event, lines, state),
        where=_where(event, state),
        cost=event.cost or missing,
        minimum=() if event.is_record else minimum_words(event),
        uncertain="" if event.is_record else uncertain_words(event),
        who_for=event.who_for or missing,
        hosts=event.hosts or missing,
        partners=event.partners or "",
        access=tuple(facts_of(event.access_facts)),
        asking=asking_of(event, event.sessions, now),
        contact_name=event.access_contact_name or _fallback(event, site.name),
        contact_email=event.access_contact_email or _fallback(event, site.contact_email),
        safeguarding_name=read.safeguarding_name,
        safeguarding_reach=read.safeguarding_reach,
        terms=read.terms,
        dates=lines,
        whole=event.booked_as is BookedAs.WHOLE,
        has_waiting_list=event.has_waiting_list,
        party_most=event.party_most,
        name_until_days=event.name_until_days,
        offer_hours=event.offer_hours,
        join_hours=event.join_hours,
        state=state,
        opens_words=moment_words(opens_at, event.zone) if opens_at else "",
        state_when_open=booking_state(event, lines, now, opened=True),
        opening=OpeningPlan(
            opens_at, tuple(WindowPlan(w.who, w.opens_at, w.area or "") for w in event.windows)
        ),
        windows=window_lines(event, read.areas, now),
        change_words=change_words(event),
        structured=structured_data(site, event, shown_dates(event)),
    )


def _fallback(event: Event, ours: str) -> str:
    """Nobody answers for what is long over."""
    return "" if event.is_record else ours


def _when(event: Event, lines: Sequence[DateLine], state: BookingState) -> tuple[str, ...]:
    """The lines of "When"."""
    dates = shown_dates(event)
    if not dates:
        return (NOT_RECORDED,)
    spans = spans_of(dates)
    hours = daily_hours_words(spans, event.zone)
    said = [", ".join(words for words in (when_words(spans, event.zone), hours) if words)]
    if not hours:
        said.append("The times differ: see the dates below.")
    segments = {line.segments for line in lines if not line.cancelled}
    if len(segments) == 1:
        said += [f"Then {words[0].lower()}{words[1:]}." for words in segments.pop()]
    coming = sum(line.is_bookable for line in lines)
    if state in TO_BOOK and coming > 1:
        said.append(_choice_words(event, coming, all_of_them=coming == len(dates)))
    return tuple(said)


def _choice_words(event: Event, number: int, *, all_of_them: bool) -> str:
    if event.booked_as is BookedAs.WHOLE:
        return f"One booking is for {'both' if number == 2 else f'all {number}'} dates."
    few = {2: "one or both", 3: "one, two or all three"}.get(number, "one or to several")
    return f"Come to {few}{'' if all_of_them else ' of those still to come'}."


def _where(event: Event, state: BookingState) -> tuple[str, ...]:
    if event.mode is EventMode.ONLINE:
        words = "Online."
        if state in TO_COME:
            before = count_words(event.join_hours, "hour")
            words += f" The link to join opens in your booking, {before} before the start."
        return (words,)
    places = list(dict.fromkeys(date.place for date in shown_dates(event) if date.place))
    if not places:
        return (NOT_RECORDED,)
    where = tuple(places) if len(places) < 4 else ("Several places: see the dates below.",)
    if event.mode is EventMode.HYBRID:
        return (*where, f"Or online{': you choose when you book' if state in TO_BOOK else ''}.")
    return where


def change_words(event: Event) -> str:
    hours = event.change_until_hours
    until = f"{count_words(hours, 'hour')} before the start" if hours else "the start"
    return f"You can change or cancel up to {until}, so someone else can have the place."
