"""An account is shut: nobody signs in with it any more."""

from datetime import datetime

from netapp.kernel.db import DbSession
from netapp.kernel.revisions import raise_revision
from netapp.people.errors import LastCoordinator
from netapp.people.models import Person
from netapp.people.operations import sign_ins
from netapp.people.operations.guards import hold_coordinators
from netapp.people.operations.links import RESET, WELCOME_PURPOSES, end_links
from netapp.people.queries import count_coordinators


def shut(session: DbSession, person: Person, now: datetime) -> None:
    """End every sign-in and link of this person, who is locked. Raises ``LastCoordinator``."""
    hold_coordinators(session)
    was_enough = count_coordinators(session)
    person.disabled_at = now
    person.version += 1
    session.flush()
    raise_revision(session, "directory", now)
    if was_enough and count_coordinators(session) == 0:
        raise LastCoordinator
    sign_ins.end_all(session, person_id=person.id)
    end_links(session, person_id=person.id, purposes=[RESET, *WELCOME_PURPOSES], now=now)
