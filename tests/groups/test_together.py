"""Many at the same moment: a group never holds more people than it has places."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.events.errors import BookingRefused
from netapp.events.models import Booking
from netapp.events.operations import booking
from netapp.events.operations.booking import Wish
from netapp.groups.errors import AlreadyIn, GroupFull, GroupRefused, RequestAnswered
from netapp.groups.models import Group, GroupMember, GroupRequest, Joining
from netapp.groups.operations import joining
from netapp.kernel.db import unit_of_work
from netapp.meetings.operations.leaving import leave
from netapp.people.models import Person
from tests.factories import NOW, make_member
from tests.groups.scenes import make_group, make_group_event, put_in


def together(acts):
    """Each in a thread and with a session of its own, all at once; the errors, None for none."""
    ready = Barrier(len(acts))

    def run(act):
        ready.wait()
        try:
            act()
        except (GroupRefused, BookingRefused) as refusal:
            return type(refusal)
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def within(new_session, act):
    def run():
        with new_session() as own, unit_of_work(own):
            act(own)

    return run


def test_the_last_place_goes_to_one(session, new_session):
    group = make_group(session, joining=Joining.OPEN, size_limit=3)
    people = [make_member(session).id for _ in range(8)]

    def join(person_id):
        return within(
            new_session,
            lambda own: joining.join(
                own, group_id=group.id, person=own.get(Person, person_id), now=NOW
            ),
        )

    outcomes = together([join(person_id) for person_id in people])
    session.expire_all()
    assert outcomes.count(None) == 3
    assert outcomes.count(GroupFull) == 5
    assert session.get(Group, group.id).people == 3
    assert len(session.scalars(select(GroupMember)).all()) == 3


def test_who_presses_many_times_is_in_once(session, new_session):
    group = make_group(session, joining=Joining.OPEN)
    person = make_member(session)
    join = within(
        new_session,
        lambda own: joining.join(
            own, group_id=group.id, person=own.get(Person, person.id), now=NOW
        ),
    )
    outcomes = together([join] * 5)
    session.expire_all()
    assert outcomes.count(None) == 1
    assert outcomes.count(AlreadyIn) == 4
    assert session.get(Group, group.id).people == 1


def test_two_who_answer_one_request_answer_it_once(session, new_session):
    group, person = make_group(session), make_member(session)
    request = joining.ask(session, group_id=group.id, person=person, words="", now=NOW)
    key = request.key
    session.commit()
    answers: dict[str, Any] = {
        "group_id": group.id,
        "key": key,
        "words": "No",
        "actor": Actor(None, "x"),
    }
    accept = within(new_session, lambda own: joining.accept(own, **answers, now=NOW))
    decline = within(new_session, lambda own: joining.decline(own, **answers, now=NOW))
    outcomes = together([accept, decline, accept, decline])
    session.expire_all()
    assert outcomes.count(None) == 1
    assert outcomes.count(RequestAnswered) == 3
    state = session.scalars(select(GroupRequest.state)).one().value
    assert session.get(Group, group.id).people == (1 if state == "accepted" else 0)


@pytest.mark.parametrize("rounds", range(3))
def test_who_leaves_while_booking_keeps_no_place(session, new_session, rounds):
    person = make_member(session)
    group = make_group(session)
    put_in(session, group, person)
    event = make_group_event(session, group)
    wish = Wish(session_keys=[event.sessions[0].key], name="P")
    book = within(
        new_session,
        lambda own: booking.book(
            own, event_id=event.id, person=own.get(Person, person.id), wish=wish, now=NOW
        ),
    )
    go = within(
        new_session,
        lambda own: leave(own, group_id=group.id, person=own.get(Person, person.id), now=NOW),
    )
    together([book, go])
    session.expire_all()
    assert session.scalars(select(Booking).where(Booking.live)).all() == []
