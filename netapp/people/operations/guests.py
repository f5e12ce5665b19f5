"""People we know by name and address alone."""

from datetime import datetime

from sqlalchemy import select

from netapp.kernel.db import DbSession, insert_for
from netapp.kernel.tokens import new_key
from netapp.people.addresses import canonical
from netapp.people.models import Person
from netapp.people.queries import ids_by_address


def find_or_add_guest(session: DbSession, *, email: str, name: str, now: datetime) -> Person:
    """Whoever has this address, or had it before they were merged; added without an account if
    we know nobody by it.

    Two requests at once lead to one row. A name that we have already stays as it is: only its
    owner or a coordinator changes it. Raises ``NotAnAddress``.
    """
    address = canonical(email)
    row = insert_for(session, Person).values(
        key=new_key(),
        email=address,
        name=name,
        organisation="",
        created_at=now,
        invitations=True,
        is_demo=False,
        version=1,
    )
    session.execute(row.on_conflict_do_nothing(index_elements=[Person.email]))
    return session.scalars(select(Person).where(Person.id.in_(ids_by_address(address)))).one()
