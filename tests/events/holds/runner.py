"""A process that does everything by chance until it is killed.

``python -m tests.events.holds.runner`` with the settings of the platform in its environment; its
arguments are the ids of an event, of a coordinator and of people, and a seed. It prints a line for
each act that was committed.
"""

import sys
from random import Random

import click

from netapp import create_app
from netapp.audit.operations import Actor
from netapp.extensions import db
from netapp.kernel import clock
from netapp.kernel.db import unit_of_work
from tests.events.holds.acts import Crowd
from tests.events.holds.test_by_chance import REFUSALS
from tests.factories import NOW


def main(event_id: int, desk_id: int, people: list[int], seed: int) -> None:
    with create_app().app_context(), clock.fixed(NOW):
        actor = Actor(desk_id, "Desk")
        crowd = Crowd(event_id, people, actor, Random(seed), time_passes=False)
        while True:
            try:
                with unit_of_work(db.session):
                    crowd.act(db.session())
            except REFUSALS:
                continue
            finally:
                db.session.remove()
            click.echo(crowd.done[-1])


if __name__ == "__main__":
    event, desk, ids, chance = sys.argv[1:]
    main(int(event), int(desk), [int(each) for each in ids.split(",")], int(chance))
