"""What a row would do."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Plan:
    """``does`` is JSON and empty where nothing would change; ``notes`` are said beside the row."""

    does: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)
