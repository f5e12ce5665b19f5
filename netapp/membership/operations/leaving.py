"""Somebody leaves for good: their own memberships and their seats end."""

from datetime import datetime

from sqlalchemy import select, update

from netapp.kernel.db import DbSession
from netapp.kernel.revisions import raise_revision
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.membership.models import Membership, Seat
from netapp.membership.operations.granting import HeldBy, end_before, hold


def leave_all(session: DbSession, *, person_id: int, now: datetime) -> None:
    """End what they hold themselves and every seat; what organisations hold stays theirs. No line
    in the activity log: it would keep a name that is about to go."""
    hold(session, HeldBy(person_id=person_id))
    today = to_local(now, site_of(session).zone).date()
    current = Membership.ends_on.is_(None) | (Membership.ends_on >= today)
    mine = select(Membership).where(Membership.person_id == person_id, current)
    for held in session.scalars(mine).all():
        end_before(session, held, today, now)
    session.execute(
        update(Seat)
        .where(Seat.person_id == person_id, Seat.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    raise_revision(session, "directory", now)
