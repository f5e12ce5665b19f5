"""The loop that does what is due. Any number of workers may run; leases keep them apart."""

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Final

from flask import Flask
from sqlalchemy.exc import DBAPIError

from netapp.extensions import db
from netapp.jobs import operations, queries
from netapp.jobs.errors import NotNow
from netapp.jobs.models import JobState
from netapp.jobs.registry import Job, Registry
from netapp.jobs.stopping import Stop
from netapp.kernel import clock
from netapp.kernel.db import DatabaseBusy, unit_of_work

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 2.0  # seconds
HELPING_SECONDS: Final = 10.0  # After that the other kinds of work have their turn.
MOST_HELPINGS: Final = 50
DATABASE_PAUSES: Final = (0.5, 1.0, 2.0, 4.0)  # seconds


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one job: skipped (not due, or somebody else has it), failed, or done."""

    name: str
    done: int = 0
    more: bool = False
    skipped: bool = False
    error: str = ""


class Worker:
    """Does the jobs of an application, each run in an application context of its own."""

    def __init__(self, app: Flask, stop: Stop | None = None) -> None:
        self.app = app
        self.jobs: Registry = app.extensions["jobs"]
        self.stop = stop or Stop()
        host = socket.gethostname()[:30]
        self.name = f"{host}:{os.getpid()}:{secrets.token_hex(4)}"

    def work(self, on_ready: Callable[[], None] = lambda: None) -> None:
        """Until told to stop. A database that is locked or away is tried again and again."""
        trouble = 0
        ready = False
        while not self.stop.is_set:
            try:
                if not ready:
                    self.prepare()
                    on_ready()
                    ready = True
                outcomes = self.round()
            except (DatabaseBusy, DBAPIError) as error:
                pause = DATABASE_PAUSES[min(trouble, len(DATABASE_PAUSES) - 1)]
                trouble += 1
                log.warning("database not available (%s), next try in %s s", _words(error), pause)
                self.stop.wait(pause)
                continue
            trouble = 0
            self.stop.wait(0.1 if any(each.more for each in outcomes) else LOOK_EVERY)

    def prepare(self) -> None:
        with self.app.app_context(), unit_of_work(db.session):
            operations.prepare(db.session, [job.name for job in self.jobs])

    def round(self, *, force: bool = False, only: Set[str] | None = None) -> list[Outcome]:
        """Everything that is due, once; with ``force`` also what is not due yet."""
        with self.app.app_context():
            seen = {state.name: state for state in queries.states(db.session)}
        outcomes = []
        for job in self.jobs:
            if self.stop.is_set:
                break
            if only and job.name not in only:
                continue
            state = seen.get(job.name)
            now = clock.utcnow()
            free = state is not None and state.is_free(now, self.name)
            if state and free and (force or state.is_due(now, job.every)):
                with self.app.app_context():
                    outcomes.append(self._run(job, state, force=force))
            else:
                outcomes.append(Outcome(job.name, skipped=True))
        return outcomes

    def _run(self, job: Job, seen: JobState, *, force: bool) -> Outcome:
        began = clock.utcnow()
        with unit_of_work(db.session):
            claimed = operations.claim(
                db.session, job=job, seen=seen, holder=self.name, now=began, force=force
            )
        if not claimed:
            return Outcome(job.name, skipped=True)
        try:
            done, more = self._helpings(job)
        except Exception as error:
            return self._failed(job, error)
        next_run_at = began if more else began + job.every
        with unit_of_work(db.session):
            operations.finish(
                db.session,
                name=job.name,
                holder=self.name,
                next_run_at=next_run_at,
                now=clock.utcnow(),
            )
        if done:
            log.info("%s: %s done", job.name, done)
        return Outcome(job.name, done=done, more=more)

    def _helpings(self, job: Job) -> tuple[int, bool]:
        """Again at once while there is something to do, within bounds: how much, and whether
        more may be waiting."""
        total = 0
        began = time.monotonic()
        for _ in range(MOST_HELPINGS):
            with unit_of_work(db.session):
                done = job.run(db.session(), clock.utcnow())
            total += done
            if not done:
                return total, False
            if self.stop.is_set or time.monotonic() - began > HELPING_SECONDS:
                break
            with unit_of_work(db.session):
                ours = operations.extend(
                    db.session, name=job.name, holder=self.name, now=clock.utcnow()
                )
            if not ours:
                return total, False
        return total, True

    def _failed(self, job: Job, error: Exception) -> Outcome:
        """Write the failure down; the other jobs go on."""
        expected = isinstance(error, NotNow)
        pauses = error.pauses if isinstance(error, NotNow) else operations.PAUSES
        words = str(error) if expected else _words(error)
        log.log(
            logging.WARNING if expected else logging.ERROR,
            "%s failed: %s",
            job.name,
            words,
            exc_info=None if expected or isinstance(error, DatabaseBusy) else error,
        )
        db.session.rollback()
        with unit_of_work(db.session):
            operations.fail(
                db.session,
                name=job.name,
                holder=self.name,
                error=words,
                now=clock.utcnow(),
                pauses=pauses,
            )
        return Outcome(job.name, error=words)


def _words(error: Exception) -> str:
    """The kind of error and, of a database error, not the statement: it may hold personal data."""
    if isinstance(error, DBAPIError):
        return f"{type(error).__name__}: {type(error.orig).__name__}"
    return f"{type(error).__name__}: {error}"[:500]
