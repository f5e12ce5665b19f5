"""What one row of a file says, once its cells are read."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Said:
    """``says`` is JSON: days as 2027-01-31, kinds and groups by number. ``aside``: why the row is
    left out as it stands, and whether that is for coordinators to change."""

    email: str = ""
    says: dict[str, Any] = field(default_factory=dict)
    faults: list[list[str]] = field(default_factory=list)

    def fault(self, column: str, words: str) -> None:
        self.faults.append([column, words])
