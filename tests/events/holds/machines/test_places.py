"""The places of a booking: from which state to which they go, and what stands in their rows."""

from typing import Any, Final

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import Row

from netapp.events.models import BookedAs, EndReason, PlaceState
from tests.events.holds.crowd import Crowd, Maker
from tests.events.holds.deeds import booking, by_hand, dates, parties, worker
from tests.events.holds.machines.running import LONG, QUICK, Machine, run
from tests.events.holds.scene import make_desk, make_hybrid, make_people
from tests.events.holds.state import State, lives, read_state

WAITING, OFFERED, CONFIRMED = PlaceState.WAITING, PlaceState.OFFERED, PlaceState.CONFIRMED
CANCELLED, LAPSED = PlaceState.CANCELLED, PlaceState.LAPSED

WAYS: Final[dict[PlaceState | None, dict[PlaceState, set[EndReason | None]]]] = {
    None: {WAITING: {None}, OFFERED: {None}, CONFIRMED: {None}},
    WAITING: {
        OFFERED: {None},
        CONFIRMED: {None},
        CANCELLED: {
            EndReason.BY_PERSON,
            EndReason.BY_COORDINATOR,
            EndReason.SESSION_CANCELLED,
            EndReason.MOVED,
        },
        LAPSED: {EndReason.SESSION_STARTED, EndReason.MOVED},  # Moved: the place beside it went.
    },
    OFFERED: {
        CONFIRMED: {None},
        CANCELLED: {
            EndReason.BY_PERSON,
            EndReason.BY_COORDINATOR,
            EndReason.SESSION_CANCELLED,
            EndReason.MOVED,
        },
        LAPSED: {EndReason.OFFER_REFUSED, EndReason.OFFER_ENDED, EndReason.MOVED},
    },
    CONFIRMED: {
        CANCELLED: {
            EndReason.BY_PERSON,
            EndReason.BY_COORDINATOR,
            EndReason.SESSION_CANCELLED,
            EndReason.MOVED,
            EndReason.NOT_NAMED,
        },
    },
}
"""From where to where, and for which reasons. What has ended stays as it was."""

DEEDS: Final[tuple[Maker, ...]] = (
    booking.book,
    booking.book,
    booking.book_as_guest,
    booking.cancel,
    booking.change,
    booking.swap,
    booking.wait_for_swap,
    booking.move,
    booking.answer_offer,
    parties.name,
    parties.hand_place_back,
    parties.give_one_up,
    by_hand.give,
    by_hand.move_somebody,
    by_hand.cancel_somebody,
    by_hand.change_places,
    dates.cancel,
    dates.change,
    worker.wait,
    worker.work,
)


class Places(Machine):
    booked_as = BookedAs.BY_SESSION

    def __init__(self) -> None:
        super().__init__()
        self.crowd: Crowd | None = None
        self.was: State | None = None

    @rule(maker=st.sampled_from(DEEDS), chance=st.randoms())
    def act(self, maker: Maker, chance: Any) -> None:
        if self.crowd is None:
            event = make_hybrid(self.session, booked_as=self.booked_as, chance=chance)
            self.event_id, desk = event.id, make_desk(self.session, event)
            self.crowd = Crowd(event.id, make_people(self.session, 5), desk, chance, DEEDS)
        self.crowd.chance = chance
        deed = maker(self.crowd, self.session)
        self.now = self.crowd.now
        if deed is not None:
            self.done(deed)

    @invariant()
    def places_go_their_ways(self) -> None:
        if self.crowd is None:
            return
        self.session.rollback()
        state, was = read_state(self.session, self.event_id), self.was
        self.was = state
        for place in state.places.values():
            old = was.places.get(place.id) if was else None
            if old is not None and not lives(old):
                assert end_of(place) == end_of(old)
            elif old is None or place.state is not old.state:
                ways = WAYS[old.state if old else None]
                assert place.end_reason in ways.get(place.state, set())
            self._is_whole(place, state)
        for each in state.bookings.values():
            before = was.bookings.get(each.id) if was else None
            assert each.live == (each.ended_at is None)
            assert before is None or before.live or not each.live
            if was and before and _shown(state, each.id) != _shown(was, each.id):
                assert each.version > before.version

    def _is_whole(self, place: Row[Any], state: State) -> None:
        """What its state says stands in its row, and nothing else."""
        ended = not lives(place)
        assert (ended, ended) == (place.ended_at is not None, place.end_reason is not None)
        if place.state is CONFIRMED:
            assert place.confirmed_at <= self.now
        if place.state is WAITING:
            assert (place.waiting_since <= self.now, place.offered_at) == (True, None)
        if place.state is OFFERED:
            starts_at = state.dates[place.session_id].starts_at
            assert place.offered_at <= self.now < place.offer_ends_at <= starts_at


class CoursePlaces(Places):
    booked_as = BookedAs.WHOLE


def end_of(place: Row[Any]) -> tuple[object, ...]:
    return place.state, place.end_reason, place.ended_at, place.person_id


def _shown(state: State, booking_id: int) -> list[tuple[object, ...]]:
    """What a page of the booking shows that somebody may act on."""
    return [(p.id, p.state, p.pool_id) for p in state.of_booking(booking_id)]


@pytest.mark.parametrize("machine", [Places, CoursePlaces])
def test_places_go_their_ways(database, app, machine):
    run(machine, database, QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("machine", [Places, CoursePlaces])
def test_places_go_their_ways_for_long(database, app, machine):
    run(machine, database, LONG)
