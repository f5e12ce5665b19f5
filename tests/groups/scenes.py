"""Groups for tests, made the short way and committed."""

from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from netapp.events.models import Audience, Event
from netapp.groups.models import Group, GroupKind, GroupMember, GroupRole, Joining, RoleKind
from netapp.kernel.tokens import new_key
from netapp.people.models import Person
from tests.factories import NOW, make_event

_number = count(1)


def make_group(session: Session, *people: Person, lead: Person | None = None, **more: Any) -> Group:
    """A working group that people ask to join; ``lead`` is its chair."""
    n = next(_number)
    values = {
        "key": new_key(),
        "slug": f"group-{n}",
        "name": f"Group {n}",
        "kind": GroupKind.WORKING_GROUP,
        "joining": Joining.REQUEST,
        "created_at": NOW,
    }
    group = Group(**(values | more))
    session.add(group)
    session.commit()
    for person in people:
        put_in(session, group, person)
    if lead is not None:
        put_in(session, group, lead, role=RoleKind.CHAIR)
    return group


def put_in(
    session: Session,
    group: Group,
    person: Person,
    *,
    role: RoleKind | None = None,
    starts_on: date = date(2026, 9, 1),
    ends_on: date | None = None,
    joined_at: datetime = NOW,
) -> GroupMember:
    member = GroupMember(key=new_key(), group_id=group.id, person_id=person.id, joined_at=joined_at)
    session.add(member)
    group.people += 1
    session.flush()
    if role is not None:
        given = GroupRole(
            key=new_key(), member_id=member.id, role=role, starts_on=starts_on, ends_on=ends_on
        )
        session.add(given)
    session.commit()
    return member


def make_group_event(session: Session, group: Group, **more: Any) -> Event:
    """A published event for the people of a group only."""
    return make_event(session, group_id=group.id, audience=Audience.GROUP, **more)
