"""A membership goes on, or somebody comes back: one tap, by whoever holds it or a coordinator."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.errors import DomainError, NotFound
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.membership.errors import EndedByHand, NothingToRenew, RenewedAlready, TooEarly
from netapp.membership.models import AgeBand, Membership
from netapp.membership.operations import granting, seat_letters
from netapp.membership.operations import term_letters as letters
from netapp.membership.operations.granting import HeldBy
from netapp.membership.operations.invoicing import issue
from netapp.membership.policies import can_be_renewed, next_term
from netapp.membership.queries.terms import holder_of, last_term, recipients_of


@dataclass(slots=True)
class Renewals:
    """How many were renewed, and of the others whose they are and why they were left."""

    done: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)


def renew(
    session: DbSession,
    *,
    key: str,
    age_band: AgeBand | None = None,
    order_number: str = "",
    actor: Actor,
    now: datetime,
) -> Membership:
    """Give the holder of this term the next one, of the same kind, and tell them. It never touches
    what anybody else holds: a person's is the person's, an organisation's the organisation's.

    Raises ``NothingToRenew``, ``RenewedAlready``, ``TooEarly``, ``EndedByHand``, ``NotFound``.
    """
    found = session.scalar(select(Membership).where(Membership.key == key))
    if found is None:
        raise NotFound
    holder = HeldBy(found.person_id, found.organisation_id)
    granting.hold(session, holder)
    last = last_term(session, found)
    if last is None or last.kind_id != found.kind_id:
        raise NotFound
    today = to_local(now, site_of(session).zone).date()
    if last.ends_on is None or last.rights_until is None:
        raise NothingToRenew
    if last.starts_on > today:
        raise RenewedAlready
    if last.ended_early:
        raise EndedByHand
    if not can_be_renewed(last.ends_on, today):
        raise RenewedAlready if last.key != key else TooEarly
    first, until = next_term(
        last.kind, last_day=last.ends_on, rights_until=last.rights_until, today=today
    )
    held = granting.grant(
        session,
        holder=holder,
        kind=last.kind.slug,
        starts_on=first,
        ends_on=until,
        actor=actor,
        now=now,
    )
    held.kind = last.kind
    held.age_band = age_band or last.age_band
    held.seats = last.seats
    session.flush()
    invoice = issue(session, held, order_number=order_number, actor=actor, now=now)
    to = recipients_of(session, held, at=now)
    letters.renewed(
        session,
        to=to,
        holder=holder_of(session, held),
        held=held,
        has_invoice=invoice is not None,
        now=now,
    )
    if last.rights_until < today:  # People with a seat were told that it was over.
        seat_letters.again_through(session, held, told=to, now=now)
    return held


def renew_several(
    session: DbSession, *, keys: Sequence[str], actor: Actor, now: datetime
) -> Renewals:
    """Each by itself: one that cannot be renewed does not stop the others."""
    outcome = Renewals()
    for key in sorted(set(keys)):
        try:
            with session.begin_nested():
                renew(session, key=key, actor=actor, now=now)
            outcome.done += 1
        except DomainError as refusal:
            outcome.left.append((_name(session, key), str(refusal)))
    return outcome


def _name(session: DbSession, key: str) -> str:
    found = session.scalar(
        select(Membership).where(Membership.key == key).options(joinedload(Membership.organisation))
    )
    return holder_of(session, found) if found else "One that is gone"
