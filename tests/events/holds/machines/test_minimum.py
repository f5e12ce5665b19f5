"""Whether an event runs: the number, the day, the question and the answer, and who is told."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from netapp.events.models import Event, EventMode
from netapp.events.operations import booking as operations
from netapp.events.operations import minimum
from netapp.events.operations.booking import Wish
from netapp.events.operations.cancelling import cancel_event
from netapp.events.operations.changing import cancel_booking
from netapp.events.queries.calendar_dates import dates_of_event
from netapp.events.queries.pages import find_page
from netapp.people.models import Person
from tests.events.holds.crowd import Deed
from tests.events.holds.machines.running import LONG, QUICK, Machine, run
from tests.events.holds.scene import make_desk
from tests.events.holds.watching import all_mails
from tests.factories import NOW, make_event, make_person

STARTS = NOW + timedelta(days=20)
ABOUT_IT = ("events/runs", "events/undecided", "events/minimum_changed")


class Minimum(Machine):
    """Beside what is kept of it in a few words: ``told`` has the mails of each person."""

    def __init__(self) -> None:
        super().__init__()
        event = make_event(self.session, mode=EventMode.ONLINE, capacity=None, starts_at=STARTS)
        self.event_id = event.id
        self.slug, self.key = event.slug, event.sessions[0].key
        self.desk = make_desk(self.session, event).actor
        self.runs_from: int | None = None
        self.day: date | None = None
        self.asked = self.runs = self.is_off = False
        self.questions = 0
        self.bookings: dict[str, int] = {}  # Of those who have a place now, by address.
        self.told: dict[str, list[str]] = {}

    @property
    def is_open(self) -> bool:
        """It is still to come whether it runs."""
        return self.runs_from is not None and not self.runs

    @property
    def is_coming(self) -> bool:
        return not self.is_off and self.now < STARTS

    @property
    def words(self) -> tuple[str, ...]:
        if self.runs_from is None:
            return ()
        if self.runs:
            return ("This will run.",)
        people = "1 person" if self.runs_from == 1 else f"{self.runs_from} people"
        first = f"Runs from {people}."
        if self.asked:
            return first, "We are deciding now whether it runs."
        return (first, f"We decide on {_day(self.day)}.") if self.day else (first,)

    @rule(number=st.sampled_from([None, 1, 2, 8]), days=st.sampled_from([None, 0, 1, 3]))
    def set_minimum(self, number: int | None, days: int | None) -> None:
        chosen = None if number is None or days is None else self.now.date() + timedelta(days)
        version, was, was_open = self._event().version, self.words, self.is_open

        def do(own: Session) -> Any:
            return minimum.set_minimum(
                own,
                event_id=self.event_id,
                runs_from=number,
                decide_on=chosen,
                seen_version=version,
                actor=self.desk,
                now=self.now,
            )

        assert self.done(Deed("set a minimum", do))
        if number is None:
            self.runs = False
        self.asked = self.asked and number is not None and chosen == self.day
        self.runs_from, self.day = number, chosen
        if self.words != was and (was_open or self.is_open) and not self.is_off:
            self._tell("events/minimum_changed")

    @precondition(lambda self: self.is_coming)
    @rule()
    def book(self) -> None:
        person = make_person(self.session)
        person_id, email = person.id, person.email

        def do(own: Session) -> None:
            booking = operations.book(
                own,
                event_id=self.event_id,
                person=own.get_one(Person, person_id),
                wish=Wish([self.key], "A Person"),
                now=self.now,
            )
            self.bookings[email] = booking.id

        assert self.done(Deed("book", do))
        self.told[email] = []

    @precondition(lambda self: self.bookings and self.is_coming)
    @rule(which=st.integers(0, 99))
    def cancel(self, which: int) -> None:
        email = sorted(self.bookings)[which % len(self.bookings)]
        booking_id = self.bookings.pop(email)
        deed = Deed(
            "cancel", lambda s: cancel_booking(s, booking_id=booking_id, now=self.now), own=True
        )
        assert self.done(deed)

    @rule()
    def a_day_passes(self) -> None:
        self.now += timedelta(days=1)

    @rule()
    def the_worker_asks(self) -> None:
        due = self.is_open and not self.asked and self.day and self.day <= self.now.date()
        due = due and not self.is_off
        assert self.done(Deed("work", lambda s: minimum.ask_to_decide(s, self.now)))
        if due:
            self.asked = True
            self.questions += self.is_coming

    @rule()
    def decide(self) -> None:
        may = self.is_open and self.is_coming
        assert self._decided(minimum.decide_runs) == may
        if may:
            self.runs = True
            self._tell("events/runs")

    @rule()
    def decide_again(self) -> None:
        may = self.runs and self.is_coming
        assert self._decided(minimum.decide_again) == may
        if may:
            self.runs = False
            self._tell("events/undecided")

    @precondition(lambda self: self.is_coming and len(self.bookings) > 2)
    @rule()
    def call_it_off(self) -> None:
        version = self._event().version

        def do(own: Session) -> Any:
            return cancel_event(
                own,
                event_id=self.event_id,
                reason="Too few could come.",
                seen_version=version,
                actor=self.desk,
                now=self.now,
            )

        assert self.done(Deed("cancel the event", do))
        self.is_off = True
        self.bookings.clear()

    @invariant()
    def is_as_it_was_said(self) -> None:
        self.session.rollback()
        self.session.expire_all()
        event = self._event()
        assert (event.runs_from, event.decide_on) == (self.runs_from, self.day)
        found = event.decision_asked_at is not None, event.runs_at is not None
        assert found == (self.asked, self.runs)

    @invariant()
    def the_page_and_calendars_say_so(self) -> None:
        page = find_page(self.session, self.slug, self.now)
        assert page.minimum == self.words
        items = dates_of_event(self.session, self.event_id, now=self.now).items
        assert [item.tentative for item in items] == [self.is_open]

    @invariant()
    def everybody_has_their_mails(self) -> None:
        mails = all_mails(self.session)
        assert sum(mail.message == "events/decide" for mail in mails) == self.questions
        for email, told in self.told.items():
            mine = [mail.message for mail in mails if mail.to == email]
            assert [message for message in mine if message in ABOUT_IT] == told

    def _decided(self, act) -> bool:
        version = self._event().version

        def do(own: Session) -> Any:
            return act(
                own, event_id=self.event_id, seen_version=version, actor=self.desk, now=self.now
            )

        return self.done(Deed("decide", do))

    def _tell(self, message: str) -> None:
        """Whoever holds a place in what is still to come."""
        for email in self.bookings if self.is_coming else ():
            self.told[email].append(message)

    def _event(self) -> Event:
        fresh = {"populate_existing": True}
        found = select(Event).where(Event.id == self.event_id)
        return self.session.scalars(found, execution_options=fresh).one()


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def test_it_is_decided_as_it_was_said(database, app):
    run(Minimum, database, QUICK)


@pytest.mark.slow
def test_it_is_decided_as_it_was_said_for_long(database, app):
    run(Minimum, database, LONG)
