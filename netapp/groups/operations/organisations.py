"""What groups hold of an organisation that goes into another."""

from sqlalchemy import delete, select, update

from netapp.groups.models import GroupOrganisation, GroupSite
from netapp.kernel.db import DbSession


def follow_organisation(session: DbSession, *, gone_id: int, left_id: int) -> None:
    """The other takes its part in each group, unless it has one there already; so do its sites."""
    there = select(GroupOrganisation.group_id).where(GroupOrganisation.organisation_id == left_id)
    session.execute(
        delete(GroupOrganisation)
        .where(GroupOrganisation.organisation_id == gone_id, GroupOrganisation.group_id.in_(there))
        .execution_options(synchronize_session=False)
    )
    for model in (GroupOrganisation, GroupSite):
        session.execute(
            update(model)
            .where(model.organisation_id == gone_id)
            .values(organisation_id=left_id)
            .execution_options(synchronize_session=False)
        )
