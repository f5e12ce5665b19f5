"""A coordinator ends a membership: why is written down, and whoever it is about is told."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.membership.models import Membership
from netapp.membership.operations import granting, seat_letters
from netapp.membership.operations import term_letters as letters
from netapp.membership.queries.terms import holder_of, recipients_of


def end_by_hand(session: DbSession, *, key: str, reason: str, actor: Actor, now: datetime) -> None:
    """As ``granting.end``, with a mail to the person, or to the contacts of the organisation and
    everybody with a seat; it can be undone."""
    held = session.scalar(
        select(Membership).where(Membership.key == key).options(joinedload(Membership.kind))
    )
    if held is None:
        raise NotFound
    to, holder = recipients_of(session, held, at=now), holder_of(session, held)
    letters.ended(session, to=to, holder=holder, held=held, reason=reason, now=now)
    granting.end(session, key=key, reason=reason, undoable=True, actor=actor, now=now)
    seat_letters.no_longer_through(session, held, told=to, now=now)
