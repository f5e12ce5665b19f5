"""The directory's work of the worker: what is old is deleted."""

from datetime import timedelta

from netapp.directory.operations import messages, sightings
from netapp.jobs.registry import Registry


def register(jobs: Registry) -> None:
    jobs.register("directory.messages", messages.purge, every=timedelta(days=1))
    jobs.register("directory.sightings", sightings.purge, every=timedelta(hours=1))
