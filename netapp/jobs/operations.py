"""Claim work, keep it while it lasts, give it back. Each is one conditional UPDATE."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Update, update

from netapp.jobs.models import LEASE, LONGEST_PAUSE, JobState
from netapp.jobs.registry import Job
from netapp.kernel.db import DbSession, insert_for

PAUSES: Final = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 10, 20, 30))
"""After a failure: until the next try, the last one repeated."""


def prepare(session: DbSession, names: Iterable[str]) -> None:
    """Add the rows that are missing, so that an UPDATE can claim them."""
    rows = [{"name": name, "holder": "", "failures": 0, "last_error": ""} for name in sorted(names)]
    if rows:
        add = insert_for(session, JobState).values(rows)
        session.execute(add.on_conflict_do_nothing(index_elements=[JobState.name]))


def claim(
    session: DbSession, *, job: Job, seen: JobState, holder: str, now: datetime, force: bool = False
) -> bool:
    """Lease the work if it is free and due (or ``force``) and nobody took it since it was seen.

    Commit it before the work begins. False: leave it to others.
    """
    if not (seen.is_free(now, holder) and (force or seen.is_due(now, job.every))):
        return False
    unchanged = (
        JobState.holder == seen.holder,
        JobState.leased_until.is_not_distinct_from(seen.leased_until),
        JobState.next_run_at.is_not_distinct_from(seen.next_run_at),
    )
    return _changed(
        session, _row(job.name, *unchanged).values(holder=holder, leased_until=now + LEASE)
    )


def extend(session: DbSession, *, name: str, holder: str, now: datetime) -> bool:
    """Keep the lease for another while; False where it has gone to somebody else."""
    mine = JobState.holder == holder
    return _changed(session, _row(name, mine).values(leased_until=now + LEASE))


def finish(
    session: DbSession, *, name: str, holder: str, next_run_at: datetime, now: datetime
) -> None:
    """Give the work back, done. Nothing happens where it has gone to somebody else."""
    _give_back(session, name, holder, now, next_run_at=next_run_at, failures=0, last_error="")


def fail(
    session: DbSession,
    *,
    name: str,
    holder: str,
    error: str,
    now: datetime,
    pauses: Sequence[timedelta] = PAUSES,
) -> datetime | None:
    """Give the work back, not done; returns when it is tried again (None: not ours any more)."""
    state = session.get(JobState, name, populate_existing=True)
    if state is None or state.holder != holder:
        return None
    pause = min(pauses[min(state.failures, len(pauses) - 1)], LONGEST_PAUSE)
    _give_back(
        session,
        name,
        holder,
        now,
        next_run_at=now + pause,
        failures=state.failures + 1,
        last_error=error[:500],
    )
    return now + pause


def _give_back(session: DbSession, name: str, holder: str, now: datetime, **values: Any) -> None:
    released = {"holder": "", "leased_until": None, "last_run_at": now}
    session.execute(_row(name, JobState.holder == holder).values(released | values))


def _row(name: str, *conditions: ColumnElement[bool]) -> Update:
    row = update(JobState).where(JobState.name == name, *conditions)
    return row.execution_options(synchronize_session=False)


def _changed(session: DbSession, statement: Update) -> bool:
    return session.scalar(statement.returning(JobState.name)) is not None
