"""Editing events as coordinators do, and what became of them."""

from sqlalchemy import select

from netapp.events.models import Event, EventSession
from netapp.events.operations import editing
from tests.events.manage.plans import ACTOR
from tests.factories import NOW


def events(session):
    return session.scalars(select(Event).order_by(Event.id)).all()


def dates(session, event):
    found = select(EventSession).where(EventSession.event_id == event.id)
    return session.scalars(found.order_by(EventSession.starts_at)).all()


def save(session, event, details, **more):
    outcome = editing.save_details(
        session,
        event_id=event.id,
        details=details,
        **({"seen_version": event.version, "actor": ACTOR, "now": NOW} | more),
    )
    session.commit()
    return outcome
