"""The membership work of the worker: reminders, lapses, the yearly question, who waits for an
answer, invoices."""

from datetime import timedelta

from netapp.jobs.registry import Registry
from netapp.membership.operations import invoice_mails, noticing, still_true, waiting_mails


def register(jobs: Registry) -> None:
    jobs.register("memberships.remind", noticing.remind, every=timedelta(minutes=1))
    jobs.register("memberships.lapse", noticing.tell_lapsed, every=timedelta(minutes=1))
    jobs.register("memberships.still_true", still_true.ask_due, every=timedelta(minutes=1))
    jobs.register("applications.tell", waiting_mails.tell_coordinators, every=timedelta(minutes=1))
    jobs.register("invoices.send", invoice_mails.send_one, every=timedelta(seconds=5))
    jobs.register("invoices.remind", invoice_mails.remind_one, every=timedelta(minutes=1))
