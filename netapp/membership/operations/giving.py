"""A coordinator gives a membership by hand: whoever it is about is told."""

from datetime import date, datetime

from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.membership.models import Membership, MembershipKind
from netapp.membership.operations import granting
from netapp.membership.operations import term_letters as letters
from netapp.membership.operations.granting import HeldBy
from netapp.membership.queries.terms import holder_of, recipients_of


def give(
    session: DbSession,
    *,
    holder: HeldBy,
    kind: str,
    starts_on: date,
    ends_on: date | None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Membership:
    """As ``granting.grant``, with a mail to the person, or the contacts of the organisation."""
    held = granting.grant(
        session,
        holder=holder,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        note=note,
        actor=actor,
        now=now,
    )
    held.kind = session.get_one(MembershipKind, held.kind_id)
    to = recipients_of(session, held, at=now)
    letters.given(session, to=to, holder=holder_of(session, held), held=held, now=now)
    return held
