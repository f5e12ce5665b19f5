"""What people told an event goes some days after its last date, or with their place, and leaves a
receipt."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from netapp.audit import operations as audit
from netapp.events.models import (
    AccessNeed,
    AccessRequest,
    Booking,
    Event,
    EventSession,
)
from netapp.events.operations import needs_letters as letters
from netapp.events.operations.consents import end_all_needs, end_needs
from netapp.events.operations.in_vain import THEMSELVES, note_in_vain
from netapp.events.operations.sharing import leave_receipt
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import count_words
from netapp.people.consent_models import ConsentEnd


def delete_old_needs(session: DbSession, now: datetime) -> int:
    """Delete what is kept for longer than promised after the last session. For the worker."""
    days = site_of(session).needs_keep_days
    over = (
        select(EventSession.event_id)
        .group_by(EventSession.event_id)
        .having(func.max(EventSession.ends_at) < now - timedelta(days=days))
    )
    told = session.scalars(select(AccessNeed).where(AccessNeed.event_id.in_(over))).all()
    asked = session.scalars(select(AccessRequest).where(AccessRequest.event_id.in_(over))).all()
    end_needs(session, [*told, *asked], how=ConsentEnd.DELETED, now=now)
    needs = session.scalars(
        delete(AccessNeed).where(AccessNeed.event_id.in_(over)).returning(AccessNeed.event_id)
    ).all()
    requests = session.scalars(
        delete(AccessRequest)
        .where(AccessRequest.event_id.in_(over))
        .returning(AccessRequest.event_id)
    ).all()
    for event_id in sorted({*needs, *requests}):
        leave_receipt(
            session,
            session.get_one(Event, event_id),
            needs=needs.count(event_id),
            requests=requests.count(event_id),
            why=f"{count_words(days, 'day')} after its last date, as promised when asked",
            actor=audit.WORKER,
            now=now,
        )
    return len(needs) + len(requests)


def forget_needs(
    session: DbSession, event: Event, booking: Booking, person_id: int, now: datetime
) -> None:
    """Somebody is on this booking no more: what they told for it goes at once."""
    whose = {"booking_id": booking.id, "person_id": person_id}
    end_all_needs(session, how=ConsentEnd.DELETED, now=now, **whose)
    needs = session.scalars(
        delete(AccessNeed)
        .where(AccessNeed.booking_id == booking.id, AccessNeed.person_id == person_id)
        .returning(AccessNeed.id)
    ).all()
    requests = session.scalars(
        delete(AccessRequest)
        .where(AccessRequest.booking_id == booking.id, AccessRequest.person_id == person_id)
        .returning(AccessRequest.state)
    ).all()
    if not needs and not requests:
        return
    leave_receipt(
        session,
        event,
        needs=len(needs),
        requests=len(requests),
        why="their place went to somebody else",
        actor=THEMSELVES,
        now=now,
    )
    if note_in_vain(session, event, requests, now):
        letters.needs_changed(session, event, withdrawn=True, now=now)
