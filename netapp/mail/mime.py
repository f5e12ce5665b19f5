"""The bytes of a mail."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final, Literal

from netapp.mail.addresses import (
    SUBJECT_LENGTH,
    Address,
    address_header,
    head_text,
    text_header,
)
from netapp.mail.rendering import Rendered

INVITATION_NAME: Final = "invite.ics"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A calendar with one entry; ``method`` is the METHOD in its data (RFC 6047 section 2.4)."""

    method: Literal["REQUEST", "CANCEL"]
    data: bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    """``media_type`` is e.g. ``text/calendar``."""

    filename: str
    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """The head of a mail. ``sender`` is also the organiser of every invitation."""

    message_id: str  # Without the angle brackets.
    sender: Address
    to: Address
    reply_to: Address | None
    sent_on: datetime


def mail_bytes(
    envelope: Envelope,
    letter: Rendered,
    *,
    invitation: Invitation | None = None,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """The final form, lines ended by CRLF throughout; the same for the same arguments.

    An invitation stands in it twice: some programs read only the alternative part, some only
    attachments. Base64 keeps its line breaks, which RFC 5545 section 3.1 asks to be CRLF.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = address_header("From", envelope.sender)
    mail["To"] = address_header("To", envelope.to)
    if envelope.reply_to:
        mail["Reply-To"] = address_header("Reply-To", envelope.reply_to)
    mail["Subject"] = text_header("Subject", head_text(letter.subject, SUBJECT_LENGTH))
    mail["Date"] = format_datetime(envelope.sent_on)
    mail["Message-ID"] = f"<{envelope.message_id}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers to this.
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if invitation:
        mail.add_alternative(
            invitation.data.decode("utf-8"),
            subtype="calendar",
            cte="base64",
            params={"method": invitation.method},
        )
        mail.add_attachment(
            invitation.data,
            maintype="application",
            subtype="ics",
            filename=INVITATION_NAME,
            params={"name": INVITATION_NAME},
        )
    for each in attachments:
        main, _, sub = each.media_type.partition("/")
        mail.add_attachment(each.data, maintype=main, subtype=sub, filename=each.filename)
    mail["Content-Language"] = "en-GB"
    _set_boundaries(mail, envelope.message_id)
    return mail.as_bytes()


def _set_boundaries(mail: EmailMessage, message_id: str) -> None:
    """The standard library draws them by lot. "=_" stands in no quoted-printable text and in no
    base64 (RFC 2045 section 6.7), so none of these can be part of what they divide."""
    seed = hashlib.sha256(message_id.encode()).hexdigest()[:24]
    whole = [part for part in mail.walk() if part.is_multipart()]
    for number, part in enumerate(whole):
        part.set_boundary(f"=_{seed}_{number}")
