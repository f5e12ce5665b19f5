"""Everything that people and coordinators do with bookings, chosen by chance.

One walk of a ``Crowd`` is always the same for the same seed and the same state of the database.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from netapp.audit.operations import Actor
from netapp.events.models import (
    BookedAs,
    Booking,
    Event,
    EventMode,
    EventSession,
    Mode,
    Place,
    PlaceState,
)
from netapp.events.operations import booking as operations
from netapp.events.operations.booking import Party, Wish
from netapp.events.operations.by_hand import add_by_hand, give_place, move_by_hand
from netapp.events.operations.changing import cancel_booking, cancel_for_person, change_dates
from netapp.events.operations.dates import set_places
from netapp.events.operations.guard import lock_event
from netapp.events.operations.moving import move_to_date
from netapp.events.operations.naming import Naming, give_up_place, hand_back, name_attendees
from netapp.events.operations.swapping import swap_mode
from netapp.events.operations.waiting import refuse_offer, settle, take_offer
from netapp.events.plans import PlacesPlan, pool_key
from netapp.people.models import Person
from tests.factories import NOW, make_event, make_person

REASON = "By chance."


def make_hybrid(session: Session, *, booked_as: BookedAs, chance: Random) -> Event:
    """Three dates, in person and online, with few places and a waiting list."""
    event = make_event(
        session,
        sessions=3,
        mode=EventMode.HYBRID,
        booked_as=booked_as,
        pass_limit=chance.randint(0, 3),
    )
    for date in event.sessions:
        for pool in date.pools:
            pool.capacity = chance.randint(1, 8)
            pool.kept_back = chance.randint(0, pool.capacity // 3)
    session.commit()
    return event


@dataclass
class Crowd:
    """Somebody does something to an event: ``act`` once, at ``now``, in one transaction."""

    event_id: int
    people: list[int]
    desk: Actor
    chance: Random
    now: datetime = NOW
    time_passes: bool = True
    done: list[str] = field(default_factory=list)

    def act(self, session: Session) -> None:
        """One thing by chance; raises what the operation refuses with."""
        acts: list[Callable[[Session], object]] = [
            *[self.book] * 6,
            self.book_as_guest,
            self.cancel,
            self.cancel_by_hand,
            self.change,
            self.swap,
            self.swap,
            self.move,
            self.move_by_hand,
            self.answer,
            self.answer,
            self.add,
            self.give,
            self.name,
            self.hand_back,
            self.give_up,
            self.set_places,
        ]
        if self.time_passes:
            acts.append(self.wait)
        chosen = self.chance.choice(acts)
        self.done.append(chosen.__name__)
        chosen(session)

    def book(self, session: Session) -> None:
        person = session.get_one(Person, self.chance.choice(self.people))
        operations.book(
            session,
            event_id=self.event_id,
            person=person,
            wish=self._wish(session, person.name),
            now=self.now,
        )

    def book_as_guest(self, session: Session) -> None:
        number = self.chance.randrange(10_000)
        operations.book_as_guest(
            session,
            event_id=self.event_id,
            email=f"guest{number}@example.org",
            wish=self._wish(session, f"Guest {number}"),
            now=self.now,
        )

    def add(self, session: Session) -> None:
        number = self.chance.randrange(10_000)
        add_by_hand(
            session,
            event_id=self.event_id,
            email=f"added{number}@example.org",
            wish=self._wish(session, f"Added {number}"),
            reason=REASON,
            actor=self.desk,
            now=self.now,
        )

    def cancel(self, session: Session) -> None:
        if found := self._live(session):
            cancel_booking(session, booking_id=found.id, now=self.now)

    def cancel_by_hand(self, session: Session) -> None:
        if found := self._live(session):
            cancel_for_person(
                session, booking_id=found.id, reason=REASON, actor=self.desk, now=self.now
            )

    def change(self, session: Session) -> None:
        if found := self._live(session):
            change_dates(
                session,
                booking_id=found.id,
                session_keys=self._keys(session),
                seen_version=None,
                now=self.now,
            )

    def swap(self, session: Session) -> None:
        if found := self._live(session):
            swap_mode(
                session,
                booking_id=found.id,
                session_key=self.chance.choice(self._keys(session)),
                mode=self.chance.choice(list(Mode)),
                now=self.now,
            )

    def move(self, session: Session) -> None:
        if found := self._live(session):
            here, there = self._two_keys(session)
            move_to_date(session, booking_id=found.id, from_key=here, to_key=there, now=self.now)

    def move_by_hand(self, session: Session) -> None:
        if found := self._live(session):
            here, there = self._two_keys(session)
            move_by_hand(
                session,
                booking_id=found.id,
                from_key=here,
                to_key=there,
                reason=REASON,
                actor=self.desk,
                now=self.now,
            )

    def give(self, session: Session) -> None:
        if found := self._live(session, PlaceState.WAITING):
            give_place(
                session,
                booking_id=found.id,
                session_key=self.chance.choice(self._keys(session)),
                reason=REASON,
                actor=self.desk,
                now=self.now,
            )

    def answer(self, session: Session) -> None:
        if found := self._live(session, PlaceState.OFFERED):
            answer = self.chance.choice([take_offer, take_offer, refuse_offer])
            answer(session, booking_id=found.id, now=self.now)

    def name(self, session: Session) -> None:
        if (found := self._live(session)) and (attendee := self._attendee(session, found)):
            number = self.chance.randrange(500)
            email = self.chance.choice(["", f"named{number}@example.org"])
            named = Naming(attendee, f"Named {number}", email)
            name_attendees(session, booking_id=found.id, names=[named], now=self.now)

    def hand_back(self, session: Session) -> None:
        if (found := self._live(session)) and (attendee := self._attendee(session, found)):
            hand_back(session, booking_id=found.id, attendee_key=attendee, now=self.now)

    def give_up(self, session: Session) -> None:
        if (found := self._live(session)) and (attendee := self._attendee(session, found)):
            give_up_place(session, booking_id=found.id, attendee_key=attendee, now=self.now)

    def set_places(self, session: Session) -> None:
        event = self._event(session)
        date = self.chance.choice(event.sessions)
        pool = self.chance.choice(date.pools)
        capacity = self.chance.randint(0, 9)
        kept, over = self.chance.randint(0, capacity // 3), self.chance.randint(0, 2)
        set_places(
            session,
            event_id=event.id,
            places={pool_key(date, pool): PlacesPlan(capacity, kept, over)},
            seen_version=event.version,
            reason=REASON,
            actor=self.desk,
            now=self.now,
        )

    def wait(self, session: Session) -> None:
        """Some hours pass: offers run out. Never until the first date begins."""
        first = min(date.starts_at for date in self._event(session).sessions)
        later = self.now + timedelta(hours=self.chance.randint(1, 30))
        if later < first - timedelta(days=1):
            self.now = later
        settle(session, lock_event(session, self.event_id), self.now)

    def _wish(self, session: Session, name: str) -> Wish:
        number = self.chance.choice([1, 1, 1, 2, 3, 5])
        party = Party(number, comes_along=self.chance.random() < 0.7) if number > 1 else None
        keys = None if self._event(session).booked_as is BookedAs.WHOLE else self._keys(session)
        return Wish(keys, name, mode=self.chance.choice(list(Mode)), party=party)

    def _event(self, session: Session) -> Event:
        return session.scalars(
            select(Event)
            .where(Event.id == self.event_id)
            .options(selectinload(Event.sessions).selectinload(EventSession.pools))
            .execution_options(populate_existing=True)
        ).one()

    def _keys(self, session: Session) -> list[str]:
        keys = [date.key for date in self._event(session).sessions]
        return self.chance.sample(keys, self.chance.randint(1, len(keys)))

    def _two_keys(self, session: Session) -> tuple[str, str]:
        here, there = self.chance.sample([d.key for d in self._event(session).sessions], 2)
        return here, there

    def _live(self, session: Session, state: PlaceState | None = None) -> Booking | None:
        found = select(Booking).where(Booking.event_id == self.event_id, Booking.live)
        if state:
            found = found.where(Booking.places.any(Place.state == state))
        bookings = session.scalars(found.order_by(Booking.id)).all()
        return self.chance.choice(bookings) if bookings else None

    def _attendee(self, session: Session, booking: Booking) -> str | None:
        found = session.scalars(
            select(Booking)
            .where(Booking.id == booking.id)
            .options(selectinload(Booking.attendees))
            .execution_options(populate_existing=True)
        ).one()
        return self.chance.choice([each.key for each in found.attendees])


def make_people(session: Session, number: int) -> list[int]:
    return [make_person(session).id for _ in range(number)]
