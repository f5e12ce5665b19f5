"""A waiting line as the guide tells its rule, without a database.

Windows put members first; a party has all its places or waits for all; while it does not fit,
smaller ones may go before it, so often and no more.
"""

from dataclasses import dataclass, field
from datetime import datetime

from netapp.events.models import PlaceState

LIMIT = 2


@dataclass
class Entry:
    """What a booking has or waits for."""

    booking_id: int
    number: int
    is_member: bool
    came: datetime
    state: PlaceState = PlaceState.WAITING
    passed: int = 0


@dataclass
class Model:
    """One list of places. ``bookings`` in the order in which they came."""

    capacity: int
    windows: bool = False
    bookings: list[Entry] = field(default_factory=list)

    @property
    def line(self) -> list[Entry]:
        waiting = [each for each in self.bookings if each.state is PlaceState.WAITING]
        return sorted(waiting, key=lambda each: (self.rank(each), each.came))

    @property
    def free(self) -> int:
        held = (PlaceState.OFFERED, PlaceState.CONFIRMED)
        return self.capacity - sum(e.number for e in self.bookings if e.state in held)

    def rank(self, entry: Entry) -> int:
        return 1 if self.windows and not entry.is_member else 0

    def join(self, entry: Entry) -> None:
        """A newcomer goes first where all who are before them are parties that do not fit and may
        still be passed."""
        before = [each for each in self.line if self.rank(each) <= self.rank(entry)]
        may = all(e.number > self.free and e.passed < LIMIT for e in before)
        if may and entry.number <= self.free:
            entry.state = PlaceState.CONFIRMED
            for each in before:
                each.passed += 1
        self.bookings.append(entry)

    def offer(self) -> None:
        while found := self._next():
            for each in self.line[: self.line.index(found)]:
                each.passed += 1
            found.state = PlaceState.OFFERED

    def _next(self) -> Entry | None:
        for each in self.line:
            if each.number <= self.free:
                return each
            if each.passed >= LIMIT:
                return None
        return None
