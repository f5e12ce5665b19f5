"""Events and their sessions: what happens, when and where."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netapp.events.models.windows import BookingWindow
from netapp.kernel.db import Base, PrimaryKey


class EventKind(enum.Enum):
    MEETING = "meeting"
    TRAINING = "training"
    CONFERENCE = "conference"
    LAUNCH = "launch"
    SOCIAL = "social"


class Audience(enum.Enum):
    EVERYONE = "everyone"
    MEMBERS = "members"
    GROUP = "group"  # The people of its group; for everybody else it does not exist.


class EventStatus(enum.Enum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Mode(enum.Enum):
    """How somebody takes part. A session has one pool of places for each mode it offers."""

    IN_PERSON = "in_person"
    ONLINE = "online"


class EventMode(enum.Enum):
    """How an event is held."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"  # Some come, some join online: two pools of places for each date.

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The ways to take part in it, in the order pages name them."""
        return tuple(Mode) if self is EventMode.HYBRID else (Mode(self.value),)


class BookedAs(enum.Enum):
    WHOLE = "whole"  # A course: a place in every date, or none.
    BY_SESSION = "by_session"  # Choose dates; some may be confirmed and others waiting.


class Theme(enum.Enum):
    """Five themes, each with its colour and its shape; see docs/design.md."""

    INCLUSION = "inclusion"
    WORKFORCE = "workforce"
    PROGRESSION = "progression"
    EVIDENCE = "evidence"
    PARTNERSHIP = "partnership"


class Art(enum.Enum):
    """How the five lines of the drawn stave run."""

    ROUTES = "routes"
    CHAOS = "chaos"
    MEET = "meet"
    CALM = "calm"


class SessionStatus(enum.Enum):
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


class Event(Base):
    """Texts that nobody gave are None: pages then say "not recorded" or leave them out."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_status", "status"),
        CheckConstraint("offer_hours BETWEEN 1 AND 336", name="offer_hours"),
        CheckConstraint("reminder_hour BETWEEN 0 AND 23", name="reminder_hour"),
        CheckConstraint("audience <> 'group' OR group_id IS NOT NULL", name="group_audience"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str | None] = mapped_column(String(300))
    description: Mapped[str | None] = mapped_column(Text)  # Markdown.
    kind: Mapped[EventKind]
    audience: Mapped[Audience] = mapped_column(default=Audience.EVERYONE)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"), index=True)
    status: Mapped[EventStatus] = mapped_column(default=EventStatus.DRAFT)
    mode: Mapped[EventMode | None]  # None: not recorded.
    theme: Mapped[Theme | None]
    art: Mapped[Art] = mapped_column(default=Art.ROUTES)
    zone: Mapped[str] = mapped_column(String(64))  # IANA name.
    hosts: Mapped[str | None] = mapped_column(String(200))
    partners: Mapped[str | None] = mapped_column(String(300))
    who_for: Mapped[str | None] = mapped_column(String(300))
    cost: Mapped[str | None] = mapped_column(String(200))  # In words.
    access_facts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    # [{"kind": "captions", "text": "at every session"}]; kinds: events/access_facts.py
    access_contact_name: Mapped[str | None] = mapped_column(String(120))
    access_contact_email: Mapped[str | None] = mapped_column(String(254))
    ask_days: Mapped[int] = mapped_column(default=21)
    # Before a date: until when an interpreter or captions are asked for.

    booked_as: Mapped[BookedAs] = mapped_column(default=BookedAs.BY_SESSION)
    booking_opens_at: Mapped[datetime | None]  # For everyone. None: from publication.
    booking_closes_at: Mapped[datetime | None]  # None: until each session starts.
    change_until_hours: Mapped[int] = mapped_column(default=0)  # Before a session's start.
    has_waiting_list: Mapped[bool] = mapped_column(default=True)
    offer_hours: Mapped[int] = mapped_column(default=24)
    party_most: Mapped[int] = mapped_column(default=10)  # Places in one booking; 1: no parties.
    name_until_days: Mapped[int] = mapped_column(default=3)  # Before the first date of a party.
    pass_limit: Mapped[int] = mapped_column(default=3)  # How often smaller parties may go before.
    join_hours: Mapped[int] = mapped_column(default=48)  # The link is shown so long before a date.
    reminder_hour: Mapped[int] = mapped_column(default=10)  # Local, on the day before.

    runs_from: Mapped[int | None]  # People each date needs; None: however few come.
    decide_on: Mapped[date | None]  # When that is decided: a day in the event's zone.
    decision_asked_at: Mapped[datetime | None]  # When the organiser was asked, on that day.
    runs_at: Mapped[datetime | None]  # When it was decided that it runs.

    organiser_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # Told of changes.
    is_sample: Mapped[bool] = mapped_column(default=False)  # Sample data, and says so.
    is_record: Mapped[bool] = mapped_column(default=False)  # Kept from before; never bookable here.
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int] = mapped_column(default=1)  # The edit a form was made from.
    revision: Mapped[int] = mapped_column(default=1)
    # Raised first by whoever writes anything about this event, its sessions or its bookings:
    # the row that guards them all, and the counter that tells kept pages they are out of date.
    page_revision: Mapped[int] = mapped_column(default=1)
    # Raised with it by whoever writes more than places: all else that its page says is kept by it.

    sessions: Mapped[list["EventSession"]] = relationship(
        lazy="raise_on_sql", back_populates="event", order_by="EventSession.starts_at"
    )
    windows: Mapped[list[BookingWindow]] = relationship(
        lazy="raise_on_sql",
        order_by=(BookingWindow.opens_at, BookingWindow.id),
        cascade="all, delete-orphan",
    )

    @property
    def is_uncertain(self) -> bool:
        """It needs a number of people, and nobody has decided yet that it runs."""
        return self.runs_from is not None and self.runs_at is None


class FormerSlug(Base):
    """Addresses an event once had: they lead on for ever."""

    __tablename__ = "event_former_slugs"

    slug: Mapped[str] = mapped_column(String(100), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)


class EventTerm(Base):
    __tablename__ = "event_terms"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"), primary_key=True, index=True)


class EventSession(Base):
    """One date of an event. ``uid`` of its calendar entry: ``session-<key>@<uid_domain>``."""

    __tablename__ = "event_sessions"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_event_sessions_starts_at", "starts_at"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    title: Mapped[str | None] = mapped_column(String(200))  # None: the event's title.
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str | None] = mapped_column(String(300))  # Room, venue, address in one line.
    join_link: Mapped[str | None] = mapped_column(String(500))  # Only for confirmed people.
    note: Mapped[str | None] = mapped_column(String(300))
    status: Mapped[SessionStatus] = mapped_column(default=SessionStatus.SCHEDULED)
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(String(500), default="")
    sequence: Mapped[int] = mapped_column(default=0)  # RFC 5545 section 3.8.7.4.
    created_at: Mapped[datetime]
    revised_at: Mapped[datetime]  # LAST-MODIFIED: last change of anything a calendar shows.
    version: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship(lazy="raise_on_sql", back_populates="sessions")
    segments: Mapped[list["Segment"]] = relationship(
        lazy="raise_on_sql", order_by="Segment.starts_at", cascade="all, delete-orphan"
    )
    pools: Mapped[list["Pool"]] = relationship(
        lazy="raise_on_sql", order_by="Pool.id", back_populates="session"
    )

    def pool_of(self, mode: Mode | None) -> "Pool":
        """The places of one way to take part; where there is only one way, that one."""
        return next((pool for pool in self.pools if pool.mode is mode), self.pools[0])

    @property
    def taken(self) -> int:
        """Over all pools, which must be loaded."""
        return sum(pool.taken for pool in self.pools)

    @property
    def capacity(self) -> int | None:
        """Over all pools; None where one of them is without limit."""
        given = [pool.capacity for pool in self.pools if pool.capacity is not None]
        return sum(given) if len(given) == len(self.pools) else None

    @property
    def is_full(self) -> bool:
        """In whatever mode: no place that anyone may take."""
        return all(pool.free == 0 for pool in self.pools)


class Segment(Base):
    """A part of a session with its own time ("social time from 4pm"); its end may be open."""

    __tablename__ = "event_segments"

    id: Mapped[PrimaryKey]
    session_id: Mapped[int] = mapped_column(ForeignKey("event_sessions.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


class Pool(Base):
    """The places of one session in one mode; ``taken`` counts confirmed places and live offers.

    ``capacity`` None means without limit. The CHECK holds even against a mistake in the code.
    """

    __tablename__ = "pools"
    __table_args__ = (
        UniqueConstraint("session_id", "mode"),
        CheckConstraint("taken >= 0", name="taken_not_negative"),
        CheckConstraint(
            "capacity IS NULL OR taken <= capacity + over_booking", name="never_oversold"
        ),
        CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity_not_negative"),
        CheckConstraint("kept_back >= 0 AND over_booking >= 0", name="margins_not_negative"),
    )

    id: Mapped[PrimaryKey]
    session_id: Mapped[int] = mapped_column(ForeignKey("event_sessions.id"))
    mode: Mapped[Mode]
    capacity: Mapped[int | None]
    kept_back: Mapped[int] = mapped_column(
        default=0
    )  # Not for the public; a coordinator's to give.
    kept_given: Mapped[int] = mapped_column(default=0)  # Of those kept back, given by hand.
    over_booking: Mapped[int] = mapped_column(default=0)  # Stated places above capacity.
    taken: Mapped[int] = mapped_column(default=0)

    session: Mapped[EventSession] = relationship(lazy="raise_on_sql", back_populates="pools")

    @property
    def free(self) -> int | None:
        """Places anyone may still take; None without limit."""
        if self.capacity is None:
            return None
        return max(0, self.capacity + self.over_booking - self.kept_back - self.taken)
