"""Requests for interpreters and captions: asked, booked, or answered honestly."""

import json
from datetime import datetime

from sqlalchemy import select

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.consent import ASKING
from netapp.events.errors import AnswerMissing
from netapp.events.models import (
    AccessNeed,
    AccessRequest,
    Booking,
    Event,
    NeedState,
    RequestKind,
    RequestState,
)
from netapp.events.operations import needs_letters as letters
from netapp.events.operations.consents import end_needs
from netapp.events.operations.guard import FRESH, lock_event
from netapp.events.operations.in_vain import note_in_vain
from netapp.events.queries.asking import KINDS_OF_TICKS
from netapp.events.queries.needs import told_of
from netapp.events.queries.requests import Asked, asked_of, request_mark
from netapp.kernel.crypto import seal
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound, StaleEdit
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.people.access import profile_of
from netapp.people.consent_models import ConsentEnd
from netapp.people.models import ProfileKind


def ask(
    session: DbSession,
    *,
    event: Event,
    booking: Booking,
    person_id: int,
    kinds: frozenset[RequestKind],
    now: datetime,
) -> bool:
    """These are what they ask for; others are withdrawn, and deleted at once. The event is locked.

    What was asked before keeps its state and its answer. Returns whether something is booked that
    they ask for no more: then the caller tells who arranges it.
    """
    rows = session.scalars(
        select(AccessRequest).where(
            AccessRequest.booking_id == booking.id, AccessRequest.person_id == person_id
        ),
        execution_options=FRESH,
    ).all()
    there = {asked.kind: asked.request for asked in asked_of(session, rows)}
    gone = [row for kind, row in there.items() if kind not in kinds]
    end_needs(session, gone, how=ConsentEnd.TAKEN_BACK, now=now)
    for row in gone:
        session.delete(row)
    session.flush()
    for kind in RequestKind:
        if kind in kinds and kind not in there:
            session.add(_new(session, event, booking, person_id, kind, now))
    session.flush()
    return note_in_vain(session, event, [row.state for row in gone], now)


def read_requests(
    session: DbSession, *, event: Event, actor: Actor, now: datetime
) -> list[AccessRequest]:
    """All requests made to an event, to be opened. Each reading is written down."""
    rows = session.scalars(
        select(AccessRequest).where(AccessRequest.event_id == event.id).order_by(AccessRequest.id),
        execution_options=FRESH,
    ).all()
    for row in rows:
        audit.record(
            session,
            actor=actor,
            action="request.read",
            subject=f"request:{row.key}",
            summary=f"Read a request for an interpreter or captions at {event.title}.",
            now=now,
        )
    return list(rows)


def answer_request(
    session: DbSession,
    *,
    event_id: int,
    key: str,
    state: RequestState,
    answer: str,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> AccessRequest:
    """It is booked, or it is not possible and ``answer`` says so; the person is told by email.

    Raises ``NotFound`` where it was withdrawn, ``StaleEdit`` where somebody else answered it, and
    ``AnswerMissing``.
    """
    event = lock_event(session, event_id)
    row = session.scalar(
        select(AccessRequest).where(AccessRequest.key == key, AccessRequest.event_id == event.id),
        execution_options=FRESH,
    )
    if row is None:
        raise NotFound
    if row.version != seen_version:
        raise StaleEdit
    if state is RequestState.NOT_POSSIBLE and not answer:
        raise AnswerMissing
    kind = asked_of(session, [row])[0].kind
    row.sealed = _sealed(session, row, kind, answer)
    row.state, row.answered_at, row.answered_by_id = state, now, actor.id
    row.version += 1
    words = "as booked" if state is RequestState.BOOKED else "as not possible, with the reason"
    audit.record(
        session,
        actor=actor,
        action=f"request.{state.value}",
        subject=f"request:{row.key}",
        summary=f"Answered a request for an interpreter or captions at {event.title} {words}.",
        now=now,
    )
    session.flush()
    _settle_need(session, row, actor, now)
    letters.request_answered(session, event, Asked(row, kind, answer), now=now)
    return row


def _settle_need(session: DbSession, row: AccessRequest, actor: Actor, now: datetime) -> None:
    """With the last of somebody's requests all that they told of their access needs is answered,
    where it is nothing but what they asked for. Anything else still waits."""
    mine = {"booking_id": row.booking_id, "person_id": row.person_id}
    waits = select(AccessRequest.id).filter_by(**mine, state=RequestState.NEW)
    need = session.scalar(
        select(AccessNeed).filter_by(**mine, kind=ProfileKind.ACCESS, state=NeedState.NEW),
        execution_options=FRESH,
    )
    if need is None or session.scalar(waits.limit(1)) is not None or told_of(session, need):
        return
    kept = profile_of(session, row.person_id).get(ProfileKind.ACCESS)
    if kept and (kept.told.text or not set(kept.told.ticks) <= set(KINDS_OF_TICKS)):
        return
    need.state, need.answered_at = NeedState.ANSWERED, now
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="need.answer",
        subject=f"need:{need.key}",
        summary="Answered a request for access with what was asked to be arranged.",
        now=now,
    )


def _new(
    session: DbSession,
    event: Event,
    booking: Booking,
    person_id: int,
    kind: RequestKind,
    now: datetime,
) -> AccessRequest:
    row = AccessRequest(
        key=new_key(),
        event_id=event.id,
        booking_id=booking.id,
        person_id=person_id,
        mark=request_mark(site_of(session).secret, booking.id, person_id, kind),
        consent_version=ASKING.version,
        asked_at=now,
    )
    row.sealed = _sealed(session, row, kind, "")
    return row


def _sealed(session: DbSession, row: AccessRequest, kind: RequestKind, answer: str) -> bytes:
    plain = json.dumps({"kind": kind.value, "answer": answer}).encode()
    return seal(site_of(session).secret, plain, bound_to=f"request:{row.key}")
