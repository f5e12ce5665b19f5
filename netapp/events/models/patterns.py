"""Patterns: every second Thursday, the first Monday of the month. They make dates of an event."""

import enum
from datetime import date, datetime, time

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from netapp.events.bank_holidays import Nation
from netapp.kernel.db import Base, PrimaryKey


class Rhythm(enum.Enum):
    WEEKLY = "weekly"  # Every n weeks, counted from the week of the first day.
    MONTHLY = "monthly"  # Every n months, on the nth weekday.


class EventPattern(Base):
    """Local days and times in the zone of the event, so that 2pm stays 2pm over the clock change.

    What it says is what its dates are: a date that somebody changed by hand is marked
    (``PatternDate.by_hand``) and keeps what it has. Either ``until`` or ``number`` ends it.
    """

    __tablename__ = "event_patterns"
    __table_args__ = (
        CheckConstraint("every BETWEEN 1 AND 26", name="every"),
        CheckConstraint("(until IS NULL) <> (number IS NULL)", name="one_end"),
        CheckConstraint("(rhythm = 'monthly') = (nth IS NOT NULL)", name="nth_of_months"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    rhythm: Mapped[Rhythm]
    every: Mapped[int]
    weekdays: Mapped[list[int]] = mapped_column(JSON)  # Monday is 0.
    nth: Mapped[int | None]  # Of the month, from 1; -1 is the last.
    starts: Mapped[time]
    ends: Mapped[time]  # Not after ``starts``: on the next day.
    second: Mapped[bool | None]  # Which is meant where a time happens twice; None: not asked yet.
    first_day: Mapped[date]
    until: Mapped[date | None]  # The last day on which a date may be.
    number: Mapped[int | None]  # How many dates there are, those left out not counted.
    nation: Mapped[Nation | None]  # Whose bank holidays are left out.
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("holiday_calendars.id"))
    title: Mapped[str | None] = mapped_column(String(200))
    place: Mapped[str | None] = mapped_column(String(300))
    join_link: Mapped[str | None] = mapped_column(String(500))
    capacity: Mapped[int | None]  # Of dates it adds; those that are there keep their places.
    online_capacity: Mapped[int | None]
    removed_days: Mapped[list[str]] = mapped_column(JSON, default=list)
    # Days (ISO) whose date was taken out of the draft by hand: never added again.
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class PatternDate(Base):
    """A date that a pattern made. A row of its own: most dates have no pattern."""

    __tablename__ = "pattern_dates"

    session_id: Mapped[int] = mapped_column(ForeignKey("event_sessions.id"), primary_key=True)
    pattern_id: Mapped[int] = mapped_column(ForeignKey("event_patterns.id"), index=True)
    day: Mapped[date]  # The day of the pattern that it stands for, wherever it has moved since.
    by_hand: Mapped[bool] = mapped_column(default=False)  # Changed by hand: left alone.
