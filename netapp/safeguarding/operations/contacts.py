"""Whom to talk to: of the network, and of an event where it is somebody else."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.errors import StaleEdit
from netapp.kernel.revisions import raise_revision
from netapp.safeguarding.errors import NobodyToReach
from netapp.safeguarding.models import SafeguardingContact


@dataclass(frozen=True, slots=True)
class Reach:
    """Who it is, and how they are reached."""

    name: str
    role: str = ""
    email: str = ""
    phone: str = ""
    hours: str = ""


def set_contact(
    session: DbSession,
    *,
    event_id: int | None,
    reach: Reach | None,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Name the contact of the network (``event_id`` None) or of one event; without ``reach`` the
    event has none of its own. ``seen_version``: 0 where the page showed none.

    Raises ``NobodyToReach``, ``StaleEdit``.
    """
    raise_revision(session, "events", now)  # Written first: kept pages show it.
    scope = "network" if event_id is None else f"event:{event_id}"
    found = session.scalar(
        select(SafeguardingContact)
        .where(SafeguardingContact.scope == scope)
        .execution_options(populate_existing=True)
    )
    if (found.version if found else 0) != seen_version:
        raise StaleEdit
    if reach is None:
        if found:
            session.delete(found)
    else:
        if not (reach.email or reach.phone):
            raise NobodyToReach
        contact = found or SafeguardingContact(scope=scope, event_id=event_id, version=0)
        contact.name, contact.role = reach.name, reach.role
        contact.email, contact.phone, contact.hours = reach.email, reach.phone, reach.hours
        contact.version += 1
        session.add(contact)
    session.flush()
    whose = "the network" if event_id is None else "an event"
    what = f"Named {reach.name}" if reach else "Named nobody of its own"
    audit.record(
        session,
        actor=actor,
        action="safeguarding.contact",
        subject=f"event:{event_id}" if event_id else "network",
        summary=f"{what} as safeguarding contact of {whose}.",
        now=now,
    )
