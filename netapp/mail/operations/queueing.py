"""Put a mail into the queue, in the transaction that causes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert

from netapp.kernel.db import DbSession
from netapp.kernel.site import Site, site_of
from netapp.kernel.tokens import new_key
from netapp.mail.addresses import NAME_LENGTH, SUBJECT_LENGTH, Address, head_text
from netapp.mail.drafts import Draft, packed
from netapp.mail.mime import Attachment, Envelope, Invitation
from netapp.mail.models import RETRY_FOR, OutboxMessage
from netapp.mail.rendering import render_subject
from netapp.mail.sealing import seal


@dataclass(frozen=True, slots=True)
class Letter:
    """``message`` is e.g. ``events/offer``: its templates stand in templates/mail/. ``about`` names
    the thing, e.g. ``booking:7KQ4-X9PD-M2``. ``context`` is what JSON can hold; its ``contact``
    (name, email) also becomes the Reply-To."""

    to: Address
    message: str
    about: str
    context: Mapping[str, Any] = field(repr=False)
    invitation: Invitation | None = None
    attachments: Sequence[Attachment] = ()


def enqueue(
    session: DbSession,
    *,
    to: Address,
    message: str,
    about: str,
    now: datetime,
    context: Mapping[str, Any],
    invitation: Invitation | None = None,
    attachments: Sequence[Attachment] = (),
) -> OutboxMessage:
    """Fix now what a mail says, to be sent by the worker after the commit; see ``Letter``.

    The Message-ID and what the mail says never change again. Flushes.
    """
    letter = Letter(to, message, about, context, invitation, attachments)
    row = OutboxMessage(**_values(site_of(session), letter, now))
    session.add(row)
    session.flush()
    return row


def enqueue_all(session: DbSession, letters: Sequence[Letter], *, now: datetime) -> None:
    """The same for many, in this order and in few statements."""
    site = site_of(session)
    if letters:
        session.execute(_QUEUE, [_values(site, letter, now) for letter in letters])


_QUEUE = insert(cast(Table, OutboxMessage.__table__))


def rehearse(session: DbSession, **mail: Any) -> None:
    """The same work as ``enqueue``, and nothing is sent: where the answer must not tell whether
    somebody gets a mail, neither may the time it takes."""
    session.delete(enqueue(session, **mail))
    session.flush()


def _values(site: Site, letter: Letter, now: datetime) -> dict[str, Any]:
    """The row of a mail."""
    context = {
        **letter.context,
        "has_invitation": letter.invitation is not None,
        "attached": len(letter.attachments),
    }
    subject = render_subject(letter.message, context, site=site)
    key = new_key(20)
    contact = context.get("contact")
    reply_to = contact and contact.get("email") and Address(contact["name"], contact["email"])
    envelope = Envelope(
        message_id=f"mail-{key}@{site.uid_domain}",
        sender=Address(site.name, site.mail_from),
        to=letter.to,
        reply_to=reply_to or None,
        sent_on=now,
    )
    draft = Draft(letter.message, envelope, context, letter.invitation, letter.attachments)
    return {
        "key": key,
        "message_id": envelope.message_id,
        "message": letter.message,
        "about": letter.about[:80],
        "to_name": head_text(letter.to.name, NAME_LENGTH),
        "to_email": letter.to.email,
        "subject": head_text(subject, SUBJECT_LENGTH),
        "sealed": seal(site, key, packed(draft)),
        "queued_at": now,
        "next_attempt_at": now,
        "retry_until": now + RETRY_FOR,
    }
