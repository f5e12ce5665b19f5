"""What follows of questions about data when two people turn out to be one: see
``kernel.one_person``."""

from typing import Final

from netapp.kernel.one_person import Follows, Reference
from netapp.privacy.models import Ask

REFERENCES: Final[tuple[Reference, ...]] = (
    Follows(Ask.person_id, "question about their data", "questions about their data"),
    Follows(Ask.answered_by_id),
)
