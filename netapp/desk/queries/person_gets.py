"""What one person gets from the network, and what it comes from: “gets this because of that”."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from netapp.events.models import (
    LIVE_STATES,
    Event,
    EventHelper,
    EventSession,
    HelperRole,
    Idea,
    Interest,
    Place,
)
from netapp.feeds.models import FeedToken, GroupFeedToken
from netapp.groups.models import Group, GroupMember
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import count_words, day_words, short_date_words
from netapp.membership.queries.belonging import Belonging, Right, belongings
from netapp.organisations.models import Affiliation, Organisation
from netapp.people.models import Person, Role

RIGHTS: Final = {
    Right.BOOKS_AS_MEMBER: "Books as a member",
    Right.SEES_DIRECTORY: "Finds members in the directory, and can be found",
    Right.JOINS_GROUPS: "Can join groups",
    Right.VOTES: "Has a vote",
}


@dataclass(frozen=True, slots=True)
class Gets:
    what: str
    because: str
    href: str = ""


def gets(session: DbSession, person: Person, *, now: datetime) -> list[Gets]:
    """Rights, mails and calendars; ``roles`` of the person are loaded. Somebody whose account is
    locked keeps them, and cannot use those that need signing in."""
    return [
        *_by_membership(session, person, now),
        *_by_role(person),
        *_by_group(session, person),
        *_by_booking(session, person, now),
        *_by_work(session, person),
        *_by_calendar_address(session, person),
    ]


def _by_membership(session: DbSession, person: Person, now: datetime) -> Iterator[Gets]:
    for way in belongings(session, person.id, at=now):
        rights = [words for right, words in RIGHTS.items() if getattr(way.kind, right.value)]
        if rights:
            yield Gets("; ".join(rights), _membership_words(way))
        if not way.organisation and way.ends_on:
            yield Gets("Mails before and after the term ends", _membership_words(way))
        if not way.organisation:
            yield Gets("Once a year a mail that asks if all is still true", _membership_words(way))


def _membership_words(way: Belonging) -> str:
    until = f"until {day_words(way.ends_on)}" if way.ends_on else "without an end"
    grace = ", in its days of grace" if way.in_grace else ""
    if way.organisation:
        return f"they have a seat in the membership of {way.organisation} ({way.kind.name}, {until}{grace})"  # noqa: E501
    return f"they hold a membership of their own ({way.kind.name}, {until}{grace})"


def _by_role(person: Person) -> Iterator[Gets]:
    held = {grant.role for grant in person.roles}
    if Role.COORDINATOR in held:
        yield Gets(
            "Sees and changes everything on the desk, and gets its mails", "they are a coordinator"
        )
    if Role.SAFEGUARDING_LEAD in held:
        yield Gets(
            "Sees safeguarding checks, and gets reminders of those that are due",
            "they look after safeguarding checks",
        )


def _by_group(session: DbSession, person: Person) -> Iterator[Gets]:
    rows = session.execute(
        select(Group.name, Group.key, GroupMember.joined_at, GroupFeedToken.id)
        .join(GroupMember, GroupMember.group_id == Group.id)
        .outerjoin(GroupFeedToken, GroupFeedToken.member_id == GroupMember.id)
        .where(
            GroupMember.person_id == person.id,
            GroupMember.left_at.is_(None),
            Group.closed_at.is_(None),
        )
        .order_by(Group.name)
    )
    zone = site_of(session).zone
    for name, key, since, feed in rows:
        what = "Invitations to meetings, notes, and the group’s pages"
        what += ", and its calendar" if feed else ""
        because = f"they have been in {name} since {short_date_words(since, zone)}"
        yield Gets(what, because, f"/desk/groups/{key}")


def _by_booking(session: DbSession, person: Person, now: datetime) -> Iterator[Gets]:
    rows = session.execute(
        select(Event.title, Event.key, func.count(Place.id))
        .join(EventSession, EventSession.event_id == Event.id)
        .join(Place, Place.session_id == EventSession.id)
        .where(
            Place.person_id == person.id,
            Place.state.in_(LIVE_STATES),
            EventSession.ends_at > now,
        )
        .group_by(Event.id)
        .order_by(Event.title)
    )
    what = "Reminders, and word of changes"
    what += " with calendar invitations" if person.invitations else ", without invitations"
    for title, key, number in rows:
        because = f"they booked or wait for {count_words(number, 'date')} of {title}"
        yield Gets(what, because, f"/desk/events/{key}")
    wanted = session.execute(
        select(func.coalesce(Event.title, Idea.title))
        .select_from(Interest)
        .outerjoin(Event, Event.id == Interest.event_id)
        .outerjoin(Idea, Idea.id == Interest.idea_id)
        .where(Interest.person_id == person.id, Interest.told_at.is_(None))
    )
    for (title,) in wanted:
        yield Gets("One mail when booking opens", f"they said that {title} interests them")
    helped = session.execute(
        select(Event.title, Event.key, EventHelper.role)
        .join(Event, Event.id == EventHelper.event_id)
        .where(EventHelper.person_id == person.id)
    )
    for title, key, role in helped:
        what = "Sees who comes" if role is HelperRole.DOOR else "Edits the event, sees bookings"
        yield Gets(what, f"they help to run {title}", f"/desk/events/{key}/team")


def _by_work(session: DbSession, person: Person) -> Iterator[Gets]:
    rows = session.execute(
        select(Organisation.name, Organisation.key)
        .join(Affiliation, Affiliation.organisation_id == Organisation.id)
        .where(
            Affiliation.person_id == person.id,
            Affiliation.is_contact,
            Affiliation.ends_on.is_(None),
        )
        .order_by(Organisation.name)
    )
    for name, key in rows:
        yield Gets(
            "Mails about the organisation’s membership; gives and ends its seats",
            f"they are the contact of {name}",
            f"/desk/organisations/{key}",
        )


def _by_calendar_address(session: DbSession, person: Person) -> Iterator[Gets]:
    zone = site_of(session).zone
    rows = session.scalars(select(FeedToken).where(FeedToken.person_id == person.id))
    for token in rows:
        asked = "never asked for so far"
        if token.last_fetched_at:
            asked = f"last asked for on {short_date_words(token.last_fetched_at, zone)}"
        yield Gets(
            f"A calendar of their own dates, {asked}", "they made an address for their calendar"
        )
