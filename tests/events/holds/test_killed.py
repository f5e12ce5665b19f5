"""Processes that are killed in the middle of an act leave a whole act behind, or none."""

import multiprocessing
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection
from random import Random

import pytest

from netapp.events.models import BookedAs
from tests.events.holds import runner
from tests.events.holds.calendars import out_of_order
from tests.events.holds.feeds import Subscribers
from tests.events.holds.invariants import broken, double_places
from tests.events.holds.lines import shown_wrongly
from tests.events.holds.scene import make_desk, make_hybrid, make_people
from tests.events.holds.state import read_state
from tests.events.holds.watching import all_mails, written_wrongly
from tests.factories import NOW
from tests.jobs.processes import PATIENCE, environment

PROCESSES = 3
ROUNDS = 3


@pytest.mark.processes
@pytest.mark.slow
def test_killed_at_any_moment_everything_holds(app, session, client):
    event = make_hybrid(session, booked_as=BookedAs.BY_SESSION, chance=Random(7))
    make_desk(session, event)
    people = make_people(session, 30)
    chance, acts = Random(11), []
    subscribers = Subscribers(client)
    for turn in range(ROUNDS):
        seeds = [10 * turn + number for number in range(PROCESSES)]
        for process, told in start(app, event.id, people, seeds):
            for _ in range(chance.randint(1, 8)):  # Killed in the middle of the next.
                assert told.poll(PATIENCE)
                name, wrong = told.recv()
                assert (name, wrong) == (name, [])
                acts.append(name)
            process.kill()
            process.join(PATIENCE)
            assert process.exitcode == -9
        session.rollback()
        session.expire_all()
        state = read_state(session, event.id)
        assert broken(session, state, NOW) == []
        assert shown_wrongly(session, state, NOW) == []
        assert subscribers.wrong(session, state, NOW) == []
    assert double_places(session) == []
    assert out_of_order(all_mails(session)) == []
    assert written_wrongly(session) == []
    assert len(acts) >= PROCESSES * ROUNDS


def start(
    app, event_id: int, people: list[int], seeds: list[int]
) -> Iterator[tuple[multiprocessing.process.BaseProcess, Connection]]:
    """All at work at once; each is forked from one that has read as much of the program as we."""
    context = multiprocessing.get_context("forkserver")
    known = [name for name in sys.modules if name.startswith("netapp.")]
    context.set_forkserver_preload([*sorted(known), runner.__name__])
    running = []
    for number, seed in enumerate(seeds):
        told, tell = context.Pipe(duplex=False)
        mine = people[number :: len(seeds)]
        arguments = tell, environment(app, None), event_id, mine, seed
        process = context.Process(target=runner.run, args=arguments, daemon=True)
        process.start()
        tell.close()
        running.append((process, told))
    yield from running
