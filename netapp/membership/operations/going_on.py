"""A membership was ended by mistake and goes on: whoever was told of the end is told of that."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from netapp.kernel.db import DbSession
from netapp.membership.models import Membership
from netapp.membership.operations import seat_letters
from netapp.membership.operations import term_letters as letters
from netapp.membership.queries.terms import holder_of, recipients_of, today_of


def tell_goes_on(session: DbSession, membership_id: int, *, now: datetime) -> None:
    """Nobody, where its time would be over by now anyway."""
    held = session.scalars(
        select(Membership)
        .where(Membership.id == membership_id)
        .options(joinedload(Membership.kind))
        .execution_options(populate_existing=True)
    ).one()
    if held.rights_until is not None and held.rights_until < today_of(session, now):
        return
    to = recipients_of(session, held, at=now)
    letters.goes_on(session, to=to, holder=holder_of(session, held), held=held, now=now)
    seat_letters.again_through(session, held, told=to, now=now)
