"""What somebody told an event, opened: for their own pages, and after the reading was noted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from netapp.events.models import (
    LIVE_STATES,
    AccessNeed,
    AccessRequest,
    Attendee,
    Booking,
    Event,
    EventMode,
    EventSession,
    RequestKind,
    RequestState,
)
from netapp.events.plans import Telling
from netapp.events.queries.asking import IN_A_SENTENCE, REQUEST_WORDS, Asking, asked_by, asking_of
from netapp.events.queries.readers import reader_names
from netapp.events.queries.requests import Asked, asked_of
from netapp.kernel.crypto import unseal
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import date_words
from netapp.people.access import Told, labels, profile_of, unpacked
from netapp.people.models import ProfileKind


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One thing that was asked for, as its owner sees it."""

    kind: str
    words: str  # BSL interpreter
    in_a_sentence: str  # a BSL interpreter
    state: str
    state_words: str
    answer: str


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """What somebody keeps about one kind, as it is shown to them."""

    ticks: tuple[str, ...]
    text: str
    asks: Mapping[str, str]  # What it asks an event for: captions, live captions.


@dataclass(frozen=True, slots=True)
class MyNeeds:
    """What one person told one event, for them."""

    needs: str
    food: Told
    food_ticks: tuple[str, ...]
    shares_access: bool
    shares_food: bool
    access_profile: ProfileLine | None  # None also where they may not see it here.
    food_profile: ProfileLine | None
    requests: tuple[RequestLine, ...]
    asks_food: bool
    asking: Asking
    readers: tuple[str, ...]
    kept_until: str  # Friday 12 March 2027

    @property
    def any(self) -> bool:
        shares = self.shares_access or self.shares_food
        return bool(self.needs or self.food or shares or self.requests)

    @property
    def telling(self) -> Telling:
        """As it is, to be sent again."""
        return Telling(
            needs=self.needs,
            food=self.food,
            asks=frozenset(RequestKind(line.kind) for line in self.requests),
            shares_access=self.shares_access,
            shares_food=self.shares_food,
        )


STATE_WORDS = {
    RequestState.NEW: "Asked. We are looking into it, and will write to you.",
    RequestState.BOOKED: "Booked.",
    RequestState.NOT_POSSIBLE: "Not possible this time.",
}


def told_of(session: DbSession, need: AccessNeed) -> Told:
    """What was told for this event alone, without what is shared."""
    secret = site_of(session).secret
    return unpacked(unseal(secret, need.sealed, bound_to=f"need:{need.key}"))


def my_needs(
    session: DbSession,
    event: Event,
    booking: Booking,
    person_id: int,
    now: datetime,
    *,
    signed_in: bool,
) -> MyNeeds:
    """``signed_in``: as this person; by a link alone nobody sees their profile. ``sessions`` of the
    event and ``places`` of the booking are loaded."""
    rows = session.scalars(
        select(AccessNeed).where(
            AccessNeed.booking_id == booking.id, AccessNeed.person_id == person_id
        )
    )
    kept = {row.kind: row for row in rows}
    access, food = kept.get(ProfileKind.ACCESS), kept.get(ProfileKind.FOOD)
    profile = profile_lines(session, person_id) if signed_in else {}
    told_food = told_of(session, food) if food else Told()
    return MyNeeds(
        needs=told_of(session, access).text if access else "",
        food=told_food,
        food_ticks=labels(ProfileKind.FOOD, told_food),
        shares_access=bool(access and access.shared_at),
        shares_food=bool(food and food.shared_at),
        access_profile=profile.get(ProfileKind.ACCESS),
        food_profile=profile.get(ProfileKind.FOOD),
        requests=tuple(_line(asked) for asked in _requests(session, booking.id, person_id)),
        asks_food=event.mode is not EventMode.ONLINE,
        asking=asking_of(event, _theirs(event, booking, person_id), now),
        readers=reader_names(session, event.id),
        kept_until=kept_until_words(session, event),
    )


@dataclass(frozen=True, slots=True)
class PlaceNeeds:
    """The page of somebody for whom another person booked."""

    reference: str
    slug: str
    title: str
    given_by: str
    live: bool
    told: MyNeeds


def place_needs(
    session: DbSession, booking_id: int, person_id: int, now: datetime, *, signed_in: bool
) -> PlaceNeeds:
    booking = session.scalars(
        select(Booking)
        .where(Booking.id == booking_id)
        .options(joinedload(Booking.event).selectinload(Event.sessions))
        .options(selectinload(Booking.places))
        .execution_options(populate_existing=True)
    ).one()
    event = booking.event
    return PlaceNeeds(
        reference=booking.reference,
        slug=event.slug,
        title=event.title,
        given_by=booking.name,
        live=booking.live,
        told=my_needs(session, event, booking, person_id, now, signed_in=signed_in),
    )


def profile_lines(session: DbSession, person_id: int) -> dict[ProfileKind, ProfileLine]:
    return {
        kind: ProfileLine(
            labels(kind, kept.told),
            kept.told.text,
            {k.value: IN_A_SENTENCE[k] for k in RequestKind if k in asked_by(kept.told)},
        )
        for kind, kept in profile_of(session, person_id).items()
    }


def is_read(event: Event, now: datetime) -> bool:
    """Until its last date is over, a profile is read for an event that it is shared with; after
    that only what was told to the event itself. ``sessions`` are loaded."""
    return any(date.ends_at > now for date in event.sessions)


def name_on_booking(session: DbSession, booking: Booking, person_id: int) -> Attendee | None:
    """This person as somebody on the booking; None for a booker who takes no place."""
    return session.scalar(
        select(Attendee)
        .where(Attendee.booking_id == booking.id, Attendee.person_id == person_id)
        .order_by(Attendee.id.desc())
        .limit(1)
    )


def kept_until_words(session: DbSession, event: Event) -> str:
    """Until when what people told this event is kept; empty where it has no date."""
    if not event.sessions:
        return ""
    last = max(date.ends_at for date in event.sessions)
    return date_words(last + timedelta(days=site_of(session).needs_keep_days), event.zone)


def _theirs(event: Event, booking: Booking, person_id: int) -> Sequence[EventSession]:
    """The dates they have or wait for; of a booking without any all of the event."""
    ids = {
        place.session_id
        for place in booking.places
        if place.state in LIVE_STATES
        and (place.person_id == person_id or booking.person_id == person_id)
    }
    return [date for date in event.sessions if date.id in ids] or event.sessions


def _requests(session: DbSession, booking_id: int, person_id: int) -> list[Asked]:
    rows = session.scalars(
        select(AccessRequest)
        .where(AccessRequest.booking_id == booking_id, AccessRequest.person_id == person_id)
        .order_by(AccessRequest.id)
    ).all()
    return asked_of(session, rows)


def _line(asked: Asked) -> RequestLine:
    state = asked.request.state
    return RequestLine(
        kind=asked.kind.value,
        words=REQUEST_WORDS[asked.kind],
        in_a_sentence=IN_A_SENTENCE[asked.kind],
        state=state.value,
        state_words=STATE_WORDS[state],
        answer=asked.answer,
    )
