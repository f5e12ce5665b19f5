"""The personal calendar addresses that people made."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base, PrimaryKey


class FeedToken(Base):
    """One device's address of its owner's calendar. The address holds the token, we its hash.

    Whoever has the address may read, so each device has its own and each can be ended alone.
    """

    __tablename__ = "feed_tokens"

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)  # Names it when its owner ends it.
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))  # "My phone", as its owner calls it.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    last_fetched_at: Mapped[datetime | None]  # To five minutes.


class GroupFeedToken(Base):
    """Somebody's address of a group's calendar: one for each time they are in the group, so it
    ends when they leave, and another begins when they come back. Whoever was two people in our
    books may have two: calendars rely on both."""

    __tablename__ = "group_feed_tokens"

    id: Mapped[PrimaryKey]
    member_id: Mapped[int] = mapped_column(ForeignKey("group_members.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    last_fetched_at: Mapped[datetime | None]  # To five minutes.
