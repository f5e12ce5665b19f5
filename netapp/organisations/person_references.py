"""What follows of the register when two people turn out to be one: see ``kernel.one_person``."""

from typing import Final

from netapp.kernel.one_person import Follows, Once, Reference
from netapp.organisations.models import Affiliation, Organisation

REFERENCES: Final[tuple[Reference, ...]] = (
    Follows(
        Affiliation.person_id,
        "place of work",
        "places of work",
        Once(
            (Affiliation.organisation_id,),
            Affiliation.ends_on.is_(None),
            ends={
                "starts_on": lambda when, was: min(was, when.today) if was else None,
                "ends_on": lambda when, was: when.today,
            },
            lend={
                "is_contact": lambda kept, gone: kept or gone,
                "role": lambda kept, gone: kept or gone,
            },
            words="Both work for the same organisation: it is there once afterwards.",
        ),
    ),
    Follows(Organisation.confirmed_by_id),
)
