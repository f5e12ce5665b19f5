from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base, PrimaryKey


class Membership(Base):
    """One term of membership of one person, granted by a coordinator.

    ``starts_on`` and ``ends_on`` are days in the network's zone, both included;
    without ``ends_on`` it runs until somebody ends it. After a term that ran out the rights of a
    member hold for some days more; after one that was ``ended_early`` they do not.
    """

    __tablename__ = "memberships"

    id: Mapped[PrimaryKey]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    ended_early: Mapped[bool] = mapped_column(default=False)
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(String(200), default="")
