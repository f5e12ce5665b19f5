"""The mail work of the worker: send what is queued, delete texts when their time is over."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from netapp.kernel import clock
from netapp.kernel.crypto import SealBroken
from netapp.kernel.db import unit_of_work
from netapp.kernel.site import site_of
from netapp.mail import operations, queries
from netapp.mail.delivery import (
    Channel,
    Delayed,
    FolderTransport,
    Lost,
    Refused,
    ServerAway,
    SmtpTransport,
    Transport,
    Undelivered,
)
from netapp.mail.drafts import bytes_of

if TYPE_CHECKING:
    from datetime import datetime

    from config import Settings
    from netapp.jobs.registry import Registry
    from netapp.kernel.db import DbSession
    from netapp.mail.operations import Claim

log = logging.getLogger(__name__)

ROUND_SECONDS: Final = 5.0  # After that no further mail is begun …
LAST_SECONDS: Final = 22.0  # … and after that nothing is waited for.
MOST_TROUBLE: Final = 3  # In a row, with different mails: it is not the mails.


def register(jobs: Registry, transport: Transport) -> None:
    jobs.register("mail.deliver", partial(_helping, transport), every=timedelta(seconds=2))
    jobs.register("mail.purge", operations.purge, every=timedelta(days=1))


def transport_for(settings: Settings) -> Transport:
    """The mail server of the settings; without one, the folder."""
    if not settings.smtp_host:
        return FolderTransport(settings.mail_folder)
    return SmtpTransport(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.mail_from,
        tls=settings.smtp_tls,
        user=settings.smtp_user,
        password=settings.smtp_password,
    )


@dataclass(slots=True)
class Delivered:
    sent: int = 0
    delayed: int = 0
    given_up: int = 0

    @property
    def total(self) -> int:
        return self.sent + self.delayed + self.given_up


def _helping(transport: Transport, session: DbSession, now: datetime) -> int:
    return deliver_due(session, transport).total


def deliver_due(session: DbSession, transport: Transport) -> Delivered:
    """Send what is due, oldest first, for some seconds.

    Every mail is leased, sent and marked in transactions of their own: between sending and
    marking nothing is locked, and whoever dies there leaves a mail that is sent once more, byte
    for byte the same. Raises ``ServerAway``: then no mail is to blame.
    """
    outcome = Delivered()
    began = time.monotonic()
    trouble = 0
    while time.monotonic() - began < ROUND_SECONDS and queries.is_any_due(session, clock.utcnow()):
        with transport.open(began + LAST_SECONDS) as channel:
            while time.monotonic() - began < ROUND_SECONDS:
                with unit_of_work(session):
                    claim = operations.claim_next(session, now=clock.utcnow())
                if claim is None:
                    return outcome
                problem = _send(session, channel, claim)
                _count(outcome, problem)
                trouble = trouble + 1 if isinstance(problem, Lost) else 0
                if trouble >= MOST_TROUBLE:
                    raise ServerAway(f"the mail server takes nothing: {problem}")
                if trouble:
                    break  # Open the way out again, and go on with the next.
    return outcome


def _send(session: DbSession, channel: Channel, claim: Claim) -> Undelivered | None:
    """One mail out, and what came of it written down. A mail that cannot be sent at all hurts
    only itself."""
    problem: Undelivered | None = None
    data = b""
    try:
        data = bytes_of(site_of(session), claim.key, claim.sealed)
        channel.send(key=claim.key, queued_at=claim.queued_at, to=claim.to_email, data=data)
    except SealBroken:
        problem = Refused("It cannot be opened: the secret of the platform was changed.")
    except Undelivered as undelivered:
        problem = undelivered
    except Exception as error:
        log.exception("mail %s cannot be sent", claim.key)
        problem = Delayed(f"{type(error).__name__}")
    with unit_of_work(session):
        now = clock.utcnow()
        if problem is None:
            operations.mark_sent(session, claim, data=data, now=now)
        elif isinstance(problem, Refused):
            operations.mark_dead(session, claim, error=str(problem))
        else:
            operations.mark_delayed(session, claim, error=str(problem), now=now)
    if problem:
        log.warning("mail %s (%s): %s", claim.key, type(problem).__name__.lower(), problem)
    return problem


def _count(outcome: Delivered, problem: Undelivered | None) -> None:
    if problem is None:
        outcome.sent += 1
    elif isinstance(problem, Refused):
        outcome.given_up += 1
    else:
        outcome.delayed += 1
