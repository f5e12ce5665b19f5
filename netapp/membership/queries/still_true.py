"""Who has not said for a year that what we know of them is still true."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.membership.models import Membership
from netapp.membership.queries.belonging import belongs_to, gives_rights
from netapp.membership.term_models import StillTrue
from netapp.people.models import Person

YEAR: Final = timedelta(days=365)


def due_for_mail(session: DbSession, *, now: datetime, most: int) -> Sequence[Person]:
    """Members (also through an organisation) with an account who confirmed nothing for a year, nor
    were asked."""
    before = now - YEAR
    held = select(Membership.id).where(belongs_to(Person.id), gives_rights(session, now))
    found = (
        select(Person)
        .outerjoin(StillTrue, StillTrue.person_id == Person.id)
        .where(
            Person.disabled_at.is_(None),
            func.coalesce(StillTrue.confirmed_at, Person.registered_at) <= before,
            or_(StillTrue.asked_at.is_(None), StillTrue.asked_at <= before),
            held.correlate(Person).exists(),
        )
        .order_by(Person.id)
        .limit(most)
    )
    if not site_of(session).demo:
        found = found.where(Person.is_demo.is_(False))
    return session.scalars(found).all()


def is_due(session: DbSession, person_id: int, *, now: datetime) -> bool:
    """Whether this member is to be asked on their page."""
    held = select(Membership.id).where(belongs_to(person_id), gives_rights(session, now))
    since = session.scalar(
        select(func.coalesce(StillTrue.confirmed_at, Person.registered_at))
        .select_from(Person)
        .outerjoin(StillTrue, StillTrue.person_id == Person.id)
        .where(Person.id == person_id, held.exists())
    )
    return since is not None and since <= now - YEAR


def confirmed_at(session: DbSession, person_id: int) -> datetime | None:
    return session.scalar(select(StillTrue.confirmed_at).where(StillTrue.person_id == person_id))
