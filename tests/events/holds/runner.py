"""A process that does everything by chance until it is killed."""

import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from multiprocessing.connection import Connection
from random import Random

from netapp import create_app
from netapp.extensions import db
from netapp.kernel import clock
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError
from netapp.kernel.tokens import new_key
from tests.events.holds.checked import wrong_after
from tests.events.holds.crowd import Crowd
from tests.events.holds.deeds.all import AT_ONE_MOMENT
from tests.events.holds.scene import desk_of
from tests.factories import NOW


def run(
    tell: Connection, environ: Mapping[str, str], event_id: int, people: Sequence[int], seed: int
) -> None:
    """``environ`` has the settings of the platform. Tells of each act that was committed its name
    and what did not hold after it."""
    os.environ.update(environ)
    with create_app().app_context(), clock.fixed(NOW):
        desk = desk_of(db.session(), event_id)
        crowd = Crowd(event_id, people, desk, Random(seed), AT_ONE_MOMENT)
        while True:
            crowd.now += timedelta(seconds=1)
            try:
                with unit_of_work(db.session):
                    deed = crowd.choose(db.session())
                    db.session.rollback()
                    wrong = wrong_after(db.session(), event_id, deed, new_key(20), crowd.now)
            except DomainError:
                continue
            finally:
                db.session.remove()
            tell.send((deed.name, wrong))
