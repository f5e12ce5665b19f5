"""What the start needs to know of the database."""

from sqlalchemy import exists, select

from netapp.kernel.db import DbSession
from netapp.people.models import Person


def demo_people_present(session: DbSession) -> bool:
    """Whether anyone was made by demo mode: their passwords are known to everybody."""
    return bool(session.scalar(select(exists().where(Person.is_demo.is_(True)))))
