"""What the demo's data holds already."""

from collections.abc import Iterable

from sqlalchemy import select, union

from netapp.events.models import Event, FormerSlug
from netapp.kernel.db import DbSession
from netapp.people.models import Person


def slugs_in_use(session: DbSession, slugs: Iterable[str]) -> set[str]:
    """Those of these slugs that lead to an event, today's and former ones."""
    wanted = list(slugs)
    found = union(
        select(Event.slug).where(Event.slug.in_(wanted)),
        select(FormerSlug.slug).where(FormerSlug.slug.in_(wanted)),
    )
    return set(session.scalars(found))


def has_sample_events(session: DbSession) -> bool:
    return session.scalar(select(Event.id).where(Event.is_sample).limit(1)) is not None


def has_person(session: DbSession, email: str) -> bool:
    return session.scalar(select(Person.id).where(Person.email == email)) is not None
