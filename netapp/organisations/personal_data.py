"""What is kept about people who work for organisations of the register."""

from typing import Final

from netapp.kernel.personal_data import About, DataClass, Delete, Holding, Shared
from netapp.organisations.models import (
    Affiliation,
    Organisation,
    OrganisationArea,
    OrganisationName,
)

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
                words={"role": "Role", "starts_on": "From", "ends_on": "Until"},
            ),
        ),
    ),
    *(Shared(model) for model in (Organisation, OrganisationArea, OrganisationName)),
)
