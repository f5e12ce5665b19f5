"""Places kept back: given by hand, and one fewer each time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date as day

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.audit.operations import Actor
from netapp.events.models import BookedAs, Booking, Event, EventSession, Pool
from netapp.events.operations import changing, dates
from netapp.events.operations.booking import Wish
from netapp.events.operations.by_hand import add_by_hand
from netapp.events.operations.creating import copy_event
from netapp.events.plans import PlacesPlan
from netapp.kernel.db import unit_of_work
from tests.events.manage.plans import ACTOR, lines
from tests.events.scenes import book, fill, states, wish
from tests.factories import NOW, make_coordinator, make_event


def keep(session, event, *numbers):
    """Keep back so many places in each date."""
    for date, number in zip(event.sessions, numbers, strict=True):
        date.pools[0].kept_back = number
    session.commit()


def pools(session, event):
    """(taken, kept back) of each date, as the database has it."""
    ids = [date.id for date in event.sessions]
    found = select(Pool.taken, Pool.kept_back).where(Pool.session_id.in_(ids))
    return [tuple(row) for row in session.execute(found.order_by(Pool.session_id))]


def add(session, event, *numbers, name="Sam", **more):
    made = add_by_hand(
        session,
        event_id=event.id,
        email=f"{name.lower()}@example.org",
        wish=wish(event, *numbers, name=name, **more),
        reason="Rang us",
        actor=ACTOR,
        now=NOW,
    )
    session.commit()
    return made


def test_a_free_place_is_given_before_one_kept_back(session):
    event = make_event(session, capacity=2)
    keep(session, event, 1)

    booking = add(session, event, 0)

    assert (states(session, booking), pools(session, event)) == (["confirmed"], [(1, 1)])
    assert lines(session) == [("booking.add", f"Booked {event.title} for Sam.", "Rang us")]


def test_where_none_is_free_one_kept_back_is_given_and_is_one_fewer(session):
    event = make_event(session, capacity=3)
    keep(session, event, 2)
    book(session, event, 0)

    booking = add(session, event, 0)

    assert (states(session, booking), pools(session, event)) == (["confirmed"], [(2, 1)])
    summary = f"Booked {event.title} for Sam, with a place kept back."
    assert lines(session) == [("booking.add", summary, "Rang us")]


def copied(session, event):
    made = copy_event(
        session, event_id=event.id, title="Again", first_day=day(2027, 6, 1), actor=ACTOR, now=NOW
    )
    session.commit()
    found = select(Pool).join(EventSession).where(EventSession.event_id == made.id)
    return [(p.kept_back, p.kept_given, p.taken) for p in session.scalars(found)]


def set_places(session, event, **more):
    key, version = event.sessions[0].key, session.get_one(Event, event.id).version
    dates.set_places(
        session,
        event_id=event.id,
        places={key: PlacesPlan(**more)},
        seen_version=version,
        reason="Rang us",
        actor=ACTOR,
        now=NOW,
    )
    session.commit()


def test_a_copy_keeps_as_many_back_as_there_were_at_first(session):
    event = make_event(session, capacity=5)
    keep(session, event, 3)
    fill(session, event, 0, people=2)
    add(session, event, 0)
    add(session, event, 0, name="Ana")
    assert pools(session, event) == [(4, 1)]

    assert copied(session, event) == [(3, 0, 0)]
    set_places(session, event, capacity=6, kept_back=1)
    assert copied(session, event) == [(3, 0, 0)]
    set_places(session, event, capacity=6, kept_back=2)
    assert copied(session, event) == [(2, 0, 0)]


def test_the_public_keeps_its_places_while_kept_ones_are_given(session):
    event = make_event(session, capacity=3)
    keep(session, event, 2)

    add(session, event, 0, kept_first=True)
    booking = book(session, event, 0)

    assert (states(session, booking), pools(session, event)) == (["confirmed"], [(2, 1)])


def test_with_none_kept_back_a_free_one_is_given(session):
    event = make_event(session, capacity=1)

    booking = add(session, event, 0, kept_first=True)

    assert (states(session, booking), pools(session, event)) == (["confirmed"], [(1, 0)])


def test_without_any_place_they_wait(session):
    event = make_event(session, capacity=2)
    keep(session, event, 1)
    book(session, event, 0)
    add(session, event, 0)

    booking = add(session, event, 0, name="Ben")

    assert (states(session, booking), pools(session, event)) == (["waiting"], [(2, 0)])


def test_a_course_takes_what_each_date_has(session):
    event = make_event(session, sessions=2, capacity=2, booked_as=BookedAs.WHOLE)
    keep(session, event, 1, 0)
    book(session, event)

    booking = add(session, event)

    assert states(session, booking) == ["confirmed", "confirmed"]
    assert pools(session, event) == [(2, 0), (2, 0)]


def test_a_course_that_is_full_on_one_date_leaves_the_kept_places_of_the_others(session):
    event = make_event(session, sessions=2, capacity=2, booked_as=BookedAs.WHOLE)
    keep(session, event, 2, 0)
    event.sessions[1].pools[0].capacity = 0
    session.commit()

    booking = add(session, event)

    assert states(session, booking) == ["waiting", "waiting"]
    assert pools(session, event) == [(0, 2), (0, 0)]


def test_a_kept_place_that_is_given_back_is_for_everybody(session):
    event = make_event(session, capacity=1)
    keep(session, event, 1)
    booking = add(session, event, 0)
    waiting = book(session, event, 0)

    changing.cancel_for_person(session, booking_id=booking.id, reason="Ill.", actor=ACTOR, now=NOW)
    session.commit()

    assert (states(session, waiting), pools(session, event)) == (["offered"], [(1, 0)])


def test_two_coordinators_at_once_never_give_one_kept_place_twice(session, new_session):
    event = make_event(session, capacity=1)
    keep(session, event, 1)
    key = event.sessions[0].key
    jo = make_coordinator(session, name="Jo")
    actor = Actor(jo.id, jo.name)

    def give(name):
        own = new_session()
        with unit_of_work(own):
            add_by_hand(
                own,
                event_id=event.id,
                email=f"{name}@example.org",
                wish=wish_for(key, name),
                reason="Rang us",
                actor=actor,
                now=NOW,
            )
        own.close()

    with ThreadPoolExecutor(2) as both:
        list(both.map(give, ("ana", "ben")))

    assert pools(session, event) == [(1, 0)]
    summaries = session.scalars(select(AuditLine.summary)).all()
    assert len([each for each in summaries if "a place kept back" in each]) == 1


def wish_for(key, name):
    return Wish(session_keys=[key], name=name)


@pytest.mark.parametrize(("ticked", "left"), [(None, (1, 2)), ("y", (1, 1))])
def test_the_form_asks_which_place_to_give(desk, session, ticked, left):
    event = make_event(session, capacity=5)
    keep(session, event, 2)
    desk.open(f"/desk/events/{event.key}/bookings/new")

    desk.send(
        "/bookings/new",
        name="Dee",
        email="dee@example.org",
        dates=event.sessions[0].key,
        reason="A speaker.",
        kept_first=ticked,
    )

    assert session.scalars(select(Booking.live)).all() == [True]
    assert pools(session, event) == [left]


def test_the_form_does_not_ask_where_none_is_kept_back(desk, session):
    event = make_event(session, capacity=5)

    desk.open(f"/desk/events/{event.key}/bookings/new")

    assert "kept_first" not in desk.form("/bookings/new").names


def test_places_saved_from_an_older_page_keep_none_back_again(desk, session):
    event = make_event(session, capacity=2)
    keep(session, event, 1)
    fill(session, event, 0, people=1)
    desk.open(f"/desk/events/{event.key}/booking")
    add(session, event, 0)

    above = {f"d_{event.sessions[0].key}-over_booking": "1"}
    page = desk.send("/places", above, reason="One never comes.")

    assert page.status_code == 409
    assert "Somebody changed this meanwhile" in desk.text
    assert '<th scope="row">Wednesday 10 February 2027</th>' in desk.text
    assert pools(session, event) == [(2, 0)]

    desk.send("/places")  # Save mine.

    assert pools(session, event) == [(2, 1)]
