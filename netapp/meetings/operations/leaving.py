"""Out of a group: the places in its meetings go back with it."""

from datetime import datetime

from sqlalchemy import ColumnElement, select

from netapp.audit.operations import Actor
from netapp.events.errors import BookingRefused
from netapp.events.models import Audience, Booking, Event, EventSession, SessionStatus
from netapp.events.operations.changing import cancel_booking, cancel_for_person
from netapp.events.operations.guard import lock_event
from netapp.groups.models import EndOfMembership, GroupMember
from netapp.groups.operations import letters
from netapp.groups.operations.guard import lock_group, note
from netapp.groups.operations.people import end_membership
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.people.models import Person

NO_LONGER = "No longer in the group."


def leave(session: DbSession, *, group_id: int, person: Person, now: datetime) -> int:
    """Somebody leaves a group; how many bookings went back. Raises ``NotFound``."""
    group = lock_group(session, group_id)
    member_id = _live_id(session, group_id, GroupMember.person_id == person.id)
    left = EndOfMembership.LEFT
    end_membership(session, group_id=group_id, member_id=member_id, how=left, now=now)
    summary = f"{person.name} left {group.name}."
    note(session, group, "group.leave", summary, Actor(person.id, person.name), now)
    ended = 0
    for booking_id in _bookings_to_come(session, group_id, person.id, now):
        try:
            cancel_booking(session, booking_id=booking_id, now=now)
        except BookingRefused:  # Too late for that: it is about to begin.
            continue
        ended += 1
    return ended


def remove(
    session: DbSession,
    *,
    group_id: int,
    member_key: str,
    words: str,
    actor: Actor,
    now: datetime,
) -> Person:
    """A coordinator takes somebody out of a group; they are told, with ``words``. Raises
    ``NotFound``."""
    group = lock_group(session, group_id)
    member_id = _live_id(session, group_id, GroupMember.key == member_key)
    how = EndOfMembership.REMOVED
    member = end_membership(session, group_id=group_id, member_id=member_id, how=how, now=now)
    person, ended = member.person, 0
    for booking_id in _bookings_to_come(session, group_id, person.id, now):
        try:
            cancel_for_person(
                session, booking_id=booking_id, reason=NO_LONGER, actor=actor, now=now
            )
        except BookingRefused:
            continue
        ended += 1
    summary = f"Removed {person.name} from {group.name}."
    note(session, group, "group.remove", summary, actor, now, reason=words)
    letters.removed(session, group, person, words, ended, now)
    return person


def _live_id(session: DbSession, group_id: int, which: ColumnElement[bool]) -> int:
    live = GroupMember.group_id == group_id, GroupMember.left_at.is_(None)
    found = session.scalar(select(GroupMember.id).where(*live, which))
    if found is None:
        raise NotFound
    return found


def _bookings_to_come(
    session: DbSession, group_id: int, person_id: int, now: datetime
) -> list[int]:
    """Their live bookings of the group's own events to come. The events are locked first, in
    order: whoever is booking one at this moment is either seen here, or sees that this person has
    left."""
    coming = session.scalars(
        select(Event.id)
        .join(EventSession, EventSession.event_id == Event.id)
        .where(
            Event.group_id == group_id,
            Event.audience == Audience.GROUP,
            EventSession.status == SessionStatus.SCHEDULED,
            EventSession.starts_at > now,
        )
        .distinct()
        .order_by(Event.id)
    ).all()
    for event_id in coming:
        lock_event(session, event_id)
    return list(
        session.scalars(
            select(Booking.id)
            .where(Booking.event_id.in_(coming), Booking.person_id == person_id, Booking.live)
            .order_by(Booking.id)
        )
    )
