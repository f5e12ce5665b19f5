"""How many places are confirmed, on offer, kept back and free: what every page of the desk says,
in the same words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from sqlalchemy import func, select

from netapp.events.models import EventSession, Mode, Place, PlaceState, Pool
from netapp.events.queries.dates import MODE_WORDS
from netapp.kernel.db import DbSession
from netapp.kernel.words import count_words

NEARLY_FULL: Final = 0.8

Queues: TypeAlias = Mapping[int, Mapping[PlaceState, int]]
"""How many places are waited for and on offer, by the id of the pool."""


@dataclass(frozen=True, slots=True)
class Places:
    """Of one pool, or of all of a date. Where there is a limit,
    ``confirmed + on_offer + kept_back + free == room``."""

    confirmed: int
    on_offer: int
    kept_back: int  # Of those that nobody has yet, not for the public.
    free: int | None  # Anybody may take them; None without limit.
    room: int | None  # With those over-booked.
    over_booked: int
    waiting: int

    @property
    def held(self) -> int:
        """Confirmed or on offer: nobody else can have them."""
        return self.confirmed + self.on_offer

    @property
    def is_full(self) -> bool:
        return self.free == 0

    @property
    def is_nearly_full(self) -> bool:
        """Full, too."""
        if not self.room or self.free is None:
            return False
        return self.room - self.free >= NEARLY_FULL * self.room

    @property
    def words(self) -> str:
        """24 of 27 places confirmed, 2 on offer, 1 kept back, none free, 3 waiting."""
        waits = f", {self.waiting} waiting" if self.waiting else ""
        return f"{self.held_words}, {self.free_words}{waits}"

    @property
    def held_words(self) -> str:
        """24 of 27 places confirmed, 2 on offer, 1 kept back."""
        parts = [f"{_of(self.confirmed, self.room)} confirmed"]
        if self.on_offer:
            parts.append(f"{self.on_offer} on offer")
        if self.kept_back:
            parts.append(f"{self.kept_back} kept back")
        return ", ".join(parts)

    @property
    def free_words(self) -> str:
        """3 free; with a limit that was stated higher than the places: none free (26, and 1
        over-booked)."""
        if self.free is None or self.room is None:
            return "no limit"
        over = f" ({self.room - self.over_booked} and {self.over_booked} over-booked)"
        return f"{self.free or 'none'} free{over if self.over_booked else ''}"

    @property
    def room_words(self) -> str:
        """What is left, for whoever gives a place by hand: 3 free, 1 kept back."""
        kept = f", {self.kept_back} kept back" if self.kept_back else ""
        return "no limit" if self.free is None else f"{self.free or 'none'} free{kept}"


@dataclass(frozen=True, slots=True)
class ModePlaces:
    """Of one way to take part in a date; ``mode_words`` only where there is a choice."""

    mode: Mode
    mode_words: str
    places: Places

    @property
    def words(self) -> str:
        """In person: 24 of 24 places confirmed, none free."""
        return f"{self.mode_words}: {self.places.words}" if self.mode_words else self.places.words


def read_queues(session: DbSession, event_ids: Sequence[int] | None = None) -> Queues:
    """Of these events, or of all. One query."""
    rows = select(Place.pool_id, Place.state, func.count()).where(
        Place.state.in_([PlaceState.WAITING, PlaceState.OFFERED])
    )
    if event_ids is not None:
        of_events = select(EventSession.id).where(EventSession.event_id.in_(event_ids))
        rows = rows.where(Place.session_id.in_(of_events))
    found: dict[int, dict[PlaceState, int]] = {}
    for pool_id, state, number in session.execute(rows.group_by(Place.pool_id, Place.state)):
        found.setdefault(pool_id, {})[state] = int(number)
    return found


def places_of(pools: Iterable[Pool], queues: Queues) -> Places:
    """Of one pool, or of several together: without limit where one of them is."""
    found = [_places(pool, queues) for pool in pools]
    limited = all(each.room is not None for each in found)
    return Places(
        confirmed=sum(each.confirmed for each in found),
        on_offer=sum(each.on_offer for each in found),
        kept_back=sum(each.kept_back for each in found),
        free=sum(each.free or 0 for each in found) if limited else None,
        room=sum(each.room or 0 for each in found) if limited else None,
        over_booked=sum(each.over_booked for each in found),
        waiting=sum(each.waiting for each in found),
    )


def by_mode(date: EventSession, queues: Queues) -> tuple[ModePlaces, ...]:
    """A line for each way to take part. ``pools`` must be loaded."""
    choice = len(date.pools) > 1
    return tuple(
        ModePlaces(pool.mode, MODE_WORDS[pool.mode] if choice else "", places_of([pool], queues))
        for pool in date.pools
    )


def _places(pool: Pool, queues: Queues) -> Places:
    queue = queues.get(pool.id, {})
    on_offer = queue.get(PlaceState.OFFERED, 0)
    room = None if pool.capacity is None else pool.capacity + pool.over_booking
    return Places(
        confirmed=max(0, pool.taken - on_offer),
        on_offer=on_offer,
        kept_back=0 if room is None else min(pool.kept_back, room - pool.taken),
        free=pool.free,
        room=room,
        over_booked=0 if room is None else pool.over_booking,
        waiting=queue.get(PlaceState.WAITING, 0),
    )


def _of(number: int, room: int | None) -> str:
    of = f"{number} of " if room is not None else ""
    return f"{of}{count_words(number if room is None else room, 'place')}"
