"""The worker's part in imports: reading, comparing, writing, undoing, inviting, forgetting."""

from datetime import timedelta

from netapp.imports.operations import advancing
from netapp.jobs.registry import Registry


def register(jobs: Registry) -> None:
    jobs.register("imports.advance", advancing.advance, every=timedelta(seconds=2))
    jobs.register("imports.invite", advancing.invite_some, every=timedelta(seconds=5))
    jobs.register("imports.purge", advancing.purge, every=timedelta(hours=1))
