"""What was worked out once and still holds: a bounded memory of one process.

A key names a thing and the revision it was made from, so what is found is never out of date.
What also depends on the time carries the moment until which it holds.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakSet

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

FOR_EVER = datetime.max.replace(tzinfo=UTC)

_memories: "WeakSet[Kept[Hashable, object]]" = WeakSet()


@dataclass(frozen=True, slots=True)
class _Item(Generic[V]):
    value: V
    made_at: datetime
    holds_until: datetime


class Kept(Generic[K, V]):
    """The newest ``most`` things; the one that was asked for longest ago goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: OrderedDict[K, _Item[V]] = OrderedDict()
        self._lock = Lock()
        _memories.add(self)  # type: ignore[arg-type]

    def find(self, key: K, now: datetime) -> V | None:
        with self._lock:
            item = self._items.get(key)
            if item is None or not item.made_at <= now < item.holds_until:
                return None
            self._items.move_to_end(key)
            return item.value

    def keep(self, key: K, value: V, *, now: datetime, until: datetime | None = None) -> V:
        """Remember and return the value; without ``until`` it holds as long as its key."""
        with self._lock:
            self._items[key] = _Item(value, now, until or FOR_EVER)
            self._items.move_to_end(key)
            while len(self._items) > self._most:
                self._items.popitem(last=False)
        return value

    def forget(self) -> None:
        with self._lock:
            self._items.clear()


def forget_all() -> None:
    """Begin again from nothing: another database has taken the place of the one we knew."""
    for memory in list(_memories):
        memory.forget()
