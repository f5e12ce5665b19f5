"""The file of closings, beside the database and not in it.

A backup of the database brings back whoever closed their account after it was made. Each closing
is also a line of this file, a key and a moment and no name; after a restore, and at each start,
the closings that the database does not know are done again.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

FILE_NAME: Final = "closed-accounts.txt"


def note(folder: Path, person_key: str, at: datetime) -> None:
    """Write one line and wait until the disk has it. Harmless when repeated."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FILE_NAME).open("a", encoding="utf-8") as file:
        file.write(f"{person_key} {at.astimezone(UTC).isoformat()}\n")
        file.flush()
        os.fsync(file.fileno())


def noted(folder: Path) -> dict[str, datetime]:
    """Key of a person → when they closed. A line that was not written to its end is left out."""
    path = folder / FILE_NAME
    if not path.exists():
        return {}
    found: dict[str, datetime] = {}
    for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
        key, _, moment = line.partition(" ")
        try:
            found.setdefault(key, datetime.fromisoformat(moment))
        except ValueError:
            continue
    return found
