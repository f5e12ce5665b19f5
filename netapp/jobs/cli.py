"""The worker, and the same work once by hand."""

import logging
import signal
from types import FrameType
from typing import Final

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from netapp.jobs.stopping import Stop
from netapp.jobs.worker import Outcome, Worker

log = logging.getLogger(__name__)

STOP_SECONDS: Final = 25
"""Whoever asks us to end waits for 30 seconds: a worker that hangs is ended before that."""


def register(app: Flask) -> None:
    app.cli.add_command(worker)
    app.cli.add_command(jobs)


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Send mail and do whatever else is due, until ended by TERM or Ctrl-C.

    Looks for due work every 2 seconds. Several workers may run, also on several machines that
    share a PostgreSQL database: each piece of work is leased to one of them. One that is killed
    loses nothing; its work is taken up by another within a minute.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    stop = Stop()

    def end(number: int, frame: FrameType | None) -> None:
        """What is in hand is finished. Nothing is lost if that takes too long and the alarm ends
        the process: the leases run out and the work is done again."""
        stop.set()
        signal.alarm(STOP_SECONDS)

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    Worker(app, stop).work(on_ready=lambda: click.echo("Worker ready"))
    log.info("worker ended")


jobs = AppGroup("jobs", help="What the worker does, once and by hand.")


@jobs.command("run")
@click.option("--all", "force", is_flag=True, help="Also what is not due yet.")
@click.argument("names", nargs=-1)
def run(force: bool, names: tuple[str, ...]) -> None:
    """Do all that is due, once, or only the jobs named. Ends with 1 if any of them failed."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    hand = Worker(app)
    unknown = set(names) - {job.name for job in hand.jobs}
    if unknown:
        known = ", ".join(sorted(job.name for job in hand.jobs))
        raise click.UsageError(f"There is no job {min(unknown)}. There are: {known}.")
    hand.prepare()
    outcomes = hand.round(force=force, only=set(names) or None)
    for outcome in outcomes:
        click.echo(f"{outcome.name}: {_words(outcome)}")
    if any(outcome.error for outcome in outcomes):
        raise click.exceptions.Exit(1)


def _words(outcome: Outcome) -> str:
    if outcome.error:
        return f"failed ({outcome.error})"
    if outcome.skipped:
        return "not due, or a worker has it"
    return f"{outcome.done} done"
