from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.membership.models import Membership


def is_current(session: DbSession, person_id: int, *, at: datetime) -> bool:
    """Whether this person is a member on the day that ``at`` falls on in the network's zone."""
    held = select(Membership.id).where(Membership.person_id == person_id, current_on(session, at))
    return session.scalar(held.limit(1)) is not None


def current_on(session: DbSession, at: datetime) -> ColumnElement[bool]:
    """The condition that a membership is in force at a moment."""
    today = to_local(at, site_of(session).zone).date()
    not_ended = or_(Membership.ends_on.is_(None), Membership.ends_on >= today)
    return (Membership.starts_on <= today) & not_ended
