"""The link of an organisation's seats: made, made anew, switched off."""

from datetime import datetime

from sqlalchemy import select

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.membership.operations.seats import By, held_by
from netapp.membership.seat_models import SeatLink
from netapp.organisations.models import Organisation
from netapp.organisations.operations.guard import subject_of


def renew_link(session: DbSession, *, organisation_key: str, by: By, now: datetime) -> bool:
    """A link to pass on; every earlier one ends. Whether there was one that worked. Raises
    ``NotTheContact``, ``NotFound``."""
    organisation = held_by(session, organisation_key, by, now)
    link = session.scalar(select(SeatLink).where(SeatLink.organisation_id == organisation.id))
    if link is None:
        link = SeatLink(organisation_id=organisation.id, version=0)
        session.add(link)
    ended_another = bool(link.is_open) and link.version > 0
    link.version += 1
    link.is_open, link.changed_at, link.changed_by_id = True, now, by.actor.id
    session.flush()
    summary = f"Made a new link to take the seats of {organisation.name}."
    _record(session, organisation, summary, by.actor, now)
    return ended_another


def close_link(session: DbSession, *, organisation_key: str, by: By, now: datetime) -> None:
    """Nobody takes a seat by the link any more; who has one keeps it. Harmless where there is
    none. Raises ``NotTheContact``, ``NotFound``."""
    organisation = held_by(session, organisation_key, by, now)
    link = session.scalar(select(SeatLink).where(SeatLink.organisation_id == organisation.id))
    if link is None or not link.is_open:
        return
    link.is_open, link.changed_at, link.changed_by_id = False, now, by.actor.id
    session.flush()
    summary = f"Switched off the link to take the seats of {organisation.name}."
    _record(session, organisation, summary, by.actor, now)


def _record(
    session: DbSession, organisation: Organisation, summary: str, actor: Actor, now: datetime
) -> None:
    audit.record(
        session,
        actor=actor,
        action="seat.link",
        subject=subject_of(organisation),
        summary=summary,
        now=now,
    )
