"""What follows of imports when two people turn out to be one: see ``kernel.one_person``."""

from typing import Final

from netapp.imports.models import Import, ImportAct, ImportRow
from netapp.kernel.one_person import Follows, Reference, StaysBehind

REFERENCES: Final[tuple[Reference, ...]] = (
    Follows(Import.loaded_by_id),
    Follows(Import.started_by_id),
    Follows(Import.undone_by_id),
    Follows(ImportRow.person_id),
    StaysBehind(ImportAct.person_id, "What an import did is undone where it did it."),
)
