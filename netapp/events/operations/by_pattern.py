"""What a date that a pattern made remembers of it when somebody edits it by itself."""

from sqlalchemy import select

from netapp.events.models import EventPattern, EventSession, PatternDate
from netapp.events.plans import DatePlan
from netapp.kernel.db import DbSession


def note_change_by_hand(session: DbSession, date: EventSession, plan: DatePlan) -> None:
    """Before it becomes what the plan says: from then on the pattern leaves it alone. Notes and
    parts are none of the pattern's."""
    names = ("starts_at", "ends_at", "title", "place", "join_link")
    if all(getattr(date, name) == getattr(plan, name) for name in names):
        return
    link = session.get(PatternDate, date.id)
    if link is not None:
        link.by_hand = True


def forget_date(session: DbSession, date: EventSession) -> None:
    """Before it is taken out of a draft: the pattern never adds that day again."""
    link = session.get(PatternDate, date.id)
    if link is None:
        return
    pattern = session.scalars(
        select(EventPattern).where(EventPattern.id == link.pattern_id),
        execution_options={"populate_existing": True},
    ).one()
    pattern.removed_days = [*pattern.removed_days, link.day.isoformat()]
    pattern.version += 1
    session.delete(link)
    session.flush()
