"""A mail as it waits: what it says, in values. Its bytes are made when it goes out.

To put words and files into the form of a mail takes many times as long as to know what is to be
said; and whoever causes a thousand mails at once holds a lock meanwhile. The same draft always
makes the same bytes, so a mail that is sent again is the same mail.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from netapp.kernel.site import Site
from netapp.mail.addresses import Address
from netapp.mail.mime import Attachment, Envelope, Invitation, mail_bytes
from netapp.mail.rendering import render
from netapp.mail.sealing import unseal


@dataclass(frozen=True, slots=True)
class Draft:
    """``message`` names the templates; ``context`` is what they are given, as JSON can hold it."""

    message: str
    envelope: Envelope
    context: Mapping[str, Any]
    invitation: Invitation | None = None
    attachments: Sequence[Attachment] = ()


def bytes_of(site: Site, key: str, sealed: bytes) -> bytes:
    """The mail that the row of this key holds, as it goes out.

    Raises ``crypto.SealBroken``, and what ``rendering.render`` raises.
    """
    plain = unseal(site, key, sealed)
    return written(site, _unpacked(plain)) if is_draft(plain) else plain


def written(site: Site, draft: Draft) -> bytes:
    letter = render(draft.message, draft.context, site=site)
    return mail_bytes(
        draft.envelope, letter, invitation=draft.invitation, attachments=draft.attachments
    )


def is_draft(plain: bytes) -> bool:
    """A draft is a JSON object; a mail begins with a header."""
    return plain.startswith(b"{")


def packed(draft: Draft) -> bytes:
    """Raises ``TypeError`` where the context holds what JSON cannot."""
    envelope, invitation = draft.envelope, draft.invitation
    values = {
        "message": draft.message,
        "message_id": envelope.message_id,
        "from": _mailbox(envelope.sender),
        "to": _mailbox(envelope.to),
        "reply_to": _mailbox(envelope.reply_to) if envelope.reply_to else None,
        "sent_on": envelope.sent_on.isoformat(),
        "context": dict(draft.context),
        "invitation": invitation and [invitation.method, _text(invitation.data)],
        "attachments": [[a.filename, _text(a.data), a.media_type] for a in draft.attachments],
    }
    return json.dumps(values).encode()


def _unpacked(plain: bytes) -> Draft:
    values = json.loads(plain)
    reply_to, invitation = values["reply_to"], values["invitation"]
    return Draft(
        message=values["message"],
        envelope=Envelope(
            message_id=values["message_id"],
            sender=Address(*values["from"]),
            to=Address(*values["to"]),
            reply_to=Address(*reply_to) if reply_to else None,
            sent_on=datetime.fromisoformat(values["sent_on"]),
        ),
        context=values["context"],
        invitation=Invitation(invitation[0], b64decode(invitation[1])) if invitation else None,
        attachments=[
            Attachment(name, b64decode(data), kind) for name, data, kind in values["attachments"]
        ],
    )


def _mailbox(address: Address) -> list[str]:
    return [address.name, address.email]


def _text(data: bytes) -> str:
    return b64encode(data).decode()
