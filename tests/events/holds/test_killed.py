"""Processes that are killed in the middle of an act leave a whole act behind, or none."""

import subprocess
import sys
from random import Random

import pytest

from netapp.events.models import BookedAs
from tests.events.holds.acts import make_hybrid, make_people
from tests.events.holds.invariants import broken, double_places
from tests.factories import NOW, make_coordinator
from tests.jobs.processes import PATIENCE, ROOT, environment

PROCESSES = 3
ROUNDS = 3


@pytest.mark.processes
@pytest.mark.slow
def test_killed_at_any_moment_everything_holds(app, session):
    event = make_hybrid(session, booked_as=BookedAs.BY_SESSION, chance=Random(7))
    desk = make_coordinator(session)
    people = make_people(session, 30)
    chance = Random(11)
    acts = []
    for turn in range(ROUNDS):
        running = [
            start(app, event.id, desk.id, people[number::PROCESSES], seed=10 * turn + number)
            for number in range(PROCESSES)
        ]
        for process in running:  # Killed after so many acts, in the middle of the next.
            for _ in range(chance.randint(1, 12)):
                line = process.stdout.readline()
                assert line != ""
                acts.append(line.strip())
            process.kill()
            assert process.wait(PATIENCE) == -9
            process.stdout.close()
        session.rollback()
        session.expire_all()
        assert broken(session, event.id, NOW) == []
    assert double_places(session) == []
    assert len(acts) >= PROCESSES * ROUNDS


def start(app, event_id, desk_id, people, *, seed) -> subprocess.Popen[str]:
    ids = ",".join(str(each) for each in people)
    arguments = [str(event_id), str(desk_id), ids, str(seed)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.events.holds.runner", *arguments],
        cwd=ROOT,
        env=environment(app, None),
        stdout=subprocess.PIPE,
        text=True,
    )
