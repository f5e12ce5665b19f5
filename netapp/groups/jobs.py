"""The groups' work of the worker: terms that end soon, invitations that are too old."""

from datetime import timedelta

from netapp.groups.operations import inviting, people
from netapp.jobs.registry import Registry


def register(jobs: Registry) -> None:
    jobs.register("groups.terms", people.remind_of_terms, every=timedelta(seconds=60))
    jobs.register("groups.invitations", inviting.delete_old, every=timedelta(days=1))
