"""Coordinators, people and the same button at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from netapp.events.models import EventStatus, Place, PlaceState
from netapp.events.operations.booking import book as book_op
from netapp.events.operations.due import pools_that_differ
from netapp.kernel.db import unit_of_work
from tests.events.scenes import fill, forget_mails, mails, taken, wish
from tests.factories import NOW, make_coordinator, make_event, make_person


@pytest.fixture
def press_at_once(app):
    """Send each (client, form, more fields) at the same moment; the answers in order."""

    def press(presses):
        barrier = Barrier(len(presses))

        def one(press):
            client, form, more = press
            barrier.wait()
            answer = client.post(form.action, data=dict(form.fields) | more)
            return answer.status_code, answer.location

        with ThreadPoolExecutor(len(presses)) as pool:
            return list(pool.map(one, presses))

    return press


def test_one_button_pressed_four_times_at_once_moves_once(desk, session, now_there, press_at_once):
    event = now_there(make_event(session, capacity=5))
    fill(session, event, 0, people=3)
    forget_mails(session)
    path = f"/dates/{event.sessions[0].key}"
    desk.open(f"/desk/events/{event.key}{path}")
    desk.send(path, day="2027-02-12")
    form = desk.form(path)

    answers = press_at_once([(desk.client, form, {})] * 4)

    assert len(set(answers)) == 1
    assert answers[0][0] == 303
    moved = now_there(event).sessions[0]
    assert (moved.starts_at, moved.sequence) == (datetime(2027, 2, 12, 14, tzinfo=UTC), 1)
    assert mails(session) == ["events/session_moved"] * 3


def test_two_coordinators_move_one_date_and_one_of_them_is_asked_to_look(
    session, as_person, now_there, press_at_once
):
    event = now_there(make_event(session))
    path = f"/dates/{event.sessions[0].key}"
    presses: list[tuple[Any, Any, dict[str, str]]] = []
    for day in ("2027-02-12", "2027-02-13"):
        visitor = as_person(make_coordinator(session))
        visitor.open(f"/desk/events/{event.key}{path}")
        visitor.send(path, day=day)
        presses.append((visitor.client, visitor.form(path), {}))

    answers = press_at_once(presses)

    assert sorted(status for status, _ in answers) == [303, 409]
    assert now_there(event).sessions[0].sequence == 1


def test_an_event_cancelled_while_people_book_leaves_nobody_behind(
    session, desk, new_session, now_there
):
    """Each booking is either refused, or told and ended with the others."""
    event = now_there(make_event(session, capacity=20))
    event_id, asked = event.id, wish(event, 0)
    people = [make_person(session) for _ in range(8)]
    ids = [person.id for person in people]
    desk.open(f"/desk/events/{event.key}/cancel")
    form = desk.form("/cancel")
    barrier = Barrier(len(ids) + 1)

    def cancel():
        barrier.wait()
        data = dict(form.fields) | {"reason": "The trainer is ill."}
        return desk.client.post(form.action, data=data).status_code

    def take(person_id):
        with new_session() as own:
            barrier.wait()
            try:
                with unit_of_work(own):
                    person = own.get_one(type(people[0]), person_id)
                    book_op(own, event_id=event_id, person=person, wish=asked, now=NOW)
            except Exception as refusal:
                return type(refusal).__name__
            return "booked"

    with ThreadPoolExecutor(len(ids) + 1) as pool:
        cancelled = pool.submit(cancel)
        results = list(pool.map(take, ids))

    session.expire_all()
    assert cancelled.result() == 303
    assert now_there(event).status is EventStatus.CANCELLED
    assert set(results) <= {"booked", "EventCancelled"}
    assert set(session.scalars(select(Place.state))) <= {PlaceState.CANCELLED}
    assert mails(session).count("events/booking_cancelled") == results.count("booked")
    assert taken(session, now_there(event)) == [0]
    assert pools_that_differ(session) == []


def test_more_places_given_twice_at_once_are_given_once(desk, session, now_there, press_at_once):
    event = now_there(make_event(session, capacity=1))
    fill(session, event, 0, people=4)
    desk.open(f"/desk/events/{event.key}/booking")
    desk.send("/places", {f"d_{event.sessions[0].key}-capacity": "3"})
    forget_mails(session)
    form = desk.form("/places")

    answers = press_at_once([(desk.client, form, {})] * 2)

    assert {status for status, _ in answers} == {303}
    assert mails(session) == ["events/offer", "events/offer"]
    assert taken(session, event) == [3]
