"""The mails of groups: who is told what."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from netapp.groups.models import Group, GroupInvitation, GroupMember, GroupRequest, GroupRole
from netapp.groups.policies import LEADING
from netapp.groups.queries.standing import today_of
from netapp.groups.words import role_words
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import day_words
from netapp.mail.operations import Address, enqueue
from netapp.people.models import Person
from netapp.people.queries import coordinators


def leads_of(session: DbSession, group_id: int, *, at: datetime) -> Sequence[Person]:
    """Who leads a group today, while their account is open; where nobody does, the
    coordinators."""
    today = today_of(session, at)
    found = session.scalars(
        select(Person)
        .join(GroupMember, GroupMember.person_id == Person.id)
        .join(GroupRole, GroupRole.member_id == GroupMember.id)
        .where(
            GroupMember.group_id == group_id,
            GroupMember.left_at.is_(None),
            GroupRole.role.in_(LEADING),
            GroupRole.starts_on <= today,
            or_(GroupRole.ends_on.is_(None), GroupRole.ends_on >= today),
            Person.disabled_at.is_(None),
        )
        .distinct()
        .order_by(Person.id)
    ).all()
    return found or [one for one in coordinators(session) if one.disabled_at is None]


def invited(
    session: DbSession,
    group: Group,
    invitation: GroupInvitation,
    token: str,
    by: str,
    now: datetime,
) -> None:
    more = {
        "url": site_of(session).url(f"/groups/invitations/{token}"),
        "by": by,
        "until": day_words(today_of(session, invitation.ends_at)),
    }
    to = Address(invitation.name, invitation.email)
    _send(session, group, to, "groups/invited", now, **more)


def asked(
    session: DbSession, group: Group, request: GroupRequest, who: Person, now: datetime
) -> None:
    """To everybody who may answer."""
    url = site_of(session).url(f"/groups/{group.slug}/people#requests")
    for lead in leads_of(session, group.id, at=now):
        to = Address(lead.name, lead.email)
        _send(session, group, to, "groups/asked", now, url=url, who=who.name, words=request.words)


def answered(
    session: DbSession, group: Group, request: GroupRequest, person: Person, now: datetime
) -> None:
    message = f"groups/{request.state.value}"  # accepted, declined
    page = f"/groups/{group.slug}" if message == "groups/accepted" else "/groups"
    more = {"url": site_of(session).url(page), "words": request.answer}
    _send(session, group, Address(person.name, person.email), message, now, **more)


def added(session: DbSession, group: Group, person: Person, by: str, now: datetime) -> None:
    url = site_of(session).url(f"/groups/{group.slug}")
    _send(session, group, Address(person.name, person.email), "groups/added", now, url=url, by=by)


def removed(
    session: DbSession, group: Group, person: Person, words: str, places: int, now: datetime
) -> None:
    """``places``: how many places in meetings ended with it."""
    more = {"url": site_of(session).url("/groups"), "words": words, "places": places}
    _send(session, group, Address(person.name, person.email), "groups/removed", now, **more)


def role_ends(
    session: DbSession, group: Group, role: GroupRole, person: Person, to: Person, now: datetime
) -> None:
    """To whoever has the role, and to those who can give it again."""
    assert role.ends_on is not None  # Only those are due.
    more = {
        "url": site_of(session).url(f"/groups/{group.slug}"),
        "who": person.name,
        "mine": person.id == to.id,
        "role": role_words(role),
        "until": day_words(role.ends_on),
    }
    _send(session, group, Address(to.name, to.email), "groups/role_ends", now, **more)


def _send(
    session: DbSession, group: Group, to: Address, message: str, now: datetime, **more: Any
) -> None:
    enqueue(
        session,
        to=to,
        message=message,
        about=f"group:{group.key}",
        context={"name": to.name, "group": {"name": group.name}, **more},
        now=now,
    )
