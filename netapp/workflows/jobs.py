"""What the worker does again and again about what spans domains."""

from datetime import timedelta

from netapp.jobs.registry import Registry
from netapp.workflows.merge_people import follow_again


def register(jobs: Registry) -> None:
    jobs.register("people.follow_merged", follow_again, every=timedelta(minutes=10))
