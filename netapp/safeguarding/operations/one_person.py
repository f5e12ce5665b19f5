"""Checks on two people who turn out to be one."""

from typing import cast

from sqlalchemy import Table, select

from netapp.kernel.changes import Journal
from netapp.kernel.one_person import When
from netapp.safeguarding.models import Check

CHECKS = cast(Table, Check.__table__)


def follow_person(journal: Journal, *, gone_id: int, kept_id: int, when: When) -> None:
    """Of two checks of a kind that count, that seen last goes on counting."""
    session = journal.session
    theirs = session.scalars(select(Check).where(Check.person_id == gone_id)).all()
    mine = select(Check).where(Check.person_id == kept_id, Check.ended_at.is_(None))
    live = {check.kind_id: check for check in session.scalars(mine)}
    for check in theirs:
        other = live.get(check.kind_id)
        if check.ended_at is None and other is not None:
            older = check if check.seen_on <= other.seen_on else other
            journal.set(CHECKS, {"id": older.id}, "ended_at", when.now)
        journal.set(CHECKS, {"id": check.id}, "person_id", kept_id)
