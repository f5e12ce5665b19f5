"""The events work of the worker: offers that end, reminders, deletion, a look at the counts."""

from datetime import timedelta

from netapp.events.operations import (
    answers,
    due,
    interest,
    minimum,
    names_due,
    needs_deleting,
    question_mails,
    telling,
)
from netapp.jobs.registry import Registry


def register(jobs: Registry) -> None:
    jobs.register("waiting_lists.settle", due.settle_one_event, every=timedelta(seconds=5))
    jobs.register("reminders.queue", due.remind_one_session, every=timedelta(seconds=30))
    jobs.register("names.ask", names_due.ask_for_names, every=timedelta(seconds=30))
    jobs.register("names.end", names_due.give_unnamed_to_others, every=timedelta(seconds=30))
    jobs.register("needs.delete", needs_deleting.delete_old_needs, every=timedelta(hours=1))
    jobs.register("pools.check", due.check_pools, every=timedelta(days=1))
    jobs.register("minimum.ask", minimum.ask_to_decide, every=timedelta(seconds=30))
    jobs.register("interest.tell", telling.tell_interested, every=timedelta(seconds=30))
    jobs.register("questions.ask", question_mails.ask_due, every=timedelta(seconds=30))
    jobs.register("answers.delete", answers.delete_old_answers, every=timedelta(days=1))
    jobs.register("interest.delete", interest.delete_old_interest, every=timedelta(days=1))
