"""Decisions: taken in a meeting, done or changed later."""

from datetime import datetime

from sqlalchemy import select, update

from netapp.audit.operations import Actor
from netapp.groups.models import Group, GroupMember
from netapp.groups.operations.guard import lock_group, note
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.tokens import new_key
from netapp.meetings.errors import DecisionClosed, NotTheirs, OutcomeMissing
from netapp.meetings.models import Decision, DecisionState
from netapp.meetings.operations.guard import FRESH, UNSYNCED, lock_meeting
from netapp.meetings.plans import DecisionPlan
from netapp.people.models import Person


def decide(
    session: DbSession,
    *,
    group_id: int,
    session_key: str,
    plan: DecisionPlan,
    actor: Actor,
    now: datetime,
) -> Decision:
    """Raises ``NotTheirs`` where the owner is not in the group, and ``NotFound``."""
    group = lock_group(session, group_id)
    meeting = lock_meeting(session, group_id, session_key)
    decision = Decision(
        key=new_key(),
        group_id=group.id,
        meeting_id=meeting.id,
        words=plan.words,
        owner_id=_owner(session, group.id, plan.owner_key) if plan.owner_key else None,
        due_on=plan.due_on,
        decided_at=now,
    )
    session.add(decision)
    session.flush()
    note(session, group, "decision.take", f"{group.name} decided: {plan.words}", actor, now)
    return decision


def close_decision(
    session: DbSession,
    *,
    group_id: int,
    key: str,
    state: DecisionState,
    outcome: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Done, or overtaken by something else, which must be said. Raises ``DecisionClosed``,
    ``OutcomeMissing`` and ``NotFound``."""
    if state is DecisionState.CHANGED and not outcome:
        raise OutcomeMissing
    decision = _lock(session, group_id, key)
    if decision.state is not DecisionState.OPEN:
        raise DecisionClosed
    decision.state, decision.outcome, decision.closed_at = state, outcome, now
    decision.version += 1
    session.flush()
    word = "Done" if state is DecisionState.DONE else "Changed"
    group = session.get_one(Group, group_id)
    note(session, group, "decision.close", f"{word}: {decision.words}", actor, now, reason=outcome)


def reopen_decision(
    session: DbSession, *, group_id: int, key: str, actor: Actor, now: datetime
) -> None:
    """It is not done after all. Raises ``NotFound``."""
    decision = _lock(session, group_id, key)
    if decision.state is DecisionState.OPEN:
        return
    decision.state, decision.closed_at = DecisionState.OPEN, None
    decision.version += 1
    session.flush()
    group = session.get_one(Group, group_id)
    note(session, group, "decision.reopen", f"Open again: {decision.words}", actor, now)


def _lock(session: DbSession, group_id: int, key: str) -> Decision:
    mine = Decision.group_id == group_id, Decision.key == key
    touch = update(Decision).where(*mine).values(version=Decision.version)
    session.execute(touch, execution_options=UNSYNCED)
    found = session.scalar(select(Decision).where(*mine), execution_options=FRESH)
    if found is None:
        raise NotFound
    return found


def _owner(session: DbSession, group_id: int, person_key: str) -> int:
    found = session.scalar(
        select(GroupMember.person_id)
        .join(Person, Person.id == GroupMember.person_id)
        .where(
            Person.key == person_key,
            GroupMember.group_id == group_id,
            GroupMember.left_at.is_(None),
        )
    )
    if found is None:
        raise NotTheirs
    return found
