"""The mails about checks: to the person, and to those who look after checks."""

from collections.abc import Sequence
from datetime import date, datetime

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.words import day_words
from netapp.mail.operations import Address, enqueue
from netapp.people.models import Person
from netapp.safeguarding.models import Check


def check_due(
    session: DbSession, check: Check, today: date, leads: Sequence[Person], now: datetime
) -> None:
    """``kind`` and ``person`` of the check are loaded."""
    assert check.due_on is not None
    site = site_of(session)
    words = {
        "kind": check.kind.name,
        "due": day_words(check.due_on),
        "is_late": check.due_on < today,
    }
    enqueue(
        session,
        to=Address(check.person.name, check.person.email),
        message="safeguarding/due_person",
        about=f"check:{check.key}",
        context={**words, "name": check.person.name, "url": site.url("/safeguarding")},
        now=now,
    )
    for lead in leads:
        enqueue(
            session,
            to=Address(lead.name, lead.email),
            message="safeguarding/due_lead",
            about=f"check:{check.key}",
            context={
                **words,
                "name": lead.name,
                "person": check.person.name,
                "url": site.url(f"/desk/safeguarding/people/{check.person.key}"),
            },
            now=now,
        )
