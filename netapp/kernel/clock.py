"""What time it is. The only module that asks the machine."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path


def _machine_time() -> datetime:
    return datetime.now(UTC)


_now: Callable[[], datetime] = _machine_time


def utcnow() -> datetime:
    """The present moment, aware, in UTC."""
    return _now()


@contextmanager
def fixed(at: datetime) -> Iterator[None]:
    """Hold the clock at one moment, for a test."""
    global _now
    before, _now = _now, lambda: at.astimezone(UTC)
    try:
        yield
    finally:
        _now = before


def read_from(path: Path) -> None:
    """Take the time from a file that holds one ISO 8601 moment, so that several processes of a
    test share one clock. Without the file the machine's clock counts."""
    global _now

    def file_time() -> datetime:
        try:
            return datetime.fromisoformat(path.read_text().strip()).astimezone(UTC)
        except (FileNotFoundError, ValueError):
            return _machine_time()

    _now = file_time
