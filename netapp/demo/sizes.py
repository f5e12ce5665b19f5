"""How much there is in each size of invented data.

Small is enough for every screen; typical is a network of 30 core members and 600 in all with four
years of history; large a national one of 10,000 members with ten years, for speed and memory.
"""

import json
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "data" / "sizes.json"
NAMES = ("small", "typical", "large")


@dataclass(frozen=True, slots=True)
class Size:
    name: str
    members: int
    coordinators: int
    series: int
    dates: int  # Of all series together.
    years: int  # Of history.
    bookings: int
    waiting: int  # Of the bookings: those that wait for a full date.
    access_needs: int
    messages: int
    audit_lines: int


def size_named(name: str) -> Size:
    return Size(name=name, **json.loads(FILE.read_text(encoding="utf-8"))[name])
