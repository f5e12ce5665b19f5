"""The last mails to those who closed their account: sent, then forgotten like all before them."""

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import aliased

from netapp.kernel.db import DbSession
from netapp.mail.models import MailState, OutboxMessage

LAST: Final = "privacy/closed"
"""Written last of all when an account is closed: older mails to its address are of that account."""


def forget_last_mails(session: DbSession, now: datetime) -> int:
    """Delete the mails to an address whose account was closed, once all of them are sent or given
    up. What came after the last one is somebody's who is here again, and stays. For the worker."""
    last, waiting = aliased(OutboxMessage), aliased(OutboxMessage)

    def of_it(mail: type[OutboxMessage]) -> ColumnElement[bool]:
        return (mail.to_email == last.to_email) & (mail.id <= last.id)

    still_waits = select(waiting.id).where(of_it(waiting), waiting.state == MailState.QUEUED)
    gone = (
        select(OutboxMessage.id)
        .join(last, of_it(OutboxMessage))
        .where(last.message == LAST, ~still_waits.exists())
    )
    result = session.execute(
        delete(OutboxMessage).where(OutboxMessage.id.in_(session.scalars(gone).all())),
        execution_options={"synchronize_session": False},
    )
    return int(getattr(result, "rowcount", 0))
