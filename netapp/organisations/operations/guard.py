"""The rows that are written first, so that what is read after them cannot change meanwhile."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import InstrumentedAttribute

from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.revisions import raise_revision
from netapp.kernel.slugs import slugify
from netapp.organisations.models import Organisation, OrganisationName

REGISTER = "organisations"
DIRECTORY = "directory"
"""The revision of what the directory says of people, which also says where they work: the same as
``directory.queries.catalogue.SCOPE``."""


def hold_register(session: DbSession, now: datetime) -> None:
    """Names and addresses are unique in the whole register, over two tables: whoever changes any
    goes one by one."""
    raise_revision(session, REGISTER, now)


def hold_organisation(session: DbSession, key: str) -> Organisation:
    """The organisation as the database has it now; nobody else changes it, or who has its seats,
    until the commit. One that was merged away is not there. Raises ``NotFound``."""
    hold = (
        update(Organisation)
        .where(Organisation.key == key, Organisation.merged_into_id.is_(None))
        .values(id=Organisation.id)
        .returning(Organisation)
    )
    found = session.scalar(hold, execution_options={"populate_existing": True})
    if found is None:
        raise NotFound
    return found


def subject_of(organisation: Organisation) -> str:
    """How audit lines and mails name it."""
    return f"organisation:{organisation.key}"


def free_slug(session: DbSession, name: str) -> str:
    """An address that nothing in the register has or had. Hold the register first."""
    wanted = slugify(name, fallback="organisation")
    used = set(session.scalars(select(Organisation.slug).where(_begins(Organisation.slug, wanted))))
    used |= set(
        session.scalars(select(OrganisationName.slug).where(_begins(OrganisationName.slug, wanted)))
    )
    number, slug = 1, wanted
    while slug in used:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def _begins(column: InstrumentedAttribute[str], wanted: str) -> ColumnElement[bool]:
    return column.startswith(wanted, autoescape=True)
