"""What people find in their mail."""

import re
from email import message_from_bytes, policy

from sqlalchemy import select
from sqlalchemy.orm import Session

from netapp.kernel.site import site_of
from netapp.mail.drafts import bytes_of
from netapp.mail.models import OutboxMessage


def letters_to(session: Session, email: str) -> list[str]:
    """Which mails this address gets, by template, the oldest first."""
    mine = select(OutboxMessage.message).where(OutboxMessage.to_email == email)
    return list(session.scalars(mine.order_by(OutboxMessage.id)))


def all_letters(session: Session) -> list[str]:
    return list(session.scalars(select(OutboxMessage.message).order_by(OutboxMessage.id)))


def last_letter(session: Session, email: str) -> str:
    """The text of the newest mail to this address."""
    newest = select(OutboxMessage).where(OutboxMessage.to_email == email)
    row = session.scalars(newest.order_by(OutboxMessage.id.desc()).limit(1)).one()
    assert row.sealed is not None
    mail = message_from_bytes(
        bytes_of(site_of(session), row.key, row.sealed), policy=policy.default
    )
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def code_in(session: Session, email: str) -> str:
    found = re.search(r"^\s*(\d{6})\s*$", last_letter(session, email), re.MULTILINE)
    assert found, "no code in the mail"
    return found.group(1)


def link_in(session: Session, email: str) -> str:
    """The path of the first link."""
    found = re.search(r"https?://[^/\s]+(/\S*)", last_letter(session, email))
    assert found, "no link in the mail"
    return found.group(1)
