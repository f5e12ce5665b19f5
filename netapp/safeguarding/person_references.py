"""What follows of checks when two people turn out to be one: see ``kernel.one_person``."""

from typing import Final

from netapp.kernel.one_person import Follows, Reference, StaysBehind
from netapp.safeguarding.models import Check

REFERENCES: Final[tuple[Reference, ...]] = (
    StaysBehind(Check.person_id, "Of two of a kind that seen last counts.", is_moved=True),
    Follows(Check.noted_by_id),
)
