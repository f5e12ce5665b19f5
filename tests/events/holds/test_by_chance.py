"""All rules of booking at once, in random order: what must hold holds after every act."""

from contextlib import suppress
from random import Random

import pytest

from netapp.events.models import BookedAs
from netapp.kernel import clock
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError
from netapp.kernel.tokens import new_key
from tests.events.holds.calendars import out_of_order
from tests.events.holds.checked import differences, press, wrong_after
from tests.events.holds.crowd import Crowd, Deed
from tests.events.holds.deeds.all import ALL
from tests.events.holds.deeds.rules import cancel_event
from tests.events.holds.feeds import Subscribers, concerned
from tests.events.holds.invariants import double_places
from tests.events.holds.lines import shown_wrongly
from tests.events.holds.scene import make_desk, make_hybrid, make_people
from tests.events.holds.state import read_state
from tests.events.holds.watching import all_mails, written_wrongly

ACTS = 45
LOOK_EVERY = 12


@pytest.mark.slow
@pytest.mark.parametrize("booked_as", BookedAs)
@pytest.mark.parametrize("seed", [35, 41])  # Offers to swap are taken in both.
def test_after_each_act_everything_holds(session, client, booked_as, seed):
    walk(session, client, booked_as, seed)


def walk(session, client, booked_as, seed):
    chance = Random(seed)
    event = make_hybrid(session, booked_as=booked_as, chance=chance)
    crowd = Crowd(event.id, make_people(session, 12), make_desk(session, event), chance, ALL)
    subscribers, state = Subscribers(client), None
    for number in range(ACTS + 1):
        session.expire_all()
        deed = cancel_event(crowd, session) if number == ACTS else crowd.choose(session)
        session.rollback()
        with clock.fixed(crowd.now):
            act(session, crowd, deed)
            session.expire_all()
            state, before = read_state(session, crowd.event_id), state
            people = sorted(concerned(before, state))
            assert subscribers.wrong_of(session, people, state, crowd.now) == [], crowd.done
            often = number % LOOK_EVERY == 0 or number == ACTS
            assert shown_wrongly(session, state, crowd.now, to_bookers=often) == [], crowd.done
            if often:
                assert subscribers.wrong(session, state, crowd.now) == [], crowd.done
        session.rollback()
    assert double_places(session) == []
    assert out_of_order(all_mails(session)) == []
    assert written_wrongly(session) == []


def act(session, crowd: Crowd, deed: Deed) -> None:
    """Once; or twice with the same form, twice with two forms, or again after it was rolled
    back."""
    way = crowd.chance.choice(["once", "same form", "two forms", "rolled back"])
    key = new_key(20)
    if way == "rolled back":
        with suppress(DomainError):
            press(session, deed, key, crowd.now)
        session.rollback()
    done = does(session, crowd, deed, key)
    if way == "same form" and done:
        before = read_state(session, crowd.event_id), len(all_mails(session))
        with unit_of_work(session):
            assert not press(session, deed, key, crowd.now)
        after = read_state(session, crowd.event_id), len(all_mails(session))
        assert (differences(before[0], after[0]), before[1]) == ([], after[1])
    if way == "two forms":
        does(session, crowd, deed, new_key(20))


def does(session, crowd: Crowd, deed: Deed, key: str) -> bool:
    try:
        with unit_of_work(session):
            wrong = wrong_after(session, crowd.event_id, deed, key, crowd.now)
            assert wrong == [], crowd.done
    except DomainError:
        return False
    return True
