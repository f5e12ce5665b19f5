"""What the worker does each day about what is kept."""

from datetime import timedelta

from netapp.jobs.registry import Registry
from netapp.privacy.operations import keeping


def register(jobs: Registry) -> None:
    jobs.register("retention.carry_out", keeping.carry_out, every=timedelta(days=1))
