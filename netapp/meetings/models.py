"""What a group does when it meets: agenda, notes, decisions, who was there.

A meeting is a date of an event of the group: time, place, link and places are the event's.
"""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netapp.events.models import EventSession
from netapp.groups.models import Group
from netapp.kernel.db import Base, PrimaryKey
from netapp.people.models import Person


class DecisionState(enum.Enum):
    OPEN = "open"
    DONE = "done"
    CHANGED = "changed"  # Overtaken by something else; ``outcome`` says by what.


class Presence(enum.Enum):
    PRESENT = "present"
    APOLOGIES = "apologies"
    ABSENT = "absent"


class StandingItem(Base):
    """An item that the agenda of each new meeting of the group begins with."""

    __tablename__ = "group_standing_items"

    id: Mapped[PrimaryKey]
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))


class Meeting(Base):
    """What is written about one meeting. ``notes`` is markdown, circulated at most once."""

    __tablename__ = "meetings"

    id: Mapped[PrimaryKey]
    session_id: Mapped[int] = mapped_column(ForeignKey("event_sessions.id"), unique=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"), index=True)
    notes: Mapped[str] = mapped_column(Text, default="")
    notes_at: Mapped[datetime | None]  # When they were last written, and …
    notes_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # … by whom.
    register_at: Mapped[datetime | None]  # When it was last written who was there.
    circulated_at: Mapped[datetime | None]
    circulated_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)

    session: Mapped[EventSession] = relationship(lazy="raise_on_sql")
    group: Mapped[Group] = relationship(lazy="raise_on_sql")
    agenda: Mapped[list["AgendaItem"]] = relationship(
        lazy="raise_on_sql", order_by="AgendaItem.position", cascade="all, delete-orphan"
    )


class AgendaItem(Base):
    __tablename__ = "meeting_agenda_items"

    id: Mapped[PrimaryKey]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))


class MeetingPresence(Base):
    """Who was at a meeting, as the group's register says."""

    __tablename__ = "meeting_presences"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    presence: Mapped[Presence]

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class Decision(Base):
    """What a meeting decided, who sees to it, and by when (a day of the network's zone)."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index("ix_decisions_group_state", "group_id", "state"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", "closed_then"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    words: Mapped[str] = mapped_column(String(500))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    due_on: Mapped[date | None]
    state: Mapped[DecisionState] = mapped_column(default=DecisionState.OPEN)
    outcome: Mapped[str] = mapped_column(String(500), default="")
    decided_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    owner: Mapped[Person | None] = relationship(lazy="raise_on_sql")
    meeting: Mapped[Meeting] = relationship(lazy="raise_on_sql")
