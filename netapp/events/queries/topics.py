"""What somebody can be interested in: an event that cannot be booked yet, or an idea."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from netapp.events.errors import BookingClosed, BookingNotOpen
from netapp.events.models import (
    Audience,
    BookedAs,
    Event,
    EventSession,
    EventStatus,
    FormerSlug,
    Idea,
    IdeaState,
    Interest,
    InterestRequest,
    SessionStatus,
)
from netapp.events.policies import Standing, is_coming, opens_for, why_not_bookable
from netapp.events.queries.dates import BookingState, booking_state, date_lines, load_rooms
from netapp.kernel.db import DbSession
from netapp.kernel.tokens import hash_token

BOOKABLE: Final[frozenset[BookingState]] = frozenset({"open", "waiting"})


@dataclass(frozen=True, slots=True)
class Topic:
    """What somebody is interested in: an event, or an idea (perhaps with the draft it became)."""

    title: str
    path: str  # The address of its page, within the site.
    event_id: int | None = None
    idea_id: int | None = None
    members_only: bool = False

    @property
    def key(self) -> str:
        """Names it in the purpose of a form."""
        return f"idea:{self.idea_id}" if self.idea_id else f"event:{self.event_id}"


def topic_of_event(event: Event) -> Topic:
    return Topic(
        title=event.title,
        path=f"/events/{event.slug}",
        event_id=event.id,
        members_only=event.audience is Audience.MEMBERS,
    )


def topic_of_idea(idea: Idea) -> Topic:
    """``event`` must be loaded: once it is published, the idea is its event."""
    if idea.event is not None and idea.event.status is not EventStatus.DRAFT:
        return topic_of_event(idea.event)
    return Topic(title=idea.title, path=f"/ideas/{idea.slug}", idea_id=idea.id)


def find_topic_of_event(session: DbSession, slug: str) -> Topic | None:
    """The published or cancelled event with this address, or with it as a former one. Nobody is
    asked who would come to a group's event: its people are."""
    public = Event.status.in_([EventStatus.PUBLISHED, EventStatus.CANCELLED])
    former = select(FormerSlug.event_id).where(FormerSlug.slug == slug)
    found = session.scalar(
        select(Event).where(
            or_(Event.slug == slug, Event.id.in_(former)),
            public,
            Event.audience != Audience.GROUP,
        )
    )
    return topic_of_event(found) if found else None


def event_to_weigh(session: DbSession, event_id: int) -> Event | None:
    """With all that ``takes_interest`` asks of it, as the database has it now."""
    with_dates = selectinload(Event.sessions).selectinload(EventSession.segments)
    return session.scalar(
        select(Event).where(Event.id == event_id).options(with_dates, selectinload(Event.windows)),
        execution_options={"populate_existing": True},
    )


def is_bookable(session: DbSession, event: Event, now: datetime) -> bool:
    """Whether somebody for whom booking has opened would find a place, or a waiting list."""
    lines = date_lines(event, load_rooms(session, [event.id]), now)
    return booking_state(event, lines, now, opened=True) in BOOKABLE


def books_from(event: Event, standing: Standing) -> datetime | None:
    """From when somebody of this standing may book; None: not at all. ``windows`` are loaded."""
    if event.published_at is None:
        return None
    if event.audience is Audience.MEMBERS and not standing.is_member:
        return None
    return opens_for(event, standing) or event.published_at


def is_to_come(event: Event, now: datetime) -> bool:
    """Published, with a date that has not begun; of a course none has."""
    if event.status is not EventStatus.PUBLISHED or event.is_record:
        return False
    scheduled = [date for date in event.sessions if date.status is SessionStatus.SCHEDULED]
    coming = [date for date in scheduled if is_coming(date, now)]
    return bool(coming) and (event.booked_as is not BookedAs.WHOLE or coming == scheduled)


def takes_interest(session: DbSession, event: Event, standing: Standing, now: datetime) -> bool:
    """Whether this event is to come, and cannot be booked by somebody of this standing now."""
    if not is_to_come(event, now):
        return False
    if why_not_bookable(event, now, standing) in (BookingNotOpen, BookingClosed):
        return True
    return not is_bookable(session, event, now)


def topic_of(found: Interest) -> Topic:
    """What it is in; ``event`` and ``idea`` with its event are loaded."""
    if found.event is not None and found.event.status is not EventStatus.DRAFT:
        return topic_of_event(found.event)
    assert found.idea is not None  # Nobody sees a draft but through the idea it came from.
    return topic_of_idea(found.idea)


def find_topic_of_idea(session: DbSession, slug: str) -> Topic | None:
    """The idea with this address, or the event that it has become; None once it is closed."""
    found = session.scalar(select(Idea).where(Idea.slug == slug).options(joinedload(Idea.event)))
    if found is None or found.state is IdeaState.CLOSED:
        return None
    return topic_of_idea(found)


def topic_of_request(session: DbSession, token: str, now: datetime) -> Topic | None:
    """What a guest's one-time link is about, while it can be used."""
    asked = session.execute(
        select(InterestRequest.event_id, InterestRequest.idea_id).where(
            InterestRequest.token_hash == hash_token(token), InterestRequest.ends_at > now
        )
    ).one_or_none()
    if asked is None:
        return None
    if asked.event_id is not None:
        return topic_of_event(session.get_one(Event, asked.event_id))
    idea = session.scalars(
        select(Idea).where(Idea.id == asked.idea_id).options(joinedload(Idea.event))
    ).one()
    return topic_of_idea(idea)
