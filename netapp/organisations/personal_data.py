"""What is kept about people who work for organisations of the register."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import select

from netapp.kernel.db import DbSession
from netapp.kernel.personal_data import About, DataClass, Delete, Holding, Shared
from netapp.organisations.models import (
    Affiliation,
    Organisation,
    OrganisationArea,
    OrganisationName,
)


def _organisation(session: DbSession, row: Affiliation) -> Mapping[str, Any]:
    wanted = select(Organisation.name).where(Organisation.id == row.organisation_id)
    return {"Organisation": session.scalar(wanted)}


HOLDINGS: Final[tuple[Holding | Shared, ...]] = (
    Holding(
        Affiliation,
        {
            DataClass.TECHNICAL: "id key person_id organisation_id is_contact",
            DataClass.BELONGING: "role starts_on ends_on",
            DataClass.ACTIVITY: "created_at",
        },
        (
            About(
                of=lambda person: Affiliation.person_id == person,
                title="Where you work",
                why="So that members find who works where, as far as you let them.",
                until="Until you close your account.",
                closing=Delete(),
                reads=_organisation,
                words={"role": "Role", "starts_on": "From", "ends_on": "Until"},
            ),
        ),
    ),
    *(Shared(model) for model in (Organisation, OrganisationArea, OrganisationName)),
)
