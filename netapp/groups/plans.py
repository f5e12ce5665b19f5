"""What somebody typed about a group: values that are not rows yet. Texts have passed the gate."""

from dataclasses import dataclass
from datetime import date

from netapp.groups.models import GroupKind, Joining, ProgrammeStatus


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """``slug`` empty: made from the name. ``stage`` counts for programmes only."""

    name: str
    kind: GroupKind
    slug: str = ""
    other_names: str = ""
    purpose: str = ""
    description: str = ""
    joining: Joining = Joining.REQUEST
    size_limit: int | None = None
    is_hidden: bool = False
    parent_id: int | None = None
    stage: ProgrammeStatus | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    length: str = ""
    source: str = ""
