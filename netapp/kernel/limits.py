"""How often something may be tried: counted in the database, so all processes share the count."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import String, case, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from netapp.kernel.db import Base, DbSession, insert_for
from netapp.kernel.tokens import hash_token


class Tally(Base):
    __tablename__ = "tallies"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` within ``window``, for each subject (an account, an address, a token)."""

    name: str
    most: int
    window: timedelta
    until_quiet: bool = False
    """Count on until a whole window has passed without a try: then no window, wherever it begins,
    holds more than ``most``. Without it a window simply ends and the next begins with the next try,
    which is kinder to many people behind one address."""

    def key(self, subject: str) -> str:
        return hash_token(f"{self.name}:{subject}")


def count_and_check(session: DbSession, limit: Limit, subject: str, now: datetime) -> bool:
    """Count one more try; True while it is within the limit.

    One atomic statement. Commit it by itself: a try counts even if what followed was undone.
    """
    ends_at = now + limit.window
    row = insert_for(session, Tally).values(key=limit.key(subject), count=1, ends_at=ends_at)
    over = Tally.ends_at <= now
    starts_again = over | (Tally.count < limit.most) if limit.until_quiet else over
    tries = session.scalar(
        row.on_conflict_do_update(
            index_elements=[Tally.key],
            set_={
                "count": case((over, 1), else_=Tally.count + 1),
                "ends_at": case((starts_again, ends_at), else_=Tally.ends_at),
            },
        ).returning(Tally.count)
    )
    return bool(tries <= limit.most)


def is_within(session: DbSession, limit: Limit, subject: str, now: datetime) -> bool:
    """Whether one more try would be allowed, without counting it."""
    used = session.scalar(
        select(Tally.count).where(Tally.key == limit.key(subject), Tally.ends_at > now)
    )
    return (used or 0) < limit.most


def give_back(session: DbSession, limit: Limit, subject: str) -> None:
    """Take one counted try back, as after a right password: only wrong ones are to count."""
    session.execute(
        update(Tally)
        .where(Tally.key == limit.key(subject), Tally.count > 0)
        .values(count=Tally.count - 1)
    )


def forget(session: DbSession, limit: Limit, subject: str) -> None:
    """Start again from nought, as after a right password."""
    session.execute(delete(Tally).where(Tally.key == limit.key(subject)))


def purge(session: DbSession, now: datetime) -> int:
    """Delete the tallies that have ended. For the worker."""
    gone = session.execute(delete(Tally).where(Tally.ends_at < now.astimezone(UTC)))
    return int(getattr(gone, "rowcount", 0))
