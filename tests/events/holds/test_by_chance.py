"""All rules of booking at once, in random order: what must hold holds after every act."""

from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from netapp.audit.operations import Actor
from netapp.events.errors import BookingRefused, EditRefused
from netapp.events.models import BookedAs
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import NotFound, StaleEdit
from tests.events.holds.acts import Crowd, make_hybrid, make_people
from tests.events.holds.invariants import broken, double_places
from tests.factories import make_coordinator

ACTS = 30
REFUSALS = (BookingRefused, EditRefused, StaleEdit, NotFound)


@pytest.mark.slow
@pytest.mark.parametrize("booked_as", BookedAs)
@given(seed=st.integers(0, 2**32))
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),  # A smaller seed is no simpler walk.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_after_each_act_everything_holds(session, booked_as, seed):
    chance = Random(seed)
    session.rollback()
    event = make_hybrid(session, booked_as=booked_as, chance=chance)
    desk = make_coordinator(session)
    crowd = Crowd(event.id, make_people(session, 12), Actor(desk.id, desk.name), chance)
    for _ in range(ACTS):
        session.expire_all()
        try:
            with unit_of_work(session):
                crowd.act(session)
        except REFUSALS:
            pass
        assert broken(session, event.id, crowd.now) == [], crowd.done
    assert double_places(session) == []
