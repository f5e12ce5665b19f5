"""Call a meeting: an event of the group with one date, published and told at once."""

from datetime import datetime

from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.events.access_facts import UNCHECKED
from netapp.events.models import (
    Audience,
    Booking,
    BookingSource,
    Event,
    EventKind,
    EventMode,
    EventSession,
    Mode,
)
from netapp.events.operations.booking import Wish, make_booking
from netapp.events.operations.cancelling import cancel_date, cancel_event, is_still_on
from netapp.events.operations.creating import create_event
from netapp.events.operations.editing import publish_event
from netapp.events.operations.guard import lock_event
from netapp.events.plans import DatePlan, NewEvent
from netapp.groups.errors import GroupClosed
from netapp.groups.models import Group
from netapp.groups.operations.guard import lock_group, note
from netapp.groups.queries.people import person_ids
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import date_words
from netapp.meetings.errors import EachChooses, PastMeeting, PlaceMissing
from netapp.meetings.operations import letters
from netapp.meetings.operations.guard import lock_meeting
from netapp.meetings.plans import MeetingPlan
from netapp.people.models import Person


def call_meeting(
    session: DbSession, *, group_id: int, plan: MeetingPlan, actor: Actor, now: datetime
) -> EventSession:
    """For the people of the group only. Either each of them gets a place and an invitation for
    their calendar, or they are told and book. Those who lead the group look after the event.

    Raises ``GroupClosed``, ``PastMeeting``, ``PlaceMissing`` and ``EachChooses``.
    """
    group = lock_group(session, group_id)
    if group.closed_at is not None:
        raise GroupClosed
    if plan.starts_at <= now:
        raise PastMeeting
    if plan.mode is not EventMode.ONLINE and not plan.place:
        raise PlaceMissing
    if plan.books_all and plan.mode is EventMode.HYBRID:
        raise EachChooses
    made = _event(session, group, plan, actor, now)
    lock_meeting(session, group.id, lock_event(session, made.id).sessions[0].key)
    event = lock_event(session, made.id)  # With its dates and their places again.
    date = event.sessions[0]
    people = session.scalars(select(Person).where(Person.id.in_(person_ids(session, group.id))))
    for person in sorted(people, key=lambda one: one.id):
        if plan.books_all:
            booking = _book(session, event, person, plan.mode, now)
            letters.called_with_place(session, group, event, booking, actor.name, plan.words, now)
        else:
            letters.called(session, group, event, date, person, actor.name, plan.words, now)
    when = date_words(date.starts_at, event.zone)
    note(session, group, "group.meeting", f"Called a meeting of {group.name}: {when}.", actor, now)
    session.flush()
    return date


def cancel_meeting(
    session: DbSession,
    *,
    group_id: int,
    session_key: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> int:
    """The date, or where it is the only one its event; everybody with a place is told. How many
    that were. Raises what ``cancel_date`` and ``cancel_event`` raise, and ``NotFound``."""
    meeting = lock_meeting(session, group_id, session_key)
    event = lock_event(session, meeting.session.event_id)
    still_on = [date for date in event.sessions if is_still_on(date, now)]
    version = next((date.version for date in still_on if date.key == session_key), 0)
    if len(still_on) > 1:
        return cancel_date(
            session,
            event_id=event.id,
            session_key=session_key,
            reason=reason,
            seen_version=version,
            actor=actor,
            now=now,
        ).told
    return cancel_event(
        session,
        event_id=event.id,
        reason=reason,
        seen_version=event.version,
        actor=actor,
        now=now,
    ).told


def _event(
    session: DbSession, group: Group, plan: MeetingPlan, actor: Actor, now: datetime
) -> Event:
    online = plan.mode is not EventMode.IN_PERSON
    date = DatePlan(
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        place=(plan.place or None) if plan.mode is not EventMode.ONLINE else None,
        join_link=(plan.join_link or None) if online else None,
    )
    made = NewEvent(plan.title, EventKind.MEETING, plan.mode, date, capacity=None)
    event = create_event(session, plan=made, actor=actor, now=now)
    event.audience, event.group_id = Audience.GROUP, group.id
    event.summary = plan.words or None
    event.party_most = 1
    event.access_facts = [{"kind": UNCHECKED, "text": ""}]
    site = site_of(session)  # Whoever calls has not said that all may see their address.
    event.access_contact_name, event.access_contact_email = site.name, site.contact_email
    session.flush()
    publish_event(session, event_id=event.id, seen_version=event.version, actor=actor, now=now)
    return event


def _book(
    session: DbSession, event: Event, person: Person, mode: EventMode, now: datetime
) -> Booking:
    wish = Wish(
        session_keys=[date.key for date in event.sessions],
        name=person.name,
        mode=Mode(mode.value),
    )
    source = BookingSource.COORDINATOR
    return make_booking(session, event, event.sessions, person, wish, source, now)
