"""A waiting line beside a model of it: windows, parties, passes and offers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from netapp.events.models import (
    LIVE_STATES,
    Booking,
    Event,
    EventMode,
    EventSession,
    Place,
    PlaceState,
    Pool,
    WindowFor,
)
from netapp.events.operations import booking as operations
from netapp.events.operations.booking import Party, Wish
from netapp.events.operations.changing import cancel_booking
from netapp.events.operations.dates import set_places
from netapp.events.operations.guard import lock_event
from netapp.events.operations.naming import give_up_place
from netapp.events.operations.waiting import refuse_offer, settle, take_offer
from netapp.events.operations.windows import save_windows
from netapp.events.plans import PlacesPlan, WindowPlan
from netapp.events.queries.manage_waiting import waiting_dates
from netapp.people.models import Person
from tests.events.holds.crowd import Deed, loaded
from tests.events.holds.machines.line_model import LIMIT, Entry, Model
from tests.events.holds.machines.running import LONG, QUICK, Machine, run
from tests.events.holds.scene import make_desk
from tests.factories import NOW, make_event, make_member, make_person


class Line(Machine):
    def __init__(self) -> None:
        super().__init__()
        event = make_event(
            self.session,
            mode=EventMode.ONLINE,
            capacity=3,
            pass_limit=LIMIT,
            starts_at=NOW + timedelta(days=900),
            booking_opens_at=NOW - timedelta(days=1),
        )
        self.event_id = event.id
        self.desk = make_desk(self.session, event).actor
        self.model = Model(capacity=3)

    @rule(number=st.sampled_from([1, 1, 1, 2, 3, 4]), is_member=st.booleans())
    def book(self, number: int, is_member: bool) -> None:
        make = make_member if is_member else make_person
        person_id = make(self.session).id
        self._later()
        wish = Wish(None, "A Person", party=Party(number) if number > 1 else None)
        made: list[Booking] = []

        def do(own: Session) -> None:
            person = own.get_one(Person, person_id)
            chosen = Wish(self._keys(own), wish.name, party=wish.party)
            made.append(
                operations.book(
                    own, event_id=self.event_id, person=person, wish=chosen, now=self.now
                )
            )

        assert self.done(Deed("book", do))
        self.model.join(Entry(made[0].id, number, is_member, self.now))

    @precondition(lambda self: self._any(*LIVE_STATES))
    @rule(which=st.integers(0, 99))
    def leave(self, which: int) -> None:
        entry = self._pick(which, *LIVE_STATES)
        booking_id = entry.booking_id
        assert self.done(
            Deed(
                "leave", lambda s: cancel_booking(s, booking_id=booking_id, now=self.now), own=True
            )
        )
        entry.state = PlaceState.CANCELLED
        self.model.offer()

    @precondition(lambda self: any(e.number > 1 for e in self._live(*LIVE_STATES)))
    @rule(which=st.integers(0, 99))
    def come_with_one_less(self, which: int) -> None:
        parties = [each for each in self._live(*LIVE_STATES) if each.number > 1]
        entry = parties[which % len(parties)]
        booking_id = entry.booking_id
        booking = loaded(self.session, booking_id)
        live = [place for place in booking.places if place.state in LIVE_STATES]
        keys = {attendee.id: attendee.key for attendee in booking.attendees}
        key = keys[live[-1].attendee_id]

        def do(own: Session) -> Any:
            return give_up_place(own, booking_id=booking_id, attendee_key=key, now=self.now)

        assert self.done(Deed("give up a place", do, own=True))
        entry.number -= 1
        self.model.offer()

    @precondition(lambda self: self._any(PlaceState.OFFERED))
    @rule(which=st.integers(0, 99))
    def take(self, which: int) -> None:
        entry = self._answer(which, take_offer)
        entry.state = PlaceState.CONFIRMED

    @precondition(lambda self: self._any(PlaceState.OFFERED))
    @rule(which=st.integers(0, 99))
    def refuse(self, which: int) -> None:
        entry = self._answer(which, refuse_offer)
        entry.state = PlaceState.LAPSED
        self.model.offer()

    @rule()
    def wait(self) -> None:
        """So long that every offer has ended."""
        self.now += timedelta(days=4)
        assert self.done(Deed("wait", lambda s: settle(s, lock_event(s, self.event_id), self.now)))
        for entry in self._live(PlaceState.OFFERED):
            entry.state = PlaceState.LAPSED
        self.model.offer()

    @rule(more=st.integers(0, 4))
    def set_places(self, more: int) -> None:
        """So many as are taken, and more."""
        capacity = self.model.capacity - self.model.free + more
        event = self._event(self.session)
        places, version = {event.sessions[0].key: PlacesPlan(capacity)}, event.version

        def do(own: Session) -> Any:
            return set_places(
                own,
                event_id=self.event_id,
                places=places,
                seen_version=version,
                actor=self.desk,
                now=self.now,
            )

        assert self.done(Deed("set places", do))
        self.model.capacity = capacity
        self.model.offer()

    @rule()
    def change_windows(self) -> None:
        event = self._event(self.session)
        early = [WindowPlan(WindowFor.MEMBERS, NOW - timedelta(days=3))]
        windows, version = [] if self.model.windows else early, event.version

        def do(own: Session) -> Any:
            return save_windows(
                own,
                event_id=self.event_id,
                windows=windows,
                seen_version=version,
                actor=self.desk,
                now=self.now,
            )

        assert self.done(Deed("change the windows", do))
        self.model.windows = not self.model.windows
        self.model.offer()

    @invariant()
    def is_as_the_model_has_it(self) -> None:
        self.session.rollback()
        self.session.expire_all()
        rows = self.session.execute(
            select(Place.booking_id, Place.state, Place.passed)
            .join(Pool, Pool.id == Place.pool_id)
            .where(Place.state.in_(LIVE_STATES))
        ).all()
        live = self._live(*LIVE_STATES)
        assert {
            entry.booking_id: [(entry.state, entry.passed)] * entry.number for entry in live
        } == {
            entry.booking_id: [
                (r.state, r.passed) for r in rows if r.booking_id == entry.booking_id
            ]
            for entry in live
        }
        assert len(rows) == sum(entry.number for entry in live)

    @invariant()
    def is_shown_in_its_order(self) -> None:
        shown = waiting_dates(self.session, self._event(self.session), self.now)[0].lines
        references = dict(self.session.execute(select(Booking.reference, Booking.id)).all())
        waiting = [references[line.reference] for line in shown if line.position]
        assert waiting == [entry.booking_id for entry in self.model.line]

    def _answer(self, which: int, answer: Callable[..., object]) -> Entry:
        entry = self._pick(which, PlaceState.OFFERED)
        booking_id = entry.booking_id
        assert self.done(
            Deed("answer", lambda s: answer(s, booking_id=booking_id, now=self.now), own=True)
        )
        return entry

    def _later(self) -> None:
        self.now += timedelta(seconds=1)

    def _live(self, *states: PlaceState) -> list[Entry]:
        return [each for each in self.model.bookings if each.state in states]

    def _any(self, *states: PlaceState) -> bool:
        return bool(self._live(*states))

    def _pick(self, which: int, *states: PlaceState) -> Entry:
        found = self._live(*states)
        return found[which % len(found)]

    def _keys(self, session: Session) -> list[str]:
        return [date.key for date in self._event(session).sessions]

    def _event(self, session: Session) -> Event:
        return session.scalars(
            select(Event)
            .where(Event.id == self.event_id)
            .options(selectinload(Event.sessions).selectinload(EventSession.pools))
            .execution_options(populate_existing=True)
        ).one()


def test_a_line_is_as_its_rule_says(database, app):
    run(Line, database, QUICK)


@pytest.mark.slow
def test_a_line_is_as_its_rule_says_for_long(database, app):
    run(Line, database, LONG)
