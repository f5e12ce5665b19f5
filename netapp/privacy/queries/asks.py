"""What people asked of the network about their data."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from netapp.kernel.db import DbSession
from netapp.privacy.models import Ask


def asks_of(session: DbSession, person_id: int) -> Sequence[Ask]:
    """The newest first."""
    mine = select(Ask).where(Ask.person_id == person_id).order_by(Ask.asked_at.desc(), Ask.id)
    return session.scalars(mine).all()


def open_asks(session: DbSession) -> Sequence[Ask]:
    """Those without an answer, the most pressing first, with who asks."""
    return session.scalars(
        select(Ask)
        .where(Ask.answered_at.is_(None))
        .options(joinedload(Ask.person))
        .order_by(Ask.due_at, Ask.id)
    ).all()


def answered_asks(session: DbSession, *, most: int = 50) -> Sequence[Ask]:
    return session.scalars(
        select(Ask)
        .where(Ask.answered_at.is_not(None))
        .options(joinedload(Ask.person))
        .order_by(Ask.answered_at.desc(), Ask.id.desc())
        .limit(most)
    ).all()


def find_ask(session: DbSession, key: str) -> Ask | None:
    """With who asks."""
    return session.scalar(select(Ask).where(Ask.key == key).options(joinedload(Ask.person)))


def next_due(session: DbSession) -> tuple[int, datetime | None]:
    """How many wait for an answer, and until when the first must have it."""
    row = session.execute(
        select(func.count(), func.min(Ask.due_at)).where(Ask.answered_at.is_(None))
    ).one()
    return int(row[0]), row[1]
