"""Who is before whom on a waiting list."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from sqlalchemy import bindparam, func, select, tuple_
from sqlalchemy.orm import aliased

from netapp.events.models import Place, PlaceState
from netapp.kernel.db import DbSession, portions
from netapp.kernel.words import count_words

FEW: Final = 20
"""Up to so many places each is counted by itself."""


def why_waits(number: int, free: int, passed: int, limit: int, *, you: bool = False) -> str:
    """Why a party of so many waits: Needs 5 places, 2 are free. Smaller parties went before it 1 of
    3 times. Empty if it fits. ``you``: said to the booker."""
    if number < 2 or number <= free:
        return ""
    need, it = ("You need", "you") if you else ("Needs", "it")
    there = "none is" if free == 0 else count_words(free, "is", "are")
    times = f"{passed} of {count_words(limit, 'time')}"
    words = f"{need} {number} places, {there} free. Smaller parties went before {it} {times}"
    if passed < limit:
        return f"{words}."
    return f"{words}, so free places are kept until {'there are enough' if you else 'it fits'}."


def next_that_fits(entries: Sequence[tuple[int, int]], free: int, limit: int) -> int | None:
    """Which of those who wait would be offered so many free places, as ``operations.line`` does it:
    (places, how often passed) in their order; None if nobody may go first."""
    for number, (places, passed) in enumerate(entries):
        if places <= free:
            return number
        if passed >= limit:
            return None
    return None


def next_number(session: DbSession, pool_id: int, window_rank: int) -> int:
    """The position that somebody of this rank would have who came now. A party counts once."""
    return 1 + (session.scalar(_BEFORE, {"pool_id": pool_id, "rank": window_rank}) or 0)


_BEFORE = select(func.count(Place.booking_id.distinct())).where(
    Place.pool_id == bindparam("pool_id"),
    Place.state == PlaceState.WAITING,
    Place.window_rank <= bindparam("rank"),
)


def positions(session: DbSession, place_ids: Sequence[int]) -> dict[int, int]:
    """The position, from 1, of those of these places that wait. Those who might book
    first are first; among them the order is the one in which they came: (window_rank,
    waiting_since, id). A party counts once."""
    if not place_ids:
        return {}
    if len(place_ids) > FEW:
        return _positions_of_many(session, place_ids)
    rows = session.execute(_POSITIONS, {"ids": list(place_ids)})
    return {place_id: int(number) for place_id, number in rows}


def _positions_of_many(session: DbSession, place_ids: Sequence[int]) -> dict[int, int]:
    """The same by going through the lists once."""
    before: dict[int, set[int]] = defaultdict(set)
    found: dict[int, int] = {}
    for some in portions(place_ids):
        wanted, mine = set(some), aliased(Place)
        rows = session.execute(
            select(Place.id, Place.pool_id, Place.booking_id)
            .where(
                Place.pool_id.in_(select(mine.pool_id).where(mine.id.in_(some))),
                Place.state == PlaceState.WAITING,
            )
            .order_by(Place.window_rank, Place.waiting_since, Place.id)
        )
        before.clear()
        for place_id, pool_id, booking_id in rows:
            before[pool_id].add(booking_id)
            if place_id in wanted:
                found[place_id] = len(before[pool_id])
    return found


_mine, _other = aliased(Place), aliased(Place)
_number = (
    select(func.count(_other.booking_id.distinct()))
    .where(
        _other.pool_id == _mine.pool_id,
        _other.state == PlaceState.WAITING,
        tuple_(_other.window_rank, _other.waiting_since, _other.id)
        <= tuple_(_mine.window_rank, _mine.waiting_since, _mine.id),
    )
    .correlate(_mine)
    .scalar_subquery()
)
_POSITIONS = select(_mine.id, _number).where(
    _mine.id.in_(bindparam("ids", expanding=True)), _mine.state == PlaceState.WAITING
)
"""Made once: it is asked with every booking."""
