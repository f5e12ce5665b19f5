"""What people are asked once they have a place: a library, what an event takes of it, answers.

Never what somebody needs in order to take part: see ``needs``.
"""

import enum
from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base, PrimaryKey


class QuestionKind(enum.Enum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    CHOICE = "choice"  # One of some.
    SEVERAL = "several"  # Any of some.
    YES_NO = "yes_no"
    DATE = "date"
    CONSENT = "consent"


class Question(Base):
    """A question of the library. Its words are those of the wording numbered ``version``."""

    __tablename__ = "questions"

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[QuestionKind]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]  # No event can take it any more; those that have it do.


class QuestionWording(Base):
    """How a question was put at a time: what was answered keeps the words it answers."""

    __tablename__ = "question_wordings"
    __table_args__ = (UniqueConstraint("question_id", "number"),)

    id: Mapped[PrimaryKey]
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))
    number: Mapped[int]
    words: Mapped[str] = mapped_column(String(500))
    hint: Mapped[str] = mapped_column(String(500), default="")
    options: Mapped[list[str]] = mapped_column(JSON, default=list)  # Of choice and several.
    written_at: Mapped[datetime]


class EventQuestion(Base):
    """A question as one event asks it.

    It is asked of whoever has a confirmed place, ``ask_from_days`` before their first date (None:
    at once), and answered until the end of the day that is ``needed_by_days`` before (0: until
    that date begins). With ``only_if_id`` it is only for those who answered another question of
    the event with ``only_if_value``: "yes", "no" or one of its options.
    """

    __tablename__ = "event_questions"
    __table_args__ = (
        UniqueConstraint("event_id", "question_id"),
        CheckConstraint("(only_if_id IS NULL) = (only_if_value = '')", name="value_of_conditions"),
        CheckConstraint("needed_by_days >= 0", name="needed_before"),
        CheckConstraint(
            "ask_from_days IS NULL OR ask_from_days >= needed_by_days", name="asked_before_needed"
        ),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), index=True)
    position: Mapped[int]
    required: Mapped[bool] = mapped_column(default=False)
    ask_from_days: Mapped[int | None]
    needed_by_days: Mapped[int] = mapped_column(default=0)
    only_if_id: Mapped[int | None] = mapped_column(ForeignKey("event_questions.id"), index=True)
    only_if_value: Mapped[str] = mapped_column(String(200), default="")
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # Not asked any more; what was answered is kept.


class Answer(Base):
    """What one person of a booking answered. ``value`` is JSON; null: they left it empty."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("event_question_id", "attendee_id"),)

    id: Mapped[PrimaryKey]
    event_question_id: Mapped[int] = mapped_column(ForeignKey("event_questions.id"))
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendees.id"), index=True)
    wording_id: Mapped[int] = mapped_column(ForeignKey("question_wordings.id"), index=True)
    value: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    # Whose own answer it is; None: the booker gave it for somebody else.


class QuestionAsked(Base):
    """A mail has asked one person of a booking, or the booker for them; written with that mail."""

    __tablename__ = "questions_asked"

    event_question_id: Mapped[int] = mapped_column(
        ForeignKey("event_questions.id"), primary_key=True
    )
    attendee_id: Mapped[int] = mapped_column(
        ForeignKey("attendees.id"), primary_key=True, index=True
    )
    asked_at: Mapped[datetime]
