"""What is to be done again and again. Each domain adds its own when the application is made."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from netapp.kernel.db import DbSession

Run: TypeAlias = Callable[[DbSession, datetime], int]
"""Does one helping of the work and says how much it was: 0 means nothing is left for now.

Called within a unit of work of its own, for a few seconds at most. Several workers may call it at
the same time after a lease ran out, so it must be harmless when it overlaps or is repeated.
"""


@dataclass(frozen=True, slots=True)
class Job:
    """``name`` is noun.verb and never changes: it is the key of the row of leases."""

    name: str
    run: Run
    every: timedelta


class Registry:
    """The jobs of one application, in the order in which they were added."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}

    def register(self, name: str, run: Run, *, every: timedelta) -> None:
        """Raises ``ValueError`` where the name is taken."""
        if name in self._jobs:
            raise ValueError(f"there is a job {name} already")
        self._jobs[name] = Job(name, run, every)

    def __iter__(self) -> Iterator[Job]:
        return iter(self._jobs.values())

    def __getitem__(self, name: str) -> Job:
        return self._jobs[name]
