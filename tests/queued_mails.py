"""The words of a mail are made when it goes out: whatever a test has queued must have some.

To put them into the form of a mail takes longer than to find them, and mails that say the same
differ in nothing of it: the first of each kind is put into its form, of the others the words are
made.
"""

from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.orm import Session

from netapp.kernel.crypto import SealBroken
from netapp.kernel.site import Site, site_of
from netapp.mail import drafts
from netapp.mail.models import OutboxMessage
from netapp.mail.rendering import render
from netapp.mail.sealing import unseal

_formed: set[tuple[object, ...]] = set()


def write_all(session: Session) -> None:
    site = site_of(session)
    waiting = select(OutboxMessage.key, OutboxMessage.sealed).where(
        OutboxMessage.sealed.is_not(None)
    )
    for key, sealed in session.execute(waiting):
        with suppress(SealBroken):
            _write(site, unseal(site, key, sealed or b""))


def _write(site: Site, plain: bytes) -> None:
    if not drafts.is_draft(plain):
        return
    draft = drafts._unpacked(plain)
    method = draft.invitation and draft.invitation.method
    kind = draft.message, draft.envelope.reply_to is None, method, len(draft.attachments)
    if kind in _formed:
        render(draft.message, draft.context, site=site)
    else:
        drafts.written(site, draft)
        _formed.add(kind)
