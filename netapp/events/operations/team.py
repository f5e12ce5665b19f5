"""Let people help with one event, and end it; each act leaves an audit line."""

from datetime import datetime

from sqlalchemy import delete, select

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.models import Event, EventHelper, HelperRole
from netapp.events.operations.guard import lock_event
from netapp.kernel.db import DbSession, insert_for
from netapp.kernel.errors import NotFound
from netapp.kernel.site import site_of
from netapp.mail.operations import Address, enqueue
from netapp.people.errors import AccountDisabled, NoAccount
from netapp.people.models import Person
from netapp.people.queries import find_by_address

WORDS = {
    HelperRole.EVENTS_HELPER: "an events helper",
    HelperRole.DOOR: "the door",
}


def add_helper(
    session: DbSession,
    *,
    event_id: int,
    email: str,
    role: HelperRole,
    reads_needs: bool,
    actor: Actor,
    now: datetime,
) -> Person:
    """Whoever has this address helps with this event from now on, or in another way than before.

    Raises ``NoAccount``, ``AccountDisabled``.
    """
    event = lock_event(session, event_id)
    person = find_by_address(session, email)
    if person is None or person.registered_at is None:
        raise NoAccount
    if person.disabled_at:
        raise AccountDisabled
    reads = reads_needs and role is HelperRole.EVENTS_HELPER
    given = {"role": role, "reads_needs": reads, "granted_at": now, "granted_by_id": actor.id}
    row = insert_for(session, EventHelper).values(event_id=event.id, person_id=person.id, **given)
    session.execute(row.on_conflict_do_update(index_elements=["event_id", "person_id"], set_=given))
    needs = ", who may read access needs" if reads else ""
    summary = f"Made {person.name} {WORDS[role]} of {event.title}{needs}."
    _record(session, event, "team.add", summary, actor, now)
    enqueue(
        session,
        to=Address(person.name, person.email),
        message="events/team_added",
        about=f"event:{event.key}",
        context={
            "name": person.name,
            "event": {"title": event.title},
            "edits": role is HelperRole.EVENTS_HELPER,
            "reads_needs": reads,
            "url": site_of(session).url("/account/helping"),
        },
        now=now,
    )
    return person


def end_helper(
    session: DbSession, *, event_id: int, person_key: str, actor: Actor, now: datetime
) -> None:
    """Raises ``NotFound`` where that person does not help with this event."""
    event = lock_event(session, event_id)
    person = session.scalar(select(Person).where(Person.key == person_key))
    if person is None:
        raise NotFound
    gone = session.scalar(
        delete(EventHelper)
        .where(EventHelper.event_id == event.id, EventHelper.person_id == person.id)
        .returning(EventHelper.person_id)
    )
    if gone is None:
        raise NotFound
    summary = f"{person.name} no longer helps with {event.title}."
    _record(session, event, "team.end", summary, actor, now)


def _record(
    session: DbSession, event: Event, action: str, summary: str, actor: Actor, now: datetime
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"event:{event.key}",
        summary=summary,
        now=now,
    )
