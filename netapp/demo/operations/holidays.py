"""One calendar of school holidays to try patterns out with: made up, and marked so."""

from datetime import datetime

from sqlalchemy import exists, select

from netapp.demo.term_dates import invented_holidays
from netapp.events.models import HolidayCalendar, Nation, SchoolHoliday
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.kernel.zones import to_local

AREA = "Sample Council"
SOURCE = "Made up for the demo: ask the council for real ones"


def load_sample_holidays(session: DbSession, *, now: datetime) -> None:
    """Where no calendar is there yet."""
    if session.scalar(select(exists().where(HolidayCalendar.id.is_not(None)))):
        return
    today = to_local(now, site_of(session).zone).date()
    session.add(
        HolidayCalendar(
            key=new_key(),
            area=AREA,
            nation=Nation.ENGLAND_AND_WALES,
            is_sample=True,
            holidays=[
                SchoolHoliday(
                    key=new_key(),
                    name=name,
                    first_day=first,
                    last_day=last,
                    source=SOURCE,
                    checked_on=today,
                )
                for name, first, last in invented_holidays(today)
            ],
        )
    )
    session.flush()
