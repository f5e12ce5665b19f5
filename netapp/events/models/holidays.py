"""School holidays as coordinators keep them: councils set them, so nobody can compute them."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netapp.events.bank_holidays import Nation
from netapp.kernel.db import Base, PrimaryKey

__all__ = ["HolidayCalendar", "Nation", "SchoolHoliday"]


class HolidayCalendar(Base):
    """Where holidays are the same: a council, a trust, a school; with the bank holidays there."""

    __tablename__ = "holiday_calendars"

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    area: Mapped[str] = mapped_column(String(100), unique=True)
    nation: Mapped[Nation]
    is_sample: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    holidays: Mapped[list["SchoolHoliday"]] = relationship(
        lazy="raise_on_sql",
        order_by="SchoolHoliday.first_day",
        cascade="all, delete-orphan",
    )


class SchoolHoliday(Base):
    """Days without school, both ends included."""

    __tablename__ = "school_holidays"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="ends_after_start"),
        UniqueConstraint("calendar_id", "name", "first_day"),
    )

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("holiday_calendars.id"))
    name: Mapped[str] = mapped_column(String(100))
    first_day: Mapped[date]
    last_day: Mapped[date]
    source: Mapped[str] = mapped_column(String(300))  # Who says so: an address, or words.
    checked_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)
