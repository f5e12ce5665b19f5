"""Decisions: those of a meeting, the open ones of a group, what one person has to see to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from netapp.events.models import EventSession
from netapp.groups.models import Group
from netapp.groups.queries.standing import is_member_of, today_of
from netapp.kernel.db import DbSession
from netapp.kernel.pages import PER_PAGE, Page
from netapp.kernel.words import day_words, sentence, short_date_words
from netapp.meetings.models import Decision, DecisionState, Meeting


@dataclass(frozen=True, slots=True)
class DecisionRow:
    key: str
    words: str
    owner_id: int | None
    owner: str
    due_words: str
    is_late: bool
    state: DecisionState
    outcome: str
    meeting_key: str
    meeting_words: str  # When it was decided.
    group_slug: str = ""
    group_name: str = ""


def decisions_of_meeting(
    session: DbSession, meeting_id: int, *, now: datetime
) -> list[DecisionRow]:
    """In the order in which they were taken: one query."""
    return _rows(session, now, Decision.meeting_id == meeting_id, order=(Decision.id.asc(),))


def open_decisions(session: DbSession, group_id: int, *, now: datetime) -> list[DecisionRow]:
    """Across all meetings, what is due first in front: one query."""
    mine = Decision.group_id == group_id, Decision.state == DecisionState.OPEN
    return _rows(session, now, *mine)


def closed_decisions(
    session: DbSession, group_id: int, *, number: int, now: datetime
) -> Page[DecisionRow]:
    """Done or changed, the last one first: two queries."""
    which = Decision.group_id == group_id, Decision.state != DecisionState.OPEN
    total = session.scalar(select(func.count()).select_from(Decision).where(*which)) or 0
    number = min(number, max(1, -(-total // PER_PAGE)))
    last_first = Decision.closed_at.desc(), Decision.id.desc()
    rows = _rows(session, now, *which, order=last_first, offset=(number - 1) * PER_PAGE)
    return Page(rows, number, total)


def decisions_of_person(session: DbSession, person_id: int, *, now: datetime) -> list[DecisionRow]:
    """What somebody has to see to, in the groups they are in: one query."""
    return _rows(
        session,
        now,
        Decision.owner_id == person_id,
        Decision.state == DecisionState.OPEN,
        is_member_of(Decision.group_id, person_id),
    )


def letter_line(row: DecisionRow) -> str:
    """Ask the hubs for their figures. Sam Okoro, by 1 March 2027."""
    who = ", ".join(part for part in (row.owner, row.due_words and f"by {row.due_words}") if part)
    return " ".join(part for part in (sentence(row.words), who and sentence(who)) if part)


_DUE_FIRST: Final = (Decision.due_on.is_(None), Decision.due_on, Decision.id)
_MOST: Final = 200


def _rows(
    session: DbSession,
    now: datetime,
    *which: ColumnElement[bool],
    order: Sequence[ColumnElement[Any]] | None = None,
    offset: int | None = None,
) -> list[DecisionRow]:
    """``offset``: one page of a long list; None: all that are shown at once."""
    found = session.execute(
        select(Decision, Group)
        .join(Group, Group.id == Decision.group_id)
        .where(*which)
        .options(
            joinedload(Decision.owner),
            joinedload(Decision.meeting).joinedload(Meeting.session).joinedload(EventSession.event),
        )
        .order_by(*(order or _DUE_FIRST))
        .offset(offset or 0)
        .limit(_MOST if offset is None else PER_PAGE)
        .execution_options(populate_existing=True)
    ).all()
    today = today_of(session, now)
    return [_row(one, group, today) for one, group in found]


def _row(one: Decision, group: Group, today: date) -> DecisionRow:
    is_open = one.state is DecisionState.OPEN
    date_of = one.meeting.session
    return DecisionRow(
        key=one.key,
        words=one.words,
        owner_id=one.owner_id,
        owner=one.owner.name if one.owner else "",
        due_words=day_words(one.due_on) if one.due_on else "",
        is_late=is_open and one.due_on is not None and one.due_on < today,
        state=one.state,
        outcome=one.outcome,
        meeting_key=date_of.key,
        meeting_words=short_date_words(date_of.starts_at, date_of.event.zone),
        group_slug=group.slug,
        group_name=group.name,
    )
