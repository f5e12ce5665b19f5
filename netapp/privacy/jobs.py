"""What the worker does about what is kept."""

from datetime import timedelta

from netapp.jobs.registry import Registry
from netapp.privacy.operations import farewells, keeping


def register(jobs: Registry) -> None:
    jobs.register("retention.carry_out", keeping.carry_out, every=timedelta(days=1))
    jobs.register("closing.last_mails", farewells.forget_last_mails, every=timedelta(minutes=10))
