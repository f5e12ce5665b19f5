"""How many people of the directory somebody may look at: so that nobody can copy it out."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, select

from netapp.directory.errors import TooManyEntries
from netapp.directory.models import Sightings
from netapp.kernel.db import DbSession, insert_for

MOST: Final = 100
WINDOW: Final = timedelta(minutes=10)


def count_entries(
    session: DbSession, *, person_id: int, profile_ids: Sequence[int], now: datetime
) -> None:
    """Count the entries that are about to be shown; one that was seen within ten minutes counts
    once. Raises ``TooManyEntries`` where it would be more than 100 in any ten minutes.

    Where all of them were seen already nothing is written.
    """
    kept = select(Sightings.seen).where(Sightings.person_id == person_id)
    fresh = _fresh(session.scalar(kept) or {}, now)
    if all(str(each) in fresh for each in profile_ids):
        return
    row = insert_for(session, Sightings).values(person_id=person_id, seen={}, ends_at=now + WINDOW)
    hold = row.on_conflict_do_update(
        index_elements=[Sightings.person_id], set_={"ends_at": now + WINDOW}
    ).returning(Sightings)
    held = session.scalar(hold, execution_options={"populate_existing": True})
    assert held is not None  # It was put there, or held.
    fresh = _fresh(held.seen, now)
    second = int(now.timestamp())
    fresh |= {str(each): second for each in profile_ids if str(each) not in fresh}
    if len(fresh) > MOST:
        raise TooManyEntries(datetime.fromtimestamp(min(fresh.values()), UTC) + WINDOW)
    held.seen = fresh
    session.flush()


def purge(session: DbSession, now: datetime) -> int:
    """Delete what no longer counts. For the worker."""
    gone = session.execute(delete(Sightings).where(Sightings.ends_at < now))
    return int(getattr(gone, "rowcount", 0))


def _fresh(seen: dict[str, int], now: datetime) -> dict[str, int]:
    begins = int((now - WINDOW).timestamp())
    return {key: second for key, second in seen.items() if second > begins}
