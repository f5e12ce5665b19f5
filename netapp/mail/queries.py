"""What is due, and what the desk shows of the mail."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import defer

from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.pages import PER_PAGE, Page
from netapp.mail.models import LEASE, PAUSES, MailState, OutboxMessage


def is_due(now: datetime) -> ColumnElement[bool]:
    """Queued, its time has come, and no lease holds it. A moment that lies further ahead than
    anybody could have written down comes from a clock that was set back, and does not count."""
    lease, due = OutboxMessage.leased_until, OutboxMessage.next_attempt_at
    return and_(
        OutboxMessage.state == MailState.QUEUED,
        or_(due <= now, due > now + PAUSES[-1]),
        or_(lease.is_(None), lease <= now, lease > now + LEASE),
    )


def is_any_due(session: DbSession, now: datetime) -> bool:
    return session.scalar(select(OutboxMessage.id).where(is_due(now)).limit(1)) is not None


@dataclass(frozen=True, slots=True)
class Counts:
    waiting: int
    sent: int
    given_up: int


def counts(session: DbSession) -> Counts:
    """How many mails are in each state, for the filters and the desk's first page."""
    rows = session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state))
    found: dict[MailState, int] = {row[0]: row[1] for row in rows}
    return Counts(
        waiting=found.get(MailState.QUEUED, 0),
        sent=found.get(MailState.SENT, 0),
        given_up=found.get(MailState.DEAD, 0),
    )


def mail_page(
    session: DbSession, *, state: MailState | None, search: str, number: int
) -> Page[OutboxMessage]:
    """Newest first, without the texts. ``search``: part of an address, name, subject or of what
    the mail is about."""
    chosen = select(OutboxMessage)
    if state is not None:
        chosen = chosen.where(OutboxMessage.state == state)
    if search:
        chosen = chosen.where(_matches(search))
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    rows = session.scalars(
        chosen.options(defer(OutboxMessage.sealed, raiseload=True))
        .order_by(OutboxMessage.id.desc())
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    ).all()
    return Page(rows, number, total)


def _matches(search: str) -> ColumnElement[bool]:
    columns = (
        OutboxMessage.to_email,
        OutboxMessage.to_name,
        OutboxMessage.subject,
        OutboxMessage.about,
    )
    return or_(
        *(func.lower(column).contains(search.lower(), autoescape=True) for column in columns)
    )


def find(session: DbSession, key: str) -> OutboxMessage:
    """One mail with its sealed text. Raises ``NotFound``."""
    found = session.scalar(select(OutboxMessage).where(OutboxMessage.key == key))
    if found is None:
        raise NotFound
    return found
