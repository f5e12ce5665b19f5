"""School holidays, calendar by calendar: kept by coordinators."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import selectinload

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.bank_holidays import Nation
from netapp.events.errors import CalendarThere, CalendarUsed, HolidayTwice
from netapp.events.holiday_plans import HolidayPlan
from netapp.events.models import EventPattern, HolidayCalendar, SchoolHoliday
from netapp.kernel.db import DbSession, insert_for
from netapp.kernel.errors import NotFound, StaleEdit
from netapp.kernel.tokens import new_key
from netapp.kernel.words import count_words, day_words

FRESH = {"populate_existing": True}


def create_calendar(
    session: DbSession, *, area: str, nation: Nation, actor: Actor, now: datetime
) -> HolidayCalendar:
    """Without holidays yet. Raises ``CalendarThere``."""
    row = insert_for(session, HolidayCalendar).values(key=new_key(), area=area, nation=nation)
    made = session.scalar(
        row.on_conflict_do_nothing(index_elements=[HolidayCalendar.area]).returning(HolidayCalendar)
    )
    if made is None:
        raise CalendarThere
    assert isinstance(made, HolidayCalendar)
    _record(session, made, f"Added the school holidays of {area}.", actor, now)
    return made


def save_calendar(
    session: DbSession,
    *,
    key: str,
    area: str,
    nation: Nation,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Raises ``NotFound``, ``StaleEdit`` and ``CalendarThere``."""
    calendar = _lock(session, key)
    if calendar.version != seen_version + 1:
        raise StaleEdit
    there = exists().where(HolidayCalendar.area == area, HolidayCalendar.id != calendar.id)
    if session.scalar(select(there)):
        raise CalendarThere
    calendar.area, calendar.nation = area, nation
    _record(session, calendar, f"Changed the calendar of {area}.", actor, now)
    session.flush()


def delete_calendar(session: DbSession, *, key: str, actor: Actor, now: datetime) -> None:
    """With all its holidays. Raises ``NotFound`` and ``CalendarUsed``."""
    calendar = _lock(session, key)
    if session.scalar(select(exists().where(EventPattern.calendar_id == calendar.id))):
        raise CalendarUsed
    _record(session, calendar, f"Deleted the school holidays of {calendar.area}.", actor, now)
    session.delete(calendar)
    session.flush()


def add_holiday(
    session: DbSession, *, key: str, plan: HolidayPlan, actor: Actor, now: datetime
) -> None:
    """Raises ``NotFound``, and ``HolidayTwice`` where it is there already."""
    if not add_holidays(session, key=key, plans=[plan], actor=actor, now=now):
        raise HolidayTwice


def add_holidays(
    session: DbSession, *, key: str, plans: Sequence[HolidayPlan], actor: Actor, now: datetime
) -> int:
    """Add those that are not there yet, by name and first day; returns how many that were. Raises
    ``NotFound``."""
    calendar = _lock(session, key)
    there = {(each.name, each.first_day) for each in calendar.holidays}
    new = {(plan.name, plan.first_day): plan for plan in plans}
    added = [plan for same, plan in new.items() if same not in there]
    for plan in added:
        calendar.holidays.append(SchoolHoliday(key=new_key(), **asdict(plan)))
    if added:
        words = ", ".join(f"{plan.name} from {day_words(plan.first_day)}" for plan in added[:3])
        more = f" and {count_words(len(added) - 3, 'other')}" if len(added) > 3 else ""
        _record(session, calendar, f"Added to {calendar.area}: {words}{more}.", actor, now)
    session.flush()
    return len(added)


def change_holiday(
    session: DbSession,
    *,
    key: str,
    holiday_key: str,
    plan: HolidayPlan,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Raises ``NotFound``, ``StaleEdit`` and ``HolidayTwice``."""
    calendar = _lock(session, key)
    holiday = _holiday(calendar, holiday_key)
    if holiday.version != seen_version:
        raise StaleEdit
    others = [each for each in calendar.holidays if each is not holiday]
    if any((each.name, each.first_day) == (plan.name, plan.first_day) for each in others):
        raise HolidayTwice
    for name, value in asdict(plan).items():
        setattr(holiday, name, value)
    holiday.version += 1
    words = f"Changed {plan.name} of {calendar.area}: {day_words(plan.first_day)} to "
    _record(session, calendar, f"{words}{day_words(plan.last_day)}.", actor, now)
    session.flush()


def delete_holiday(
    session: DbSession, *, key: str, holiday_key: str, actor: Actor, now: datetime
) -> None:
    """Deleted twice is deleted. Raises ``NotFound`` where the calendar is gone."""
    calendar = _lock(session, key)
    holiday = next((each for each in calendar.holidays if each.key == holiday_key), None)
    if holiday is None:
        return
    calendar.holidays.remove(holiday)
    words = f"Deleted {holiday.name} from {day_words(holiday.first_day)}, {calendar.area}."
    _record(session, calendar, words, actor, now)
    session.flush()


def _lock(session: DbSession, key: str) -> HolidayCalendar:
    """Written first, so that two of us go one by one."""
    touch = update(HolidayCalendar).where(HolidayCalendar.key == key)
    touched = touch.values(version=HolidayCalendar.version + 1).returning(HolidayCalendar.id)
    if session.scalar(touched, execution_options={"synchronize_session": False}) is None:
        raise NotFound
    return session.scalars(
        select(HolidayCalendar)
        .where(HolidayCalendar.key == key)
        .options(selectinload(HolidayCalendar.holidays)),
        execution_options=FRESH,
    ).one()


def _holiday(calendar: HolidayCalendar, key: str) -> SchoolHoliday:
    for holiday in calendar.holidays:
        if holiday.key == key:
            return holiday
    raise NotFound


def _record(
    session: DbSession, calendar: HolidayCalendar, words: str, actor: Actor, now: datetime
) -> None:
    audit.record(
        session,
        actor=actor,
        action="holidays.change",
        subject=f"holidays:{calendar.key}",
        summary=words,
        now=now,
    )
