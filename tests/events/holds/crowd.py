"""Somebody does something to an event, chosen by chance.

The deeds themselves stand by their nouns in ``deeds``. One walk of a ``Crowd`` is always the same
for the same seed and the same state of the database.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from netapp.events.models import (
    BookedAs,
    Booking,
    Event,
    EventSession,
    Mode,
    Place,
    PlaceState,
)
from netapp.events.operations.booking import Party, Wish
from netapp.events.policies import is_coming, is_live
from tests.events.holds.scene import Desk
from tests.factories import NOW

REASON = "By chance."


@dataclass(frozen=True, slots=True)
class Deed:
    """One act with all that it needs: done again it is the same act."""

    name: str
    do: Callable[[Session], Any]
    own: bool = False  # By whoever booked: the organiser hears of what they change.
    by_hand: bool = False  # By a coordinator, who may give a place to whom they like.
    asks: str = ""  # An address that is answered by email, whatever changes.
    keys: tuple[str, ...] = ()  # The dates it asked for; none: all of them.


@dataclass
class Crowd:
    """What is known to everybody who acts: ``choose`` says what is done next."""

    event_id: int
    people: Sequence[int]
    desk: Desk
    chance: Random
    makers: Sequence["Maker"]
    now: datetime = NOW
    done: list[str] = field(default_factory=list)

    def choose(self, session: Session) -> Deed:
        """Something that somebody can try; it may be refused."""
        while True:
            deed = self.chance.choice(self.makers)(self, session)
            if deed is not None:
                self.done.append(deed.name)
                return deed

    def person(self) -> int:
        return self.chance.choice(self.people)

    def wish(self, session: Session, name: str) -> Wish:
        number = self.chance.choice([1, 1, 1, 2, 3, 5])
        party = Party(number, comes_along=self.chance.random() < 0.7) if number > 1 else None
        keys = None if self.event(session).booked_as is BookedAs.WHOLE else self.keys(session)
        return Wish(keys, name, mode=self.mode(), party=party)

    def mode(self) -> Mode:
        return self.chance.choice(list(Mode))

    def event(self, session: Session) -> Event:
        """With dates, pools and segments, as the database has it now."""
        dates = selectinload(Event.sessions)
        return session.scalars(
            select(Event)
            .where(Event.id == self.event_id)
            .options(
                dates.selectinload(EventSession.pools), dates.selectinload(EventSession.segments)
            )
            .execution_options(populate_existing=True)
        ).one()

    def coming(self, session: Session) -> list[EventSession]:
        """The dates to come; where there is none any more, all of them."""
        dates = self.event(session).sessions
        return [date for date in dates if is_coming(date, self.now)] or dates

    def keys(self, session: Session) -> list[str]:
        keys = [date.key for date in self.coming(session)]
        return self.chance.sample(keys, self.chance.randint(1, len(keys)))

    def two_keys(self, session: Session, booking: Booking) -> tuple[str, str]:
        """A date in which a booking has something, and any other."""
        keys = {date.id: date.key for date in self.coming(session)}
        mine = [keys[p.session_id] for p in booking.places if p.session_id in keys and is_live(p)]
        return self.chance.choice(mine or list(keys.values())), self.chance.choice(
            list(keys.values())
        )

    def live(
        self, session: Session, state: PlaceState | None = None, *, swaps: bool = False
    ) -> Booking | None:
        """A booking with places and attendees; with ``state`` one that has a place like that, with
        ``swaps`` also beside another place."""
        found = select(Booking).where(Booking.event_id == self.event_id, Booking.live)
        if state:
            has = exists().where(Place.booking_id == Booking.id, Place.state == state)
            found = found.where(has if swaps else has.where(Place.for_swap.is_(False)))
        ids = session.scalars(found.with_only_columns(Booking.id).order_by(Booking.id)).all()
        return loaded(session, self.chance.choice(ids)) if ids else None


Maker = Callable[[Crowd, Session], Deed | None]
"""Makes a deed of what it finds; None where there is nothing to do it with."""


def loaded(session: Session, booking_id: int) -> Booking:
    return session.scalars(
        select(Booking)
        .where(Booking.id == booking_id)
        .options(selectinload(Booking.places), selectinload(Booking.attendees))
        .execution_options(populate_existing=True)
    ).one()
