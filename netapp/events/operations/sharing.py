"""A profile that changes or goes, and the events it is shared with."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, union

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.models import AccessNeed, AccessRequest, Booking, Event
from netapp.events.operations import access_requests
from netapp.events.operations import needs_letters as letters
from netapp.events.operations.consents import end_all_needs, end_needs
from netapp.events.operations.guard import FRESH, lock_event
from netapp.events.operations.in_vain import THEMSELVES, note_in_vain
from netapp.events.operations.needs import is_new_again
from netapp.events.queries.asking import asked_by
from netapp.events.queries.needs import is_read, told_of
from netapp.events.queries.requests import asked_of
from netapp.kernel.db import DbSession
from netapp.kernel.words import count_words
from netapp.people.access import Told
from netapp.people.consent_models import ConsentEnd
from netapp.people.models import ProfileKind
from netapp.people.operations.access import Change, delete_profile, keep_profile


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was deleted, in numbers."""

    profile: int  # Kinds: access needs, dietary needs.
    needs: int
    requests: int
    events: int


def save_profile(
    session: DbSession,
    *,
    person_id: int,
    told: Mapping[ProfileKind, Told],
    seen_versions: Mapping[ProfileKind, int],
    now: datetime,
) -> int:
    """Keep it, and bring the coming events that it is shared with up to date: there it is to be
    read anew, and who arranges it is told. How many events there are. Raises ``StaleEdit``."""
    events = _hold_events(session, person_id)
    changes: dict[ProfileKind, Change] = {}
    for kind, what in told.items():
        seen = seen_versions.get(kind, 0)
        changed = keep_profile(
            session, person_id=person_id, kind=kind, told=what, seen_version=seen, now=now
        )
        if changed:
            changes[kind] = changed
    shares = session.scalars(
        select(AccessNeed)
        .where(
            AccessNeed.person_id == person_id,
            AccessNeed.shared_at.is_not(None),
            AccessNeed.kind.in_(changes),
        )
        .order_by(AccessNeed.event_id, AccessNeed.id),
        execution_options=FRESH,
    ).all()
    coming: dict[int, bool] = {}
    in_vain: set[int] = set()
    for need in shares:
        event, change = events[need.event_id], changes[need.kind]
        if _follow(session, event, need, change, now):
            in_vain.add(event.id)
        if is_read(event, now):
            coming[event.id] = coming.get(event.id, True) and not change.after
    session.flush()
    for event_id, withdrawn in coming.items():
        letters.needs_changed(
            session, events[event_id], withdrawn=withdrawn, in_vain=event_id in in_vain, now=now
        )
    return len(coming)


def withdraw_all(session: DbSession, *, person_id: int, now: datetime) -> Receipt:
    """Delete at once all that this person keeps and all that they told any event.

    Each event gets a line with numbers and nothing else; who arranges a coming one is told.
    """
    events = _hold_events(session, person_id)
    kinds = delete_profile(session, person_id, now)
    end_all_needs(session, how=ConsentEnd.TAKEN_BACK, now=now, person_id=person_id)
    needs = session.scalars(
        delete(AccessNeed).where(AccessNeed.person_id == person_id).returning(AccessNeed.event_id)
    ).all()
    requests = session.execute(
        delete(AccessRequest)
        .where(AccessRequest.person_id == person_id)
        .returning(AccessRequest.event_id, AccessRequest.state)
    ).all()
    asked = [event_id for event_id, _ in requests]
    told = sorted({*needs, *asked})
    for event_id in told:
        event = events.get(event_id) or session.get_one(Event, event_id)
        leave_receipt(
            session,
            event,
            needs=needs.count(event_id),
            requests=asked.count(event_id),
            why="withdrawn by whom they were about",
            actor=THEMSELVES,
            now=now,
        )
        if event_id in events and is_read(event, now):
            note_in_vain(session, event, [s for of, s in requests if of == event_id], now)
            letters.needs_changed(session, event, withdrawn=True, now=now)
    if kinds:
        audit.record(
            session,
            actor=THEMSELVES,
            action="profile.delete",
            subject="profile",
            summary=f"Deleted {count_words(kinds, 'part')} of an access profile: withdrawn.",
            now=now,
        )
    session.flush()
    return Receipt(kinds, len(needs), len(requests), len(told))


def leave_receipt(
    session: DbSession,
    event: Event,
    *,
    needs: int,
    requests: int,
    why: str,
    actor: Actor,
    now: datetime,
) -> None:
    """How many, of which event and why; nothing of what they said, and nobody's name."""
    parts = Counter({"access or dietary need": needs, "request": requests})
    gone = " and ".join(count_words(number, one) for one, number in parts.items() if number)
    audit.record(
        session,
        actor=actor,
        action="need.delete",
        subject=f"event:{event.key}",
        summary=f"Deleted {gone} of {event.title}: {why}.",
        detail={"needs": needs, "requests": requests},
        now=now,
    )


def _follow(
    session: DbSession, event: Event, need: AccessNeed, change: Change, now: datetime
) -> bool:
    """One event that the changed kind is shared with; whether something is booked in vain."""
    if not change.after:
        need.shared_at = None
        if not told_of(session, need):
            end_needs(session, [need], how=ConsentEnd.TAKEN_BACK, now=now)
            session.delete(need)
            session.flush()
            leave_receipt(
                session, event, needs=1, requests=0, why="withdrawn by whom they were about",
                actor=THEMSELVES, now=now,
            )  # fmt: skip
        else:
            is_new_again(need, now)
    elif is_read(event, now):
        is_new_again(need, now)
    if need.kind is not ProfileKind.ACCESS or not is_read(event, now):
        return False
    return _ask_anew(session, event, need, change, now)


def _ask_anew(
    session: DbSession, event: Event, need: AccessNeed, change: Change, now: datetime
) -> bool:
    """What was newly ticked is asked for, and what is no longer is withdrawn; see ``ask``."""
    before, after = asked_by(change.before), asked_by(change.after)
    if before == after:
        return False
    booking = session.get_one(Booking, need.booking_id)
    rows: Sequence[AccessRequest] = session.scalars(
        select(AccessRequest).where(
            AccessRequest.booking_id == booking.id, AccessRequest.person_id == need.person_id
        )
    ).all()
    there = frozenset(asked.kind for asked in asked_of(session, rows))
    kinds = (there - (before - after)) | (after - before)
    return access_requests.ask(
        session, event=event, booking=booking, person_id=need.person_id, kinds=kinds, now=now
    )


def _hold_events(session: DbSession, person_id: int) -> dict[int, Event]:
    """Lock the events this person told anything, in the order of their ids."""
    mine = union(
        select(AccessNeed.event_id).where(AccessNeed.person_id == person_id),
        select(AccessRequest.event_id).where(AccessRequest.person_id == person_id),
    )
    return {event_id: lock_event(session, event_id) for event_id in sorted(session.scalars(mine))}
