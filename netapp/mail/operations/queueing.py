"""Write a mail in the transaction that causes it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.mail.addresses import NAME_LENGTH, SUBJECT_LENGTH, Address, head_text
from netapp.mail.mime import Attachment, Envelope, Invitation, mail_bytes
from netapp.mail.models import RETRY_FOR, OutboxMessage
from netapp.mail.rendering import render
from netapp.mail.sealing import seal


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
    """Write the mail now, to be sent by the worker after the commit.

    ``message`` is e.g. ``events/offer``: its templates stand in templates/mail/. ``about`` names
    the thing, e.g. ``booking:7KQ4-X9PD-M2``. ``context["contact"]`` (name, email) also becomes the
    Reply-To. The bytes and the Message-ID never change again. Flushes.
    """
    site = site_of(session)
    letter = render(
        message,
        {**context, "has_invitation": invitation is not None, "attached": len(attachments)},
        site=site,
    )
    key = new_key(20)
    contact = context.get("contact")
    reply_to = contact and contact.get("email") and Address(contact["name"], contact["email"])
    envelope = Envelope(
        message_id=f"mail-{key}@{site.uid_domain}",
        sender=Address(site.name, site.mail_from),
        to=to,
        reply_to=reply_to or None,
        sent_on=now,
    )
    plain = mail_bytes(envelope, letter, invitation=invitation, attachments=attachments)
    row = OutboxMessage(
        key=key,
        message_id=envelope.message_id,
        message=message,
        about=about[:80],
        to_name=head_text(to.name, NAME_LENGTH),
        to_email=to.email,
        subject=head_text(letter.subject, SUBJECT_LENGTH),
        sealed=seal(site, key, plain),
        queued_at=now,
        next_attempt_at=now,
        retry_until=now + RETRY_FOR,
    )
    session.add(row)
    session.flush()
    return row


def rehearse(session: DbSession, **mail: Any) -> None:
    """The same work as ``enqueue``, and nothing is sent: where the answer must not tell whether
    somebody gets a mail, neither may the time it takes."""
    session.delete(enqueue(session, **mail))
    session.flush()
