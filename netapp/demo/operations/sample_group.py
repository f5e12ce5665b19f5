"""A group of the demo that meets, so that there is something to try: marked as a sample."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from netapp.demo.people import SIGN_INS
from netapp.events.access_facts import UNCHECKED
from netapp.events.models import (
    Audience,
    Event,
    EventKind,
    EventMode,
    EventSession,
    EventStatus,
    Mode,
    Pool,
)
from netapp.groups.models import Group, GroupKind, GroupMember, GroupRole, Joining, RoleKind
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.kernel.zones import to_local, to_utc
from netapp.meetings.models import (
    AgendaItem,
    Decision,
    Meeting,
    MeetingPresence,
    Presence,
    StandingItem,
)
from netapp.meetings.queries.standing import SUGGESTED
from netapp.people.models import Person

SLUG: Final = "sample-planning-group"
NOTES: Final = """We looked at how the training of the autumn went.

- Nearly everybody asked for more time to talk to each other.
- **Captions** helped many more people than had asked for them."""


def load_sample_group(session: DbSession, *, now: datetime) -> int:
    """Needs the sign-ins of the demo. Returns how many were missing: one or none."""
    if session.scalar(select(Group.id).where(Group.slug == SLUG)) is not None:
        return 0
    emails = [each.email for each in SIGN_INS]
    people = session.scalars(select(Person).where(Person.email.in_(emails[:2]))).all()
    by_email = {person.email: person for person in people}
    lead, member = by_email.get(emails[1]), by_email.get(emails[0])
    if lead is None or member is None:
        return 0
    group = Group(
        key=new_key(),
        slug=SLUG,
        name="Planning group of the sample season",
        kind=GroupKind.COMMITTEE,
        joining=Joining.REQUEST,
        purpose="Plans the training and meetings of a year that is invented.",
        people=2,
        is_sample=True,
        created_at=now,
    )
    session.add(group)
    session.flush()
    _add_people(session, group, lead, member, now)
    items = [
        StandingItem(group_id=group.id, position=number, title=title)
        for number, title in enumerate(SUGGESTED, start=1)
    ]
    session.add_all(items)
    past = _meeting(session, group, "Looking back at the autumn", -3, now)
    _meeting(session, group, "Planning the summer", 3, now)
    past.notes, past.notes_at, past.notes_by_id = NOTES, now, lead.id
    session.add_all(
        [
            MeetingPresence(meeting_id=past.id, person_id=lead.id, presence=Presence.PRESENT),
            MeetingPresence(meeting_id=past.id, person_id=member.id, presence=Presence.PRESENT),
            Decision(
                key=new_key(),
                group_id=group.id,
                meeting_id=past.id,
                words="Book captions for every session of the summer",
                owner_id=lead.id,
                due_on=(to_local(now, site_of(session).zone) + timedelta(weeks=2)).date(),
                decided_at=now,
            ),
        ]
    )
    session.flush()
    return 1


def _add_people(
    session: DbSession, group: Group, lead: Person, member: Person, now: datetime
) -> None:
    held = [
        GroupMember(key=new_key(), group_id=group.id, person_id=one.id, joined_at=now)
        for one in (lead, member)
    ]
    session.add_all(held)
    session.flush()
    today: date = to_local(now, site_of(session).zone).date()
    session.add(
        GroupRole(
            key=new_key(),
            member_id=held[0].id,
            role=RoleKind.CHAIR,
            starts_on=today - timedelta(days=90),
            ends_on=today + timedelta(days=270),
        )
    )


def _meeting(session: DbSession, group: Group, title: str, weeks: int, now: datetime) -> Meeting:
    """On the day so many weeks from now, from 4pm to 5:30pm."""
    zone = site_of(session).zone
    day = to_local(now, zone).replace(tzinfo=None) + timedelta(weeks=weeks)
    starts_at = to_utc(day.replace(hour=16, minute=0, second=0, microsecond=0), zone)
    date_of = EventSession(
        key=new_key(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        join_link="https://meet.example/sample",
        created_at=now,
        revised_at=now,
        pools=[Pool(mode=Mode.ONLINE, capacity=None)],
    )
    event = Event(
        key=new_key(),
        slug=f"{SLUG}-{'back' if weeks < 0 else 'ahead'}",
        title=title,
        kind=EventKind.MEETING,
        mode=EventMode.ONLINE,
        audience=Audience.GROUP,
        group_id=group.id,
        status=EventStatus.PUBLISHED,
        zone=zone,
        party_most=1,
        access_facts=[{"kind": UNCHECKED, "text": ""}],
        access_contact_name=site_of(session).name,
        access_contact_email=site_of(session).contact_email,
        is_sample=True,
        created_at=now,
        published_at=now,
        sessions=[date_of],
    )
    session.add(event)
    session.flush()
    meeting = Meeting(session_id=date_of.id, group_id=group.id)
    session.add(meeting)
    session.flush()
    session.add_all(
        [
            AgendaItem(meeting_id=meeting.id, position=number, title=words)
            for number, words in enumerate(SUGGESTED, start=1)
        ]
    )
    return meeting
