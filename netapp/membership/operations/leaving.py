"""Somebody leaves for good: their own memberships and their seats end."""

from datetime import datetime

from sqlalchemy import select, update

from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.membership.models import Membership, Seat
from netapp.membership.operations import granting


def leave_all(session: DbSession, *, person_id: int, actor: Actor, now: datetime) -> None:
    """End what they hold themselves and every seat; what organisations hold stays theirs."""
    today = to_local(now, site_of(session).zone).date()
    held = session.scalars(
        select(Membership.key).where(
            Membership.person_id == person_id,
            Membership.ends_on.is_(None) | (Membership.ends_on >= today),
        )
    ).all()
    for key in held:
        granting.end(session, key=key, actor=actor, now=now)
    session.execute(
        update(Seat)
        .where(Seat.person_id == person_id, Seat.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
