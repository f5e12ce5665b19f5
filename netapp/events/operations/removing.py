"""A date is taken out of a draft that nobody has seen."""

from sqlalchemy import delete

from netapp.events.models import EventSession, PatternDate, Pool, Segment
from netapp.kernel.db import DbSession


def remove(session: DbSession, date: EventSession) -> None:
    """Delete a date with all that hangs on it. Whether that may be is the caller's to ask."""
    for rows in (
        delete(PatternDate).where(PatternDate.session_id == date.id),
        delete(Segment).where(Segment.session_id == date.id),
        delete(Pool).where(Pool.session_id == date.id),
        delete(EventSession).where(EventSession.id == date.id),
    ):
        session.execute(rows)
