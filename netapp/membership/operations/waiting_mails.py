"""Coordinators are told once a day, at most, that somebody waits for an answer."""

from datetime import datetime, timedelta
from typing import Final

from netapp.kernel import limits
from netapp.kernel.db import DbSession
from netapp.kernel.limits import Limit
from netapp.kernel.site import site_of
from netapp.kernel.words import date_words
from netapp.kernel.zones import to_local
from netapp.mail.operations import Address, Letter, enqueue_all
from netapp.membership.operations.noticing import FIRST_HOUR, LAST_HOUR
from netapp.membership.queries.applications import waiting_applications
from netapp.people.queries import coordinators

A_DAY: Final = Limit("coordinators told of who waits", 1, timedelta(days=2))
"""Of each day in the network's zone."""


def tell_coordinators(session: DbSession, now: datetime) -> int:
    """How many mails were written; none while nobody waits for a coordinator."""
    site = site_of(session)
    local = to_local(now, site.zone)
    waiting = waiting_applications(session)
    if waiting is None or not FIRST_HOUR <= local.hour < LAST_HOUR:
        return 0
    if not limits.count_and_check(session, A_DAY, local.date().isoformat(), now):
        return 0
    alone = waiting.number == 1
    letters = [
        Letter(
            to=Address(one.name, one.email),
            message="membership/waiting",
            about="applications",
            context={
                "name": one.name,
                "who_waits": "1 person waits" if alone else f"{waiting.number} people wait",
                "since": date_words(waiting.since, site.zone),
                "url": site.url("/desk/membership/applications?show=waiting"),
            },
        )
        for one in coordinators(session)
        if one.disabled_at is None
    ]
    enqueue_all(session, letters, now=now)
    return len(letters)
