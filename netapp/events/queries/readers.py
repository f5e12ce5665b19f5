"""Who may read what people need for an event: named to them before they tell anything."""

from collections.abc import Sequence

from sqlalchemy import select

from netapp.events.models import Event, EventHelper
from netapp.kernel.db import DbSession
from netapp.people.models import Person
from netapp.people.queries import coordinators


def readers(session: DbSession, event_id: int | None = None) -> Sequence[Person]:
    """The coordinators, and the helpers of this event who may read; only those with an account
    that is open. By name."""
    found = [person for person in coordinators(session) if person.disabled_at is None]
    if event_id is not None:
        there = {person.id for person in found}
        found += [person for person in _helpers(session, event_id) if person.id not in there]
    return found


def reader_names(session: DbSession, event_id: int | None = None) -> tuple[str, ...]:
    return tuple(person.name for person in readers(session, event_id))


def whom_to_tell(session: DbSession, event: Event) -> Sequence[Person]:
    """Who is told that something changed: the organiser, while they have an account, else all
    coordinators; and the helpers who may read."""
    helpers = _helpers(session, event.id)
    if event.organiser_id is not None:
        organiser = session.get_one(Person, event.organiser_id)
        if organiser.disabled_at is None:
            return [organiser, *(person for person in helpers if person.id != organiser.id)]
    return readers(session, event.id)


def _helpers(session: DbSession, event_id: int) -> Sequence[Person]:
    return session.scalars(
        select(Person)
        .join(EventHelper, EventHelper.person_id == Person.id)
        .where(
            EventHelper.event_id == event_id,
            EventHelper.reads_needs,
            Person.disabled_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    ).all()
