"""The terms of two people who turn out to be one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import joinedload

from netapp.kernel.changes import Journal
from netapp.kernel.db import DbSession
from netapp.kernel.one_person import When
from netapp.membership.models import Membership

FOREVER = date.max
TERMS = cast(Table, Membership.__table__)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two terms that run at once, one of each: the longer holds, the other is a thing of the
    past. One that had not begun is never used: it stays behind."""

    longer: Membership
    shorter: Membership


def overlaps(
    session: DbSession, *, gone_id: int, kept_id: int, today: date
) -> tuple[Sequence[Membership], Sequence[Overlap]]:
    """The terms of who goes, with their kinds, and those of both that run or will run at once."""
    gone, kept = _terms(session, gone_id), _terms(session, kept_id)
    found = []
    for theirs in gone:
        for mine in kept:
            end = min(theirs.ends_on or FOREVER, mine.ends_on or FOREVER)
            if end >= max(theirs.starts_on, mine.starts_on, today):
                pair = sorted((theirs, mine), key=lambda term: term.ends_on or FOREVER)
                if (theirs.ends_on or FOREVER) == (mine.ends_on or FOREVER):
                    pair = [theirs, mine]
                found.append(Overlap(longer=pair[1], shorter=pair[0]))
    return gone, found


def follow_person(journal: Journal, *, gone_id: int, kept_id: int, when: When) -> None:
    """What the two hold themselves. Hold both people first."""
    gone, both = overlaps(journal.session, gone_id=gone_id, kept_id=kept_id, today=when.today)
    behind = set()
    for shorter in {overlap.shorter.id: overlap.shorter for overlap in both}.values():
        if shorter.starts_on >= when.today:
            behind.add(shorter.id)
            if shorter.person_id == kept_id:
                journal.set(TERMS, {"id": shorter.id}, "person_id", gone_id)
            continue
        yesterday = when.today - timedelta(days=1)
        journal.set(TERMS, {"id": shorter.id}, "ends_on", yesterday, rights_until=yesterday)
        journal.set(TERMS, {"id": shorter.id}, "ended_early", True)
    for term in gone:
        if term.id not in behind:
            journal.set(TERMS, {"id": term.id}, "person_id", kept_id)


def _terms(session: DbSession, person_id: int) -> Sequence[Membership]:
    return session.scalars(
        select(Membership)
        .where(Membership.person_id == person_id)
        .options(joinedload(Membership.kind))
        .order_by(Membership.starts_on, Membership.id),
        execution_options={"populate_existing": True},
    ).all()
