"""Who may see an event that is for the people of a group."""

from sqlalchemy import exists, or_, select

from netapp.events.errors import GroupOnly, MembersOnly
from netapp.events.models import Audience, Booking, Event, EventHelper, Place
from netapp.events.policies import Standing
from netapp.groups.queries.standing import is_member_of
from netapp.kernel.db import DbSession
from netapp.people.models import Person


def may_see(session: DbSession, event_id: int, viewer: Person | None) -> bool:
    """Coordinators, the people of its group, who helps with it, and whoever was given a place in
    it, as a guest of the group is. One query."""
    if viewer is None:
        return False
    if viewer.is_coordinator:
        return True
    booked = exists().where(
        Booking.event_id == Event.id, Booking.person_id == viewer.id, Booking.live
    )
    given = (
        exists()
        .where(Place.person_id == viewer.id, Place.confirmed_at.is_not(None))
        .where(Place.ended_at.is_(None), Place.booking_id == Booking.id)
        .where(Booking.event_id == Event.id)
    )
    helps = exists().where(EventHelper.event_id == Event.id, EventHelper.person_id == viewer.id)
    found = select(Event.id).where(
        Event.id == event_id,
        or_(is_member_of(Event.group_id, viewer.id), booked, given, helps),
    )
    return session.scalar(found) is not None


def refuse_others(
    session: DbSession, event: Event, person: Person | None, standing: Standing
) -> None:
    """Raise ``MembersOnly`` or ``GroupOnly`` unless this person (None: a guest) is whom the event
    is for. Under the event's lock."""
    if event.audience is Audience.MEMBERS and not standing.is_member:
        raise MembersOnly
    if event.audience is not Audience.GROUP:
        return
    if person is None or not _is_its_group(session, event, person.id):
        raise GroupOnly


def _is_its_group(session: DbSession, event: Event, person_id: int) -> bool:
    mine = Event.id == event.id, is_member_of(Event.group_id, person_id)
    return session.scalar(select(Event.id).where(*mine)) is not None
