"""At the same moment, each with a connection of their own: one row, one mail."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from netapp.events.models import EventKind, EventMode
from netapp.events.operations import ideas, interest, minimum, telling
from netapp.events.operations.booking import book
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError
from netapp.people.models import Person
from tests.events.interest.topics import (
    LATER,
    actor_of,
    closed_event,
    give,
    interests,
    make_idea,
    topic,
)
from tests.events.scenes import mails, wish
from tests.factories import NOW, make_coordinator, make_event, make_person

Task = Callable[[Session], object]


@pytest.fixture
def at_once(new_session) -> Callable[[list[Task]], list[object]]:
    """Started together, each in a thread with its own session; what they return, or refuse."""

    def run(tasks: list[Task]) -> list[object]:
        barrier = Barrier(len(tasks))

        def one(task: Task) -> object:
            with new_session() as own:
                barrier.wait()
                try:
                    with unit_of_work(own):
                        return task(own)
                except DomainError as refusal:
                    return type(refusal).__name__

        with ThreadPoolExecutor(len(tasks)) as pool:
            return list(pool.map(one, tasks))

    return run


def test_several_workers_tell_each_once(session, at_once):
    event = closed_event(session)
    for _ in range(10):
        give(session, event, make_person(session))
    at_once([lambda own: telling.tell_interested(own, LATER)] * 4)
    session.rollback()
    assert mails(session) == ["events/booking_open"] * 10


def test_whoever_books_while_they_are_told_is_never_told_afterwards(session, at_once):
    event = closed_event(session)
    person = make_person(session)
    give(session, event, person)
    asked = wish(event, 0)

    def books(own: Session) -> object:
        me = own.get_one(Person, person.id)
        return book(own, event_id=event.id, person=me, wish=asked, now=LATER).id

    at_once([books, lambda own: telling.tell_interested(own, LATER)])
    session.rollback()
    found = mails(session, to=person)
    assert found in (
        ["events/booking_confirmed"],
        ["events/booking_open", "events/booking_confirmed"],
    )
    assert interests(session)[0].booked_at == LATER


@pytest.mark.parametrize("kind", ["event", "idea"])
def test_one_person_in_two_windows_is_interested_once(session, at_once, kind):
    thing = closed_event(session) if kind == "event" else make_idea(session)
    about, person = topic(session, thing), make_person(session)

    def gives(own: Session) -> object:
        me = own.get_one(Person, person.id)
        return interest.give_interest(own, topic=about, person=me, now=NOW).id

    results = at_once([gives] * 4)
    assert len(set(results)) == 1
    assert len(interests(session)) == 1


def test_what_is_said_while_an_idea_becomes_an_event_follows_it(session, at_once):
    idea = make_idea(session)
    about = topic(session, idea)
    people = [make_person(session).id for _ in range(4)]
    boss = actor_of(make_coordinator(session))

    def gives(person_id: int) -> Task:
        def run(own: Session) -> object:
            me = own.get_one(Person, person_id)
            return interest.give_interest(own, topic=about, person=me, now=NOW).id

        return run

    def becomes(own: Session) -> object:
        return ideas.make_event(
            own, idea_id=idea.id, kind=EventKind.TRAINING, mode=EventMode.ONLINE, seen_version=1,
            actor=boss, now=NOW,
        ).id  # fmt: skip

    event_id = at_once([becomes, *(gives(each) for each in people)])[0]
    session.rollback()
    assert [each.event_id for each in interests(session)] == [event_id] * 4


def test_two_coordinators_decide_once(session, at_once):
    boss = actor_of(make_coordinator(session))
    event = make_event(session)
    person = make_person(session)
    book(session, event_id=event.id, person=person, wish=wish(event, 0), now=NOW)
    session.commit()
    minimum.set_minimum(
        session, event_id=event.id, runs_from=8, decide_on=None, seen_version=1, actor=boss, now=NOW
    )
    session.commit()

    def decides(own: Session) -> object:
        return minimum.decide_runs(own, event_id=event.id, seen_version=2, actor=boss, now=NOW).told

    assert sorted(map(str, at_once([decides] * 3))) == ["1", "StaleEdit", "StaleEdit"]
    session.rollback()
    told = ["events/booking_confirmed", "events/minimum_changed", "events/runs"]
    assert mails(session, to=person) == told
