"""Small cleaning up that belongs to no domain."""

from datetime import timedelta

from netapp.jobs.registry import Registry
from netapp.kernel import limits, submissions


def register(jobs: Registry) -> None:
    jobs.register("submissions.purge", submissions.purge, every=timedelta(hours=1))
    jobs.register("limits.purge", limits.purge, every=timedelta(hours=1))
