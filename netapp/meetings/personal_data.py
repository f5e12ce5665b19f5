"""What is kept about people who meet."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from netapp.events.models import Event, EventSession
from netapp.kernel.db import DbSession
from netapp.kernel.personal_data import About, Clear, DataClass, Delete, Holding, Shared
from netapp.meetings.models import (
    AgendaItem,
    Decision,
    Meeting,
    MeetingPresence,
    StandingItem,
)

TECHNICAL, ACTIVITY, WORDS = DataClass.TECHNICAL, DataClass.ACTIVITY, DataClass.WORDS


def _meeting(session: DbSession, row: MeetingPresence) -> Mapping[str, Any]:
    title, starts_at = session.execute(
        select(Event.title, EventSession.starts_at)
        .join(EventSession, EventSession.event_id == Event.id)
        .join(Meeting, Meeting.session_id == EventSession.id)
        .where(Meeting.id == row.meeting_id)
    ).one()
    return {"Meeting": title, "Starts": starts_at}


HOLDINGS: Final[tuple[Holding | Shared, ...]] = (
    Holding(
        MeetingPresence,
        {TECHNICAL: "meeting_id person_id", ACTIVITY: "presence"},
        (
            About(
                of=lambda person: MeetingPresence.person_id == person,
                title="Meetings you were at",
                why="So that the group knows who was there when it decided.",
                until="Until you close your account.",
                closing=Delete(),
                words={"presence": "There"},
                reads=_meeting,
            ),
        ),
    ),
    Holding(
        Decision,
        {
            TECHNICAL: "id key group_id meeting_id owner_id version",
            WORDS: "words outcome",
            ACTIVITY: "due_on state decided_at closed_at",
        },
        (
            About(
                of=lambda person: Decision.owner_id == person,
                title="Decisions that are yours to carry out",
                why="So that what a group decided is done.",
                until="As long as the group keeps its record, without your name.",
                closing=Clear({"owner_id": None}, why="The group’s record stays whole."),
                words={"words": "Decided", "due_on": "By", "state": "State", "outcome": "Outcome"},
            ),
        ),
    ),
    Holding(
        Meeting,
        {
            TECHNICAL: "id session_id group_id notes_by_id circulated_by_id version",
            WORDS: "notes",
            ACTIVITY: "notes_at register_at circulated_at",
        },
    ),
    *(Shared(model) for model in (AgendaItem, StandingItem)),
)
