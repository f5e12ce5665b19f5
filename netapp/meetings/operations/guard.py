"""The row of a meeting, made at the first need, that guards what is written about it."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload, selectinload

from netapp.events.models import Event, EventSession
from netapp.kernel.db import DbSession, insert_for
from netapp.kernel.errors import NotFound
from netapp.meetings.models import AgendaItem, Meeting
from netapp.meetings.queries.standing import standing_titles

FRESH = {"populate_existing": True}
UNSYNCED = {"synchronize_session": False}


def lock_meeting(session: DbSession, group_id: int, session_key: str) -> Meeting:
    """The meeting on this date of a group's event, locked until the commit; its agenda and its
    date with the event are loaded. Where nobody wrote anything about it yet, it begins with the
    group's standing items. Raises ``NotFound``."""
    session_id = session.scalar(
        select(EventSession.id)
        .join(Event, Event.id == EventSession.event_id)
        .where(EventSession.key == session_key, Event.group_id == group_id)
    )
    if session_id is None:
        raise NotFound
    row = insert_for(session, Meeting).values(
        session_id=session_id, group_id=group_id, notes="", version=1
    )
    made = session.scalar(
        row.on_conflict_do_nothing(index_elements=[Meeting.session_id]).returning(Meeting.id)
    )
    if made is not None:
        titles = standing_titles(session, group_id)
        session.add_all(agenda_items(made, titles))
        session.flush()
    touch = update(Meeting).where(Meeting.session_id == session_id)
    session.execute(touch.values(version=Meeting.version), execution_options=UNSYNCED)
    return session.scalars(
        select(Meeting)
        .where(Meeting.session_id == session_id)
        .options(
            selectinload(Meeting.agenda),
            joinedload(Meeting.session).joinedload(EventSession.event),
        ),
        execution_options=FRESH,
    ).one()


def agenda_items(meeting_id: int, titles: Sequence[str]) -> list[AgendaItem]:
    return [
        AgendaItem(meeting_id=meeting_id, position=number, title=title)
        for number, title in enumerate(titles, start=1)
    ]
