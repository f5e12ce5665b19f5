"""Keep, show and delete what would help somebody take part, apart from their booking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.consent import ACCESS_NEEDS, SHARING
from netapp.events.models import AccessNeed, Booking, Event, NeedState
from netapp.events.operations import access_requests
from netapp.events.operations import needs_letters as letters
from netapp.events.operations.consents import end_needs
from netapp.events.operations.guard import FRESH, UNSYNCED, lock_event
from netapp.events.plans import Telling
from netapp.events.queries.asking import asked_by
from netapp.events.queries.manage_needs import mark_of
from netapp.events.queries.needs import told_of
from netapp.kernel.crypto import seal
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.people.access import Told, packed, profile_of
from netapp.people.consent_models import ConsentEnd
from netapp.people.models import ProfileKind
from netapp.people.operations.guards import hold_person


def tell(
    session: DbSession,
    *,
    event: Event,
    booking: Booking,
    person_id: int,
    telling: Telling,
    may_share: bool = True,
    now: datetime,
) -> None:
    """Write down all that one person on a booking tells the event; what is left out is deleted at
    once. The event is locked, and they have consented to what ``Telling`` says.

    To begin to share a profile that names an interpreter or captions is to ask for them.
    """
    kept = {}
    if telling.shares_access or telling.shares_food:
        hold_person(session, person_id)  # Their profile stays as it is until the commit.
        kept = profile_of(session, person_id)
    asks = telling.asks
    for kind, told, wanted in (
        (ProfileKind.ACCESS, Told(text=telling.needs), telling.shares_access),
        (ProfileKind.FOOD, telling.food, telling.shares_food),
    ):
        need = _find(session, booking, person_id, kind)
        shared = need is not None and need.shared_at is not None
        shares = wanted and kind in kept and (may_share or shared)
        if shares and not shared:
            asks |= asked_by(kept[kind].told)
        _keep(session, need, booking, person_id, kind, told, shares, now)
    in_vain = access_requests.ask(
        session, event=event, booking=booking, person_id=person_id, kinds=asks, now=now
    )
    if in_vain:
        letters.needs_changed(session, event, withdrawn=True, now=now)


def keep_need(session: DbSession, *, booking: Booking, text: str, now: datetime) -> None:
    """Write down or replace what the booker told us in words; an empty text deletes it at once."""
    kind = ProfileKind.ACCESS
    need = _find(session, booking, booking.person_id, kind)
    shares = need is not None and need.shared_at is not None
    _keep(session, need, booking, booking.person_id, kind, Told(text=text), shares, now)


def _find(
    session: DbSession, booking: Booking, person_id: int, kind: ProfileKind
) -> AccessNeed | None:
    return session.scalar(
        select(AccessNeed).where(
            AccessNeed.booking_id == booking.id,
            AccessNeed.person_id == person_id,
            AccessNeed.kind == kind,
        )
    )


def _keep(
    session: DbSession,
    need: AccessNeed | None,
    booking: Booking,
    person_id: int,
    kind: ProfileKind,
    told: Told,
    shares: bool,
    now: datetime,
) -> None:
    """What is as it was keeps its answer."""
    if not told and not shares:
        if need:
            end_needs(session, [need], how=ConsentEnd.TAKEN_BACK, now=now)
            session.delete(need)
            session.flush()
        return
    if need is not None:
        shared = need.shared_at is not None
        if shares == shared and told == told_of(session, need):
            return
    else:
        need = AccessNeed(
            key=new_key(),
            event_id=booking.event_id,
            booking_id=booking.id,
            person_id=person_id,
            kind=kind,
            version=0,
        )
        session.add(need)
    secret = site_of(session).secret
    need.sealed = seal(secret, packed(told), bound_to=f"need:{need.key}")
    agreed = ACCESS_NEEDS.version if told else SHARING.version
    if need.consent_version != agreed:
        if need.version:
            end_needs(session, [need], how=ConsentEnd.REPLACED, now=now)
        need.consent_version, need.consented_at = agreed, now
    need.shared_at = (need.shared_at or now) if shares else None
    is_new_again(need, now)
    session.flush()


def is_new_again(need: AccessNeed, now: datetime) -> None:
    """There is something else to read, so nobody has answered it."""
    need.state, need.answered_at, need.changed_at = NeedState.NEW, None, now
    need.version += 1


def read_needs(
    session: DbSession, *, event: Event, actor: Actor, now: datetime
) -> Sequence[AccessNeed]:
    """All needs told for an event, to be opened. Each reading is written down with who read."""
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
    return needs


def note_counting(session: DbSession, *, event: Event, actor: Actor, now: datetime) -> None:
    """Somebody opens what people eat, counted and without names."""
    audit.record(
        session,
        actor=actor,
        action="need.count",
        subject=f"event:{event.key}",
        summary=f"Opened the counts for the caterer of {event.title}, without names.",
        now=now,
    )


def text_of(session: DbSession, need: AccessNeed) -> str:
    """What was written for this event, for its owner's own page or after ``read_needs``."""
    return told_of(session, need).text


@dataclass(frozen=True, slots=True)
class Answered:
    """How many were marked, and how many were written anew after they had been read."""

    marked: int
    changed: int


def answer_needs(
    session: DbSession, *, event: Event, read: Mapping[str, str], actor: Actor, now: datetime
) -> Answered:
    """Mark those of an event that have been answered.

    ``read``: the mark of what was read, by key. Where there is something else now, nobody has
    answered it yet, and it stays new.
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


def mark_answered(session: DbSession, *, key: str, actor: Actor, now: datetime) -> AccessNeed:
    """A coordinator has replied to the person. Raises ``NotFound``."""
    answered = (
        update(AccessNeed)
        .where(AccessNeed.key == key)
        .values(state=NeedState.ANSWERED, answered_at=now)
    )
    session.execute(answered, execution_options=UNSYNCED)
    need = session.scalar(select(AccessNeed).where(AccessNeed.key == key), execution_options=FRESH)
    if need is None:
        raise NotFound
    audit.record(
        session,
        actor=actor,
        action="need.answer",
        subject=f"need:{need.key}",
        summary="Marked a request for access as answered.",
        now=now,
    )
    return need
