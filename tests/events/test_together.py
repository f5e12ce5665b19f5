"""Many at the same moment, each with a connection of their own."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from netapp.events.errors import AlreadyBooked, BookingRefused, EventFull, PlacesGone
from netapp.events.models import BookedAs, Booking, Place
from netapp.events.operations.booking import book, book_as_guest
from netapp.events.operations.changing import cancel_booking
from netapp.events.operations.due import pools_that_differ
from netapp.events.operations.waiting import take_offer
from netapp.kernel.db import unit_of_work
from netapp.mail.models import OutboxMessage
from tests.events import scenes
from tests.events.scenes import states, taken, wish
from tests.factories import NOW, make_event, make_person

CROWD = 24


@pytest.fixture
def all_at_once(new_session) -> Callable[..., list[object]]:
    """Run each task in a thread with its own session, started together; returns or refusals."""

    def run(tasks) -> list[object]:
        barrier = Barrier(len(tasks))

        def one(task) -> object:
            with new_session() as own:
                barrier.wait()
                try:
                    with unit_of_work(own):
                        return task(own)
                except BookingRefused as refusal:
                    return type(refusal)

        with ThreadPoolExecutor(len(tasks)) as pool:
            return list(pool.map(one, tasks))

    return run


def booking_tasks(event, people, *numbers, **more):
    def task(person_id):
        def run(own: Session) -> int:
            from_database = own.get_one(type(people[0]), person_id)
            asked = wish(event, *numbers, **more)
            return book(own, event_id=event_id, person=from_database, wish=asked, now=NOW).id

        return run

    event_id = event.id
    return [task(person.id) for person in people]


def test_a_crowd_gets_exactly_the_places_there_are(session, all_at_once):
    event, people = make_event(session, capacity=5), scenes.people(session, CROWD)

    all_at_once(booking_tasks(event, people, 0))

    counts = dict(session.execute(select(Place.state, func.count()).group_by(Place.state)).all())
    assert {state.value: n for state, n in counts.items()} == {
        "confirmed": 5,
        "waiting": CROWD - 5,
    }
    assert taken(session, event) == [5]
    assert session.scalar(select(func.count(OutboxMessage.id))) == CROWD


def test_a_crowd_that_saw_free_places_waits_only_if_it_says_so(session, all_at_once):
    event, people = make_event(session, capacity=5), scenes.people(session, CROWD)

    results = all_at_once(booking_tasks(event, people, 0, accepts_waiting=()))

    assert Counter(r is PlacesGone for r in results) == {False: 5, True: CROWD - 5}
    counts = dict(session.execute(select(Place.state, func.count()).group_by(Place.state)).all())
    assert {state.value: n for state, n in counts.items()} == {"confirmed": 5}
    assert taken(session, event) == [5]
    assert session.scalar(select(func.count(OutboxMessage.id))) == 5

    late = [p for p, result in zip(people, results, strict=True) if result is PlacesGone]
    key = event.sessions[0].key
    all_at_once(booking_tasks(event, late, 0, accepts_waiting={key}))

    counts = dict(session.execute(select(Place.state, func.count()).group_by(Place.state)).all())
    assert {state.value: n for state, n in counts.items()} == {
        "confirmed": 5,
        "waiting": CROWD - 5,
    }


def test_without_waiting_list_the_rest_is_refused(session, all_at_once):
    event = make_event(session, capacity=5, has_waiting_list=False)
    people = scenes.people(session, CROWD)

    results = all_at_once(booking_tasks(event, people, 0))

    assert Counter(r is EventFull for r in results) == {False: 5, True: CROWD - 5}
    assert taken(session, event) == [5]


def test_a_course_is_never_given_in_part(session, all_at_once):
    event = make_event(session, sessions=3, capacity=5, booked_as=BookedAs.WHOLE)
    event.sessions[1].pools[0].capacity = 4
    session.commit()
    people = scenes.people(session, CROWD)

    all_at_once(booking_tasks(event, people))

    assert taken(session, event) == [4, 4, 4]
    assert pools_that_differ(session) == []


def test_one_person_who_presses_in_two_windows_has_one_booking(session, all_at_once):
    event, person = make_event(session), make_person(session)

    results = all_at_once(booking_tasks(event, [person] * 6, 0))

    assert Counter(r is AlreadyBooked for r in results) == {True: 5, False: 1}
    assert taken(session, event) == [1]


def test_one_new_guest_who_presses_in_two_windows_has_one_booking(session, all_at_once):
    event = make_event(session)
    event_id, asked = event.id, wish(event, 0)

    def task(own: Session) -> object:
        return book_as_guest(own, event_id=event_id, email="new@example.org", wish=asked, now=NOW)

    answers = all_at_once([task] * 6)

    assert len(set(answers)) == 1
    assert session.scalar(select(func.count(Booking.id))) == 1


def test_one_freed_place_is_offered_and_taken_once(session, all_at_once):
    event = make_event(session, capacity=1)
    first, *waiting = scenes.fill(session, event, 0, people=4)
    cancel_booking(session, booking_id=first.id, now=NOW)
    session.commit()

    ids = [booking.id for booking in waiting]
    all_at_once([lambda own, i=i: take_offer(own, booking_id=i, now=NOW).id for i in ids * 2])

    assert [states(session, b) for b in waiting] == [["confirmed"], ["waiting"], ["waiting"]]
    assert taken(session, event) == [1]


def test_cancellations_and_bookings_together_keep_the_count(session, all_at_once):
    event = make_event(session, capacity=6)
    bookings = scenes.fill(session, event, 0, people=6)
    people = scenes.people(session, 8)
    leave = [
        lambda own, i=b.id: cancel_booking(own, booking_id=i, now=NOW).id for b in bookings[:4]
    ]

    all_at_once(leave + booking_tasks(event, people, 0))

    assert pools_that_differ(session) == []
    assert taken(session, event) == [6]


def test_the_last_place_waits_for_whoever_was_first(session, new_session):
    event = make_event(session, capacity=1)
    first, second = scenes.people(session, 2)
    (one,), (two,) = booking_tasks(event, [first], 0), booking_tasks(event, [second], 0)

    def book_second() -> int:
        with new_session() as own, unit_of_work(own):
            return int(two(own))

    with ThreadPoolExecutor() as pool, new_session() as own:
        first_id = one(own)  # Flushed, not committed.
        late = pool.submit(book_second)
        wait([late], timeout=0.2)  # Long enough to count the places, if nothing stopped it.
        own.commit()

    second_id = late.result()
    found = {b.id: states(session, b) for b in session.scalars(select(Booking))}
    assert found == {first_id: ["confirmed"], second_id: ["waiting"]}
