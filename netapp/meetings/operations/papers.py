"""What is written about a meeting: its agenda, its notes and register, and sending them round."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from netapp.audit.operations import Actor
from netapp.groups.models import Group
from netapp.groups.operations.guard import lock_group, note
from netapp.groups.queries.people import person_ids
from netapp.kernel.db import DbSession
from netapp.kernel.errors import StaleEdit
from netapp.kernel.words import date_words
from netapp.meetings.errors import AlreadyCirculated, NothingToCirculate, NotYetMet
from netapp.meetings.models import AgendaItem, Meeting, MeetingPresence, Presence, StandingItem
from netapp.meetings.operations import letters
from netapp.meetings.operations.guard import UNSYNCED, agenda_items, lock_meeting
from netapp.meetings.queries.decisions import decisions_of_meeting, letter_line
from netapp.people.models import Person

MOST_ITEMS = 50


def save_standing(
    session: DbSession, *, group_id: int, titles: Sequence[str], actor: Actor, now: datetime
) -> None:
    """What the agenda of each meeting called from now on begins with."""
    group = lock_group(session, group_id)
    gone = delete(StandingItem).where(StandingItem.group_id == group.id)
    session.execute(gone, execution_options=UNSYNCED)
    session.add_all(
        [
            StandingItem(group_id=group.id, position=number, title=title)
            for number, title in enumerate(titles[:MOST_ITEMS], start=1)
        ]
    )
    note(session, group, "group.standing", f"Changed what {group.name} always asks.", actor, now)
    session.flush()


def save_agenda(
    session: DbSession,
    *,
    group_id: int,
    session_key: str,
    titles: Sequence[str],
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> Meeting:
    """Raises ``StaleEdit`` and ``NotFound``."""
    meeting = _open(session, group_id, session_key, seen_version)
    if [item.title for item in meeting.agenda] == list(titles):
        return meeting
    gone = delete(AgendaItem).where(AgendaItem.meeting_id == meeting.id)
    session.execute(gone, execution_options=UNSYNCED)
    session.add_all(agenda_items(meeting.id, titles[:MOST_ITEMS]))
    meeting.version += 1
    _record(session, meeting, "meeting.agenda", "Wrote the agenda of", actor, now)
    return meeting


def save_notes(
    session: DbSession,
    *,
    group_id: int,
    session_key: str,
    notes: str,
    presences: Mapping[int, Presence],
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> Meeting:
    """The notes and who was there, by the id of a person; who is left out is not noted. Raises
    ``StaleEdit`` and ``NotFound``."""
    meeting = _open(session, group_id, session_key, seen_version)
    held = {
        row.person_id: row.presence
        for row in session.scalars(
            select(MeetingPresence).where(MeetingPresence.meeting_id == meeting.id)
        )
    }
    if (meeting.notes, held) == (notes, dict(presences)):
        return meeting
    if held != dict(presences):
        gone = delete(MeetingPresence).where(MeetingPresence.meeting_id == meeting.id)
        session.execute(gone, execution_options=UNSYNCED)
        session.add_all(
            [
                MeetingPresence(meeting_id=meeting.id, person_id=person_id, presence=presence)
                for person_id, presence in sorted(presences.items())
            ]
        )
        meeting.register_at = now
    if meeting.notes != notes:
        meeting.notes, meeting.notes_at, meeting.notes_by_id = notes, now, actor.id
    meeting.version += 1
    _record(session, meeting, "meeting.notes", "Wrote the notes of", actor, now)
    return meeting


def circulate(
    session: DbSession, *, group_id: int, session_key: str, actor: Actor, now: datetime
) -> int:
    """Send the notes and decisions to everybody who is in the group now, once; how many that
    were. Raises ``AlreadyCirculated``, ``NothingToCirculate``, ``NotYetMet``, ``NotFound``."""
    group = lock_group(session, group_id)
    meeting = lock_meeting(session, group_id, session_key)
    if meeting.circulated_at is not None:
        raise AlreadyCirculated
    if meeting.session.starts_at > now:
        raise NotYetMet
    decided = decisions_of_meeting(session, meeting.id, now=now)
    if not meeting.notes and not decided:
        raise NothingToCirculate
    ids = person_ids(session, group.id)
    people = session.scalars(select(Person).where(Person.id.in_(ids)).order_by(Person.id)).all()
    letters.notes(
        session,
        group,
        meeting.session,
        people,
        text=meeting.notes,
        decisions=[letter_line(row) for row in decided],
        now=now,
    )
    meeting.circulated_at, meeting.circulated_by_id = now, actor.id
    _record(session, meeting, "meeting.circulate", "Sent round the notes of", actor, now)
    return len(people)


def _open(session: DbSession, group_id: int, session_key: str, seen_version: int) -> Meeting:
    meeting = lock_meeting(session, group_id, session_key)
    if meeting.version != seen_version:
        raise StaleEdit
    return meeting


def _record(
    session: DbSession, meeting: Meeting, action: str, did: str, actor: Actor, now: datetime
) -> None:
    group = session.get_one(Group, meeting.group_id)
    when = date_words(meeting.session.starts_at, meeting.session.event.zone)
    note(session, group, action, f"{did} the meeting of {group.name}, {when}.", actor, now)
    session.flush()
