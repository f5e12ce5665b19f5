"""Many people and coordinators at once, each with a connection: what must hold holds throughout."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from random import Random
from threading import Barrier

import pytest

from netapp.events.models import BookedAs
from netapp.kernel import clock
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError
from netapp.kernel.tokens import new_key
from tests.events.holds.calendars import out_of_order
from tests.events.holds.checked import wrong_after
from tests.events.holds.crowd import Crowd
from tests.events.holds.deeds.all import AT_ONE_MOMENT
from tests.events.holds.deeds.rules import cancel_event
from tests.events.holds.feeds import Subscribers
from tests.events.holds.invariants import broken, double_places
from tests.events.holds.lines import shown_wrongly
from tests.events.holds.scene import make_desk, make_hybrid, make_people
from tests.events.holds.state import read_state
from tests.events.holds.watching import all_mails, written_wrongly
from tests.factories import NOW

PEOPLE = 200
CONNECTIONS = 8
ACTS_EACH = 16


@pytest.mark.slow
@pytest.mark.parametrize("booked_as", BookedAs)
def test_a_crowd_does_everything_at_once(session, client, new_session, booked_as):
    event = make_hybrid(session, booked_as=booked_as, chance=Random(2027))
    desk, people, event_id = make_desk(session, event), make_people(session, PEOPLE), event.id
    barrier, seconds = Barrier(CONNECTIONS), count(1)

    def one(number: int) -> list[tuple[str, list[str]]]:
        mine = people[number::CONNECTIONS]
        crowd = Crowd(event_id, mine, desk, Random(number), AT_ONE_MOMENT)
        wrong = []
        with new_session() as own:
            barrier.wait()
            for _ in range(ACTS_EACH):
                crowd.now = NOW + timedelta(seconds=next(seconds))
                if found := does(own, crowd):
                    wrong.append((crowd.done[-1], found))
        return wrong

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        found = [wrong for each in pool.map(one, range(CONNECTIONS)) for wrong in each]

    assert found == []
    crowd = Crowd(event_id, people, desk, Random(1), [cancel_event])
    crowd.now = NOW + timedelta(seconds=next(seconds))
    subscribers = Subscribers(client)
    for _ in range(2):
        session.rollback()
        session.expire_all()
        with clock.fixed(crowd.now):
            state = read_state(session, event_id)
            assert broken(session, state, crowd.now) == []
            assert shown_wrongly(session, state, crowd.now) == []
            assert subscribers.wrong(session, state, crowd.now) == []
            assert does(session, crowd) == []
    assert double_places(session) == []
    assert out_of_order(all_mails(session)) == []
    assert written_wrongly(session) == []


def does(session, crowd: Crowd) -> list[str]:
    """Something by chance, half of it by a form that carries a key: then whatever it reads, it
    reads after it has begun to write."""
    deed = crowd.choose(session)
    key = new_key(20) if crowd.chance.random() < 0.5 else None
    session.rollback()
    try:
        with unit_of_work(session):
            return wrong_after(session, crowd.event_id, deed, key, crowd.now)
    except DomainError:
        return []
