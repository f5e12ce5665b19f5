"""What the worker and the page about health read."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from netapp.jobs.models import JobState
from netapp.kernel.db import DbSession


def states(session: DbSession) -> Sequence[JobState]:
    """All rows of leases, as they are now."""
    found = select(JobState).order_by(JobState.name).execution_options(populate_existing=True)
    return session.scalars(found).all()


def last_sign_of_life(session: DbSession) -> datetime | None:
    """When a worker last finished anything; more than a minute ago means that none runs."""
    return session.scalar(select(func.max(JobState.last_run_at)))
