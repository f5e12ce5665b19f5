"""What is kept of a feed: its bytes, and what they were made from."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Version:
    """The counters (kernel/revisions.py) that a document was made from."""

    numbers: tuple[int, ...]
    raised_at: datetime | None  # The latest of them.


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """The bytes of an answer and what decides whether a visitor has them already."""

    body: bytes
    packed: bytes | None  # The same, compressed by gzip.
    etag: str
    last_modified: datetime  # Whole seconds, UTC.
    version: Version
    changes_at: datetime | None  # True no longer from then on, whatever the counters say.


def whole_second(moment: datetime) -> datetime:
    """Rounded up: whoever asked earlier in the second of a change has not seen it."""
    down = moment.replace(microsecond=0)
    return down if down == moment else down + timedelta(seconds=1)
