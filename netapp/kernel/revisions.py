"""Counters that say whether what was kept is still true.

Whoever changes what a feed or a page shows raises the counter of its scope in the same
transaction; whoever keeps bytes keeps the counter beside them. One primary-key read decides.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base, DbSession, insert_on


class Revision(Base):
    __tablename__ = "revisions"

    scope: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int]
    raised_at: Mapped[datetime]


# Built once: every answer of a kept page or feed asks this, and some ask nothing else.
_BY_SCOPE = select(Revision.number, Revision.raised_at).where(Revision.scope == bindparam("scope"))


def raise_revision(session: DbSession, scope: str, now: datetime) -> None:
    """Scopes: ``events`` (whatever the public may see of any event), ``directory`` (who is in the
    directory of members and what it says of them) and ``person:<id>``."""
    raise_revisions(session, [scope], now)


def raise_revisions(session: DbSession, scopes: Iterable[str], now: datetime) -> None:
    """Several at once, always in the same order: so two who raise some alike never wait for each
    other."""
    rows = [{"scope": scope, "number": 1, "raised_at": now} for scope in sorted(set(scopes))]
    if rows:
        session.execute(_raised(session.get_bind().dialect.name), rows)


@cache  # Every booking asks it.
def _raised(dialect: str) -> Any:
    new = insert_on(dialect, Revision.__table__)
    raised = {"number": Revision.number + 1, "raised_at": new.excluded.raised_at}
    return new.on_conflict_do_update(index_elements=[Revision.scope], set_=raised)


def revision_of(session: DbSession, scope: str) -> tuple[int, datetime | None]:
    """The counter and when it was last raised; (0, None) where nothing ever happened."""
    found = session.execute(_BY_SCOPE, {"scope": scope}).one_or_none()
    return (found.number, found.raised_at) if found else (0, None)
