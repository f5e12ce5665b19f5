"""Take places and give them back: each is one conditional UPDATE of a pool.

Under the lock of ``guard.lock_event``; the CHECK of the table holds even without it.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import Integer, bindparam, or_, update

from netapp.events.models import Pool
from netapp.events.operations.guard import FRESH, UNSYNCED
from netapp.kernel.db import DbSession

_take = (
    update(Pool)
    .where(
        Pool.id == bindparam("pool_id"),
        or_(
            Pool.capacity.is_(None),
            Pool.taken + bindparam("number", type_=Integer())
            <= Pool.capacity + Pool.over_booking - Pool.kept_back,
        ),
    )
    .values(taken=Pool.taken + bindparam("number", type_=Integer()))
    .returning(Pool)
    .execution_options(**FRESH, **UNSYNCED)
)


def take(session: DbSession, pool_id: int, number: int = 1) -> bool:
    """Take places that anybody may have, all of them or none; False if too few are free."""
    return session.scalar(_take, {"pool_id": pool_id, "number": number}) is not None


def take_kept(session: DbSession, pool_id: int, number: int = 1) -> bool:
    """Take some of the places kept back, of which there are then fewer; False with too few."""
    taken = session.scalar(
        update(Pool)
        .where(
            Pool.id == pool_id,
            Pool.kept_back >= number,
            Pool.taken + number <= Pool.capacity + Pool.over_booking,
        )
        .values(
            taken=Pool.taken + number,
            kept_back=Pool.kept_back - number,
            kept_given=Pool.kept_given + number,
        )
        .returning(Pool),
        execution_options=FRESH,
    )
    return taken is not None


def take_all(
    session: DbSession,
    pool_ids: Sequence[int],
    number: int = 1,
    *,
    by_hand: bool = False,
    kept_first: bool = False,
) -> bool:
    """So many places in every pool or none, in the order of their ids.

    ``by_hand``: where too few are free for everybody, those kept back; ``kept_first`` the other
    way round.
    """
    ways: list[Callable[[DbSession, int, int], bool]] = [take, take_kept] if by_hand else [take]
    if kept_first:
        ways.reverse()
    held: list[tuple[int, bool]] = []
    for pool_id in sorted(pool_ids):
        way = next((way for way in ways if way(session, pool_id, number)), None)
        if way is None:
            for each, was_kept in held:
                release(session, each, number, keep_back=was_kept)
            return False
        held.append((pool_id, way is take_kept))
    return True


def release(session: DbSession, pool_id: int, number: int = 1, *, keep_back: bool = False) -> None:
    """Give places back, for everybody; with ``keep_back`` to those kept back."""
    values = {Pool.taken: Pool.taken - number}
    if keep_back:
        values[Pool.kept_back] = Pool.kept_back + number
        values[Pool.kept_given] = Pool.kept_given - number
    session.scalar(
        update(Pool).where(Pool.id == pool_id).values(values).returning(Pool),
        execution_options=FRESH,
    )


def free_together(session: DbSession, pool_ids: Sequence[int]) -> int | None:
    """How many may be taken in each of these pools at once; None without limit. What was read
    under the lock and written since is known: no query."""
    pools = [session.get_one(Pool, pool_id) for pool_id in pool_ids]
    free = [pool.free for pool in pools if pool.free is not None]
    return min(free) if free else None
