"""Two people who look like one and are not."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base, PrimaryKey


class ToldApart(Base):
    """A coordinator said that these two are two people: they are offered as duplicates no more.
    ``first_id`` is the smaller number."""

    __tablename__ = "people_told_apart"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    id: Mapped[PrimaryKey]
    first_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
