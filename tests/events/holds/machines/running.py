"""How a state machine is run: on an empty database for each example, always the same examples."""

from typing import ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from sqlalchemy.orm import Session

from netapp.extensions import db
from netapp.kernel import kept
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError
from tests.databases import TestDatabase
from tests.events.holds.checked import wrong_after
from tests.events.holds.crowd import Deed
from tests.factories import NOW

_SAME = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)

QUICK = settings(_SAME, max_examples=5, stateful_step_count=10)
LONG = settings(_SAME, max_examples=6, stateful_step_count=20)


class Machine(RuleBasedStateMachine):
    """``event_id`` is set by whoever makes the event."""

    database: ClassVar[TestDatabase]
    event_id: int

    def __init__(self) -> None:
        super().__init__()
        db.session.remove()
        self.database.empty()
        kept.forget_all()
        self.session: Session = db.session()
        self.session.expire_on_commit = False
        self.now = NOW

    def done(self, deed: Deed) -> bool:
        """Whether it was done, and not refused; all that holds after any act holds after it."""
        self.session.rollback()
        self.session.expire_all()
        try:
            with unit_of_work(self.session):
                wrong = wrong_after(self.session, self.event_id, deed, None, self.now)
                assert wrong == []
        except DomainError:
            return False
        return True

    def teardown(self) -> None:
        self.session.rollback()


def run(machine: type[Machine], database: TestDatabase, how: settings) -> None:
    machine.database = database
    run_state_machine_as_test(machine, settings=how)
