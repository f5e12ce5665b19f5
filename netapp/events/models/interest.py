"""Interest without obligation: in an event that cannot be booked yet, or in an idea without a date.

It is no booking and holds no place. It counts once its person is known: a guest's waits as a
request until the link in the mail is used.
"""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netapp.events.models.event import Event
from netapp.kernel.db import Base, PrimaryKey
from netapp.people.models import Person

UNTOLD_SQL = "told_at IS NULL AND booked_at IS NULL"


class IdeaState(enum.Enum):
    OPEN = "open"
    CLOSED = "closed"  # It will not be: nobody sees it any more.
    EVENT = "event"  # It became an event, perhaps still a draft.


class Idea(Base):
    """A topic without a date: "Tell us if you would come"."""

    __tablename__ = "ideas"
    __table_args__ = (
        CheckConstraint("(state = 'event') = (event_id IS NOT NULL)", name="event_of_made_ones"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    slug: Mapped[str] = mapped_column(String(100), unique=True)  # Stays when the title changes.
    title: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(String(300))  # One or two sentences.
    state: Mapped[IdeaState] = mapped_column(default=IdeaState.OPEN)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), unique=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=1)
    # Raised first by whoever writes about the idea or its interest: the row that guards them.

    event: Mapped[Event | None] = relationship(lazy="raise_on_sql")


class IdeaTerm(Base):
    __tablename__ = "idea_terms"

    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"), primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"), primary_key=True, index=True)


class Interest(Base):
    """One person would come. Given for an idea it follows the idea to its event.

    ``told_at`` and the mail that booking is open are written in one transaction, so that it goes
    out once.
    """

    __tablename__ = "interests"
    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),
        UniqueConstraint("idea_id", "person_id"),
        CheckConstraint("event_id IS NOT NULL OR idea_id IS NOT NULL", name="in_something"),
        Index(
            "ix_interests_untold",
            "event_id",
            sqlite_where=text(UNTOLD_SQL),
            postgresql_where=text(UNTOLD_SQL),
        ),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"))
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("ideas.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    given_at: Mapped[datetime] = mapped_column(index=True)
    told_at: Mapped[datetime | None]  # That booking is open for them.
    booked_at: Mapped[datetime | None]  # They have booked since.

    event: Mapped[Event | None] = relationship(lazy="raise_on_sql")
    idea: Mapped[Idea | None] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class InterestRequest(Base):
    """What a guest typed. It counts for nothing until its one-time link is used."""

    __tablename__ = "interest_requests"

    id: Mapped[PrimaryKey]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254), index=True)  # Canonical.
    name: Mapped[str] = mapped_column(String(120))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    idea_id: Mapped[int | None] = mapped_column(ForeignKey("ideas.id"), index=True)
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
