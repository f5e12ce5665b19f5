"""Bookings, the people on them, and the places they hold."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netapp.events.models.event import Event, EventSession, Mode
from netapp.kernel.db import Base, PrimaryKey
from netapp.kernel.tokens import new_key


class BookingSource(enum.Enum):
    MEMBER = "member"  # Booked signed in.
    GUEST = "guest"  # Booked with a name and an address only.
    COORDINATOR = "coordinator"  # Added by hand.


class PlaceState(enum.Enum):
    WAITING = "waiting"
    OFFERED = "offered"  # A free place is held for this person until offer_ends_at.
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"  # The offer was not taken in time, or was refused.


LIVE_STATES = (PlaceState.WAITING, PlaceState.OFFERED, PlaceState.CONFIRMED)
HELD_STATES = (PlaceState.OFFERED, PlaceState.CONFIRMED)
LIVE_SQL = "state IN ('waiting', 'offered', 'confirmed')"


class EndReason(enum.Enum):
    BY_PERSON = "by_person"
    BY_COORDINATOR = "by_coordinator"
    SESSION_CANCELLED = "session_cancelled"
    OFFER_REFUSED = "offer_refused"
    OFFER_ENDED = "offer_ended"
    SESSION_STARTED = "session_started"  # No place came free in time.
    MOVED = "moved"  # They have one in another date instead.
    NOT_NAMED = "not_named"  # Nobody was named for it in time.


class Booking(Base):
    """What one person booked on one event. Its state is that of its places.

    It may be for a *party*: several people of an organisation, some of whom are named later. Each
    of them is an ``Attendee``, and the booker need not be one.

    ``live`` is kept true while any place is live, so that the database itself allows one live
    booking for each person and event.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        Index(
            "uq_bookings_live",
            "event_id",
            "person_id",
            unique=True,
            sqlite_where=text("live = 1"),
            postgresql_where=text("live"),
        ),
    )

    id: Mapped[PrimaryKey]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)  # The booker.
    source: Mapped[BookingSource]
    name: Mapped[str] = mapped_column(String(120))  # The booker's, as given for this booking.
    is_party: Mapped[bool] = mapped_column(default=False)
    organisation: Mapped[str] = mapped_column(String(160), default="")  # Of a party.
    order_number: Mapped[str] = mapped_column(String(60), default="")
    names_asked_at: Mapped[datetime | None]  # When we reminded them that names are missing.
    live: Mapped[bool] = mapped_column(default=True)
    link_version: Mapped[int] = mapped_column(default=1)  # Raised to end all links sent so far.
    booked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    event: Mapped[Event] = relationship(lazy="raise_on_sql")
    attendees: Mapped[list["Attendee"]] = relationship(
        lazy="raise_on_sql", back_populates="booking", order_by="Attendee.id"
    )
    places: Mapped[list["Place"]] = relationship(
        lazy="raise_on_sql",
        back_populates="booking",
        primaryjoin="and_(Booking.id == Place.booking_id, Place.for_swap.is_(False))",
        order_by="Place.id",
    )
    """What they hold or wait for; those who wait to swap are read by ``queries.swap_waits``."""


class Attendee(Base):
    """Somebody on a booking. ``name`` as given for this booking; empty while nobody is named.

    Without ``person_id`` we have no address of theirs, and the booker is told what they should
    know.
    """

    __tablename__ = "attendees"
    __table_args__ = (Index("uq_attendees_key", "key", unique=True),)

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), default=new_key)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))

    booking: Mapped[Booking] = relationship(lazy="raise_on_sql", back_populates="attendees")


class Place(Base):
    """One attendee in one session: a row for each place ever held or waited for.

    The order of a waiting list is (window_rank, waiting_since, id). With ``for_swap`` it is a wait
    beside the confirmed place that the same attendee has there in another way, and never confirmed
    itself: when what is offered is taken, that place moves.
    """

    __tablename__ = "places"
    __table_args__ = (
        Index(
            "uq_places_live",
            "session_id",
            "attendee_id",
            "for_swap",
            unique=True,
            sqlite_where=text(LIVE_SQL),
            postgresql_where=text(LIVE_SQL),
        ),
        Index(
            "uq_places_live_person",
            "session_id",
            "person_id",
            "for_swap",
            unique=True,
            sqlite_where=text(LIVE_SQL),
            postgresql_where=text(LIVE_SQL),
        ),
        Index("ix_places_pool_state", "pool_id", "state", "window_rank", "waiting_since", "id"),
        Index("ix_places_offer_ends_at", "offer_ends_at"),
    )

    id: Mapped[PrimaryKey]
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), index=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("event_sessions.id"), index=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("pools.id"))
    mode: Mapped[Mode]
    for_swap: Mapped[bool] = mapped_column(default=False)
    state: Mapped[PlaceState]
    created_at: Mapped[datetime]
    waiting_since: Mapped[datetime | None]
    window_rank: Mapped[int] = mapped_column(default=0)  # 0: the first who might book.
    passed: Mapped[int] = mapped_column(default=0)  # How often a smaller party went before.
    offered_at: Mapped[datetime | None]
    offer_ends_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[EndReason | None]
    reminded_at: Mapped[datetime | None]

    booking: Mapped[Booking] = relationship(lazy="raise_on_sql", back_populates="places")
    attendee: Mapped[Attendee] = relationship(lazy="raise_on_sql")
    session: Mapped[EventSession] = relationship(lazy="raise_on_sql")


class BookingEntry(Base):
    """The story of a booking, line by line, for its owner and for the desk."""

    __tablename__ = "booking_entries"

    id: Mapped[PrimaryKey]
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    what: Mapped[str] = mapped_column(String(300))  # One sentence.
    by: Mapped[str] = mapped_column(String(120))  # A name, or "" for the booker, "worker".


class SentInvitation(Base):
    """How many calendar messages one person was sent about one session.

    Added to the session's sequence, it makes every message to them newer than the last, also when
    they cancel and book again; so it outlives the booking.
    """

    __tablename__ = "sent_invitations"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)

    id: Mapped[PrimaryKey]
    session_id: Mapped[int] = mapped_column(ForeignKey("event_sessions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    messages: Mapped[int] = mapped_column(default=0)
    standing: Mapped[bool] = mapped_column(default=False)  # Last was REQUEST: it is in a calendar.
