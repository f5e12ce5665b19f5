"""The rows that are written first, so that what is read after them cannot change meanwhile."""

from sqlalchemy import update

from netapp.kernel.db import DbSession
from netapp.people.models import Person, Role, RoleGrant


def hold_person(session: DbSession, person_id: int) -> Person | None:
    """The person as the database has it now; nobody else writes to them until the commit."""
    hold = update(Person).where(Person.id == person_id).values(id=Person.id).returning(Person)
    return session.scalar(hold, execution_options={"populate_existing": True})


def hold_coordinators(session: DbSession) -> None:
    """Nobody else takes the role from anybody until the commit."""
    session.execute(
        update(RoleGrant)
        .where(RoleGrant.role == Role.COORDINATOR)
        .values(role=RoleGrant.role)
        .execution_options(synchronize_session=False)
    )
