"""What the worker does about people again and again."""

from datetime import timedelta

from netapp.jobs.registry import Registry
from netapp.people.operations.upkeep import purge


def register(jobs: Registry) -> None:
    jobs.register("people.purge", purge, every=timedelta(hours=1))
