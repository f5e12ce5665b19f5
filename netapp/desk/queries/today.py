"""The first page of the desk: what needs a person, what is coming up, what happened by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from netapp.desk.queries.group_todos import group_todos
from netapp.desk.queries.membership_todos import membership_todos
from netapp.desk.queries.organisation_todos import organisation_todos
from netapp.desk.queries.since_yesterday import done_since
from netapp.desk.queries.todos import Todo, dates_ahead, todos
from netapp.events.models import Event, EventStatus
from netapp.events.queries.manage import EventRow, coming_rows
from netapp.events.queries.unanswered import Unanswered, unanswered
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import count_words, date_words

DAY: Final = timedelta(days=1)
MOST_COMING: Final = 6


@dataclass(frozen=True, slots=True)
class ComingUp:
    row: EventRow
    needs: int  # People who told something and have no answer yet.


@dataclass(frozen=True, slots=True)
class Today:
    greeting: str
    day_words: str
    lead: str
    todos: tuple[Todo, ...]
    done: tuple[str, ...]
    coming: tuple[ComingUp, ...]
    drafts: int


def today(session: DbSession, *, first_name: str, now: datetime) -> Today:
    """The first page of the desk. The same number of queries however much there is."""
    site = site_of(session)
    dates = dates_ahead(session, now)
    waiting = unanswered(session)
    found = [
        *todos(session, dates, waiting, now),
        *membership_todos(session, now),
        *group_todos(session, now),
        *organisation_todos(session, now),
    ]
    rows = coming_rows(session, most=MOST_COMING, now=now)
    by_key = {date.event.key: date.event.id for date in dates}
    return Today(
        greeting=f"Hello, {first_name}" if first_name else "Hello",
        day_words=date_words(now, site.zone),
        lead=_lead(len(found)),
        todos=tuple(found),
        done=tuple(done_since(session, now - DAY)),
        coming=tuple(ComingUp(row, _people(waiting.get(by_key.get(row.key, 0)))) for row in rows),
        drafts=_count_drafts(session),
    )


def _people(one: Unanswered | None) -> int:
    return one.people if one else 0


def _count_drafts(session: DbSession) -> int:
    drafts = select(func.count()).select_from(Event).where(Event.status == EventStatus.DRAFT)
    return session.scalar(drafts) or 0


def _lead(number: int) -> str:
    if number == 0:
        return "Nothing needs you. Everything is running."
    needs = "needs" if number == 1 else "need"
    return f"{count_words(number, 'thing')} {needs} you. Everything else is running."
