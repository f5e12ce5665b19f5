"""Somebody was quicker: nobody is put on a waiting list without knowing."""

from collections.abc import Collection, Sequence

from netapp.events.models import EventSession, Pool
from netapp.events.queries.waiting_list import next_number
from netapp.kernel.db import DbSession


def unknown_waiting(
    session: DbSession,
    dates: Sequence[EventSession],
    pools: Sequence[Pool],
    *,
    accepts_waiting: Collection[str] | None,
    rank: int,
) -> dict[str, int]:
    """For ``PlacesGone``: dates without a place of which their page did not say so, by key, with
    the number on the list that they would have. Under the lock, before they are put on it.

    ``dates`` are had together, each with the pool of the way to take part. ``accepts_waiting``:
    see ``booking.Wish``. ``rank``: theirs on the waiting list.
    """
    if accepts_waiting is None:
        return {}
    told = {date.key for date in dates}
    told |= {f"{date.key}:{pool.mode.value}" for date, pool in zip(dates, pools, strict=True)}
    if not told.isdisjoint(accepts_waiting):
        return {}
    number = max(next_number(session, pool.id, rank) for pool in pools)
    return {date.key: number for date in dates}
