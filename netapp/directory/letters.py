"""The mails of the directory. What members write to each other is fenced, and never shows an
address."""

from datetime import datetime

from netapp.directory.fields import FIELD_WORDS, ProfileField
from netapp.directory.message_models import Message
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.mail.operations import Address, enqueue
from netapp.people.models import Person


def message(
    session: DbSession,
    *,
    sent: Message,
    sender: Person,
    recipient: Person,
    text: str,
    now: datetime,
) -> None:
    """The words are in this mail, for its reader; on the desk it is closed: mail/kinds.py."""
    enqueue(
        session,
        to=Address(recipient.name, recipient.email),
        message="directory/message",
        about=f"person:{recipient.key}",
        context={
            "name": recipient.name,
            "sender": sender.name,
            "said": text,
            "is_answer": sent.answers_id is not None,
            "url": site_of(session).url(f"/account/messages/{sent.key}"),
        },
        now=now,
    )


def part_locked(
    session: DbSession, *, person: Person, field: ProfileField, reason: str, now: datetime
) -> None:
    enqueue(
        session,
        to=Address(person.name, person.email),
        message="directory/part_locked",
        about=f"person:{person.key}",
        context={
            "name": person.name,
            "part": FIELD_WORDS[field],
            "reason": reason,
            "url": site_of(session).url("/account/profile"),
        },
        now=now,
    )
