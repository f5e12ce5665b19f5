"""One-time keys of forms: the second press of a button leads to the result of the first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import JSON, Index, String, Table, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base, DbSession, insert_on
from netapp.kernel.errors import DomainError

KEPT_FOR = timedelta(days=1)


class Submission(Base):
    """One form that was sent. ``owner`` is ``person:<id>`` or ``browser:<hash>``."""

    __tablename__ = "submissions"
    __table_args__ = (Index("ix_submissions_sent_at", "sent_at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(String(80))
    sent_at: Mapped[datetime]
    result: Mapped[str] = mapped_column(String(500), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class NotYourForm(DomainError):
    message = "This form was opened by someone else. Open the page again and send it from there."


@dataclass(frozen=True, slots=True)
class Earlier:
    """The first result of a form that was sent before: an address on this site."""

    result: str


def begin(
    session: DbSession, *, key: str, owner: str, purpose: str, now: datetime
) -> Earlier | None:
    """Claim the key within the caller's transaction, before anything else is read.

    None: go on, and call ``finish`` before the commit. ``Earlier``: it was done already.
    A second request waits here until the first has committed or rolled back. Raises
    ``NotYourForm`` where the key belongs to somebody else or another form.
    """
    row = {"key": key, "owner": owner, "purpose": purpose, "sent_at": now}
    if session.scalar(_claim(session.get_bind().dialect.name), row):
        return None
    before = session.execute(
        select(Submission.owner, Submission.purpose, Submission.result).where(Submission.key == key)
    ).one()
    if (before.owner, before.purpose) != (owner, purpose):
        raise NotYourForm
    return Earlier(before.result)


def finish(
    session: DbSession, *, key: str, result: str, detail: dict[str, Any] | None = None
) -> None:
    """Write down where the result can be seen, in the same transaction as the result."""
    done = {"sent_key": key, "result": result, "detail": detail or {}}
    session.execute(_FINISH, done)


_table = cast(Table, Submission.__table__)


@cache
def _claim(dialect: str) -> Any:
    row = insert_on(dialect, _table).values(result="", detail={})
    return row.on_conflict_do_nothing(index_elements=[_table.c.key]).returning(_table.c.key)


_FINISH = (
    update(_table)
    .where(_table.c.key == bindparam("sent_key"))
    .values(result=bindparam("result"), detail=bindparam("detail"))
)


def find(session: DbSession, *, key: str, owner: str) -> Submission | None:
    """What was sent under this key by this owner, for its result page."""
    mine = Submission.key == key, Submission.owner == owner
    return session.scalar(select(Submission).where(*mine))


def purge(session: DbSession, now: datetime) -> int:
    """Delete keys older than ``KEPT_FOR``. For the worker."""
    gone = session.execute(delete(Submission).where(Submission.sent_at < now - KEPT_FOR))
    return int(getattr(gone, "rowcount", 0))
