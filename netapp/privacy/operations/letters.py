"""The mails about somebody's data."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.mail.operations import Address, enqueue
from netapp.membership.queries.invoices import Owed
from netapp.people.models import Person
from netapp.privacy.models import Ask
from netapp.privacy.queries.held import Part


def closed(
    session: DbSession,
    *,
    name: str,
    email: str,
    parts: Sequence[Part],
    owed: Sequence[Owed],
    now: datetime,
) -> None:
    """The last mail to somebody: what was removed, what stays and why, as the page before it said.
    ``owed``: invoices that are still to be paid."""
    enqueue(
        session,
        to=Address(name, email),
        message="privacy/closed",
        about="account-closed",
        context={
            "name": name,
            "parts": [(each.title, each.on_closing) for each in parts],
            "owed": [asdict(each) for each in owed],
            "office": site_of(session).contact_email,
            "url": site_of(session).url("/privacy"),
        },
        now=now,
    )


def asked(session: DbSession, person: Person, ask: Ask, due: str, now: datetime) -> None:
    """We have what they asked for, and answer by then."""
    enqueue(
        session,
        to=Address(person.name, person.email),
        message="privacy/asked",
        about=f"privacy:{ask.key}",
        context={"name": person.name, "words": ask.words, "due": due, "url": _page(session)},
        now=now,
    )


def answered(session: DbSession, person: Person, ask: Ask, now: datetime) -> None:
    enqueue(
        session,
        to=Address(person.name, person.email),
        message="privacy/answered",
        about=f"privacy:{ask.key}",
        context={
            "name": person.name,
            "words": ask.words,
            "answer": ask.answer,
            "url": _page(session),
        },
        now=now,
    )


def _page(session: DbSession) -> str:
    return site_of(session).url("/account/privacy")
