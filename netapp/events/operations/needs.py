"""Keep, show and delete what would help somebody take part, apart from their booking."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.consent import ACCESS_NEEDS
from netapp.events.models import AccessNeed, Booking, Event, EventSession, NeedState
from netapp.events.operations.guard import FRESH, lock_event
from netapp.events.queries.manage_needs import mark_of
from netapp.kernel.crypto import seal, unseal
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key


def keep_need(session: DbSession, *, booking: Booking, text: str, now: datetime) -> None:
    """Write down or replace what they told us; an empty text deletes it at once.

    The caller has asked for consent to ``consent.ACCESS_NEEDS`` beside the question.
    """
    need = session.scalar(select(AccessNeed).where(AccessNeed.booking_id == booking.id))
    if not text:
        if need:
            session.delete(need)
        return
    if need is None:
        need = AccessNeed(
            key=new_key(),
            event_id=booking.event_id,
            booking_id=booking.id,
            person_id=booking.person_id,
        )
        session.add(need)
    need.sealed = seal(site_of(session).secret, text.encode(), bound_to=f"need:{need.key}")
    need.consent_version = ACCESS_NEEDS.version
    need.consented_at = need.changed_at = now
    need.state, need.answered_at = NeedState.NEW, None
    session.flush()


def read_needs(
    session: DbSession, *, event: Event, actor: Actor, now: datetime
) -> list[tuple[AccessNeed, str]]:
    """All needs told for an event, opened. Each reading is written down with who read."""
    needs = session.scalars(
        select(AccessNeed).where(AccessNeed.event_id == event.id).order_by(AccessNeed.id)
    ).all()
    for need in needs:
        audit.record(
            session,
            actor=actor,
            action="need.read",
            subject=f"need:{need.key}",
            summary=f"Read what one person needs to take part in {event.title}.",
            now=now,
        )
    return [(need, text_of(session, need)) for need in needs]


def text_of(session: DbSession, need: AccessNeed) -> str:
    """The text, for its owner's own page or within ``read_needs``."""
    secret = site_of(session).secret
    return unseal(secret, need.sealed, bound_to=f"need:{need.key}").decode()


def mark_answered(session: DbSession, *, key: str, actor: Actor, now: datetime) -> AccessNeed:
    """A coordinator has replied to the person. Raises ``NotFound``."""
    need = session.scalar(select(AccessNeed).where(AccessNeed.key == key))
    if need is None:
        raise NotFound
    need.state, need.answered_at = NeedState.ANSWERED, now
    audit.record(
        session,
        actor=actor,
        action="need.answer",
        subject=f"need:{need.key}",
        summary="Marked a request for access as answered.",
        now=now,
    )
    return need


@dataclass(frozen=True, slots=True)
class Answered:
    """How many were marked, and how many were written anew after they had been read."""

    marked: int
    changed: int


def answer_needs(
    session: DbSession, *, event: Event, read: Mapping[str, str], actor: Actor, now: datetime
) -> Answered:
    """Mark those of an event that have been answered.

    ``read``: the mark of the text that was read, by key. Where there is another text now, nobody
    has answered it yet, and it stays new.
    """
    lock_event(session, event.id)  # What people tell us is written under the same lock.
    found = session.scalars(
        select(AccessNeed)
        .where(
            AccessNeed.event_id == event.id,
            AccessNeed.key.in_(read),
            AccessNeed.state == NeedState.NEW,
        )
        .order_by(AccessNeed.id),
        execution_options=FRESH,
    ).all()
    same = [need.key for need in found if mark_of(need) == read[need.key]]
    for key in same:
        mark_answered(session, key=key, actor=actor, now=now)
    return Answered(len(same), len(found) - len(same))


def delete_old_needs(session: DbSession, now: datetime) -> int:
    """Delete what is kept for longer than promised after the last session. For the worker."""
    kept_since = now - timedelta(days=site_of(session).needs_keep_days)
    over = (
        select(EventSession.event_id)
        .group_by(EventSession.event_id)
        .having(func.max(EventSession.ends_at) < kept_since)
    )
    gone = session.scalars(
        delete(AccessNeed).where(AccessNeed.event_id.in_(over)).returning(AccessNeed.event_id)
    ).all()
    for event_id in sorted(set(gone)):
        audit.record(
            session,
            actor=audit.WORKER,
            action="need.delete",
            subject=f"event-id:{event_id}",
            summary=f"Deleted {gone.count(event_id)} access needs, as promised when asked.",
            now=now,
        )
    return len(gone)
