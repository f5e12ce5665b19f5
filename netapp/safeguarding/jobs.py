"""What the worker does about checks."""

from datetime import timedelta

from netapp.jobs.registry import Registry
from netapp.safeguarding.operations import checks


def register(jobs: Registry) -> None:
    jobs.register("checks.remind", checks.remind_of_checks, every=timedelta(minutes=1))
