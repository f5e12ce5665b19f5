"""Organisations of the register, for those who join in the name of one."""

from collections.abc import Sequence

from sqlalchemy import select

from netapp.kernel.db import DbSession
from netapp.organisations.models import Organisation

MOST_NAMES = 500


def listed_names(session: DbSession) -> Sequence[str]:
    """What the browser offers while somebody types: names that the public sees anyway."""
    return session.scalars(
        select(Organisation.name)
        .where(Organisation.is_listed.is_(True), Organisation.merged_into_id.is_(None))
        .order_by(Organisation.name)
        .limit(MOST_NAMES)
    ).all()


def pickable(session: DbSession) -> Sequence[tuple[str, str]]:
    """(key, name) of every organisation, for a coordinator who says which one was meant."""
    rows = session.execute(
        select(Organisation.key, Organisation.name)
        .where(Organisation.merged_into_id.is_(None))
        .order_by(Organisation.name)
    )
    return [(row.key, row.name) for row in rows]
