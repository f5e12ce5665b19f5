"""Many people and coordinators at once, each with a connection: what must hold holds throughout."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier

import pytest
from sqlalchemy import func, select

from netapp.audit.operations import Actor
from netapp.events.models import BookedAs, EventSession, Place, PlaceState
from netapp.events.operations.guard import lock_event
from netapp.events.queries.calendar_dates import dates_of_person
from netapp.events.queries.my_bookings import my_bookings
from netapp.kernel.db import unit_of_work
from netapp.mail.models import OutboxMessage
from tests.events.holds.acts import Crowd, make_hybrid, make_people
from tests.events.holds.invariants import broken, double_places
from tests.events.holds.test_by_chance import REFUSALS
from tests.factories import NOW, make_coordinator

PEOPLE = 200
CONNECTIONS = 8
ACTS_EACH = 25


@pytest.mark.slow
@pytest.mark.parametrize("booked_as", BookedAs)
def test_a_crowd_does_everything_at_once(session, new_session, booked_as):
    chance = Random(2027)
    event = make_hybrid(session, booked_as=booked_as, chance=chance)
    desk = make_coordinator(session)
    people = make_people(session, PEOPLE)
    event_id, actor = event.id, Actor(desk.id, desk.name)
    barrier = Barrier(CONNECTIONS)

    def one(number: int) -> list[tuple[str, list[str]]]:
        mine = people[number::CONNECTIONS]
        crowd = Crowd(event_id, mine, actor, Random(number), time_passes=False)
        wrong = []
        with new_session() as own:
            barrier.wait()
            for _ in range(ACTS_EACH):
                try:
                    with unit_of_work(own):
                        crowd.act(own)
                        lock_event(own, event_id)
                        if found := broken(own, event_id, NOW):
                            wrong.append((crowd.done[-1], found))
                except REFUSALS:
                    continue
        return wrong

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        found = [wrong for each in pool.map(one, range(CONNECTIONS)) for wrong in each]

    session.rollback()
    assert found == []
    assert broken(session, event_id, NOW) == []
    assert double_places(session) == []
    assert feeds_and_pages_that_differ(session) == []
    assert session.scalar(mails_of_one_id()) is None


def feeds_and_pages_that_differ(session) -> list[int]:
    """People whose own calendar shows other dates than the page of their bookings."""
    confirmed = select(Place.person_id).where(Place.state == PlaceState.CONFIRMED)
    ids = set(session.scalars(confirmed.where(Place.person_id.is_not(None))))
    keys = dict(session.execute(select(EventSession.key, EventSession.id)).all())
    different = []
    for person_id in sorted(ids):
        feed = {
            keys[item.uid.removeprefix("session-").partition("@")[0]]
            for item in dates_of_person(session, person_id, now=NOW).items
        }
        page = my_bookings(session, person_id, number=1, now=NOW)
        if feed != {keys[date.session_key] for date in page.coming}:
            different.append(person_id)
    return different


def mails_of_one_id():
    grouped = select(OutboxMessage.message_id).group_by(OutboxMessage.message_id)
    return grouped.having(func.count() > 1)
