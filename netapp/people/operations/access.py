"""Keep what helps somebody take part and what they eat, and delete it the moment they say so.

Whoever calls this has locked the events that it is shared with, and brings them up to date.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from netapp.kernel.crypto import seal
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound, StaleEdit
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.people.access import CONSENT_VERSION, Told, bound_to, opened, packed
from netapp.people.consent_models import ConsentEnd
from netapp.people.models import AccessProfile, ProfileKind
from netapp.people.operations.consents import note_ended
from netapp.people.operations.guards import hold_person
from netapp.people.personal_data import profile_agreed


@dataclass(frozen=True, slots=True)
class Change:
    before: Told
    after: Told


def keep_profile(
    session: DbSession,
    *,
    person_id: int,
    kind: ProfileKind,
    told: Told,
    seen_version: int,
    now: datetime,
) -> Change | None:
    """Write down or replace it; what is empty is deleted. None: it is as it was.

    The person has agreed to ``access.CONSENT`` beside the question. ``seen_version``: 0 where
    their page showed none. Raises ``StaleEdit`` and ``NotFound``.
    """
    if hold_person(session, person_id) is None:
        raise NotFound
    row = session.scalar(
        select(AccessProfile).where(
            AccessProfile.person_id == person_id, AccessProfile.kind == kind
        ),
        execution_options={"populate_existing": True},
    )
    before = opened(session, row) if row else Told()
    if told == before:
        return None
    if seen_version != (row.version if row else 0):
        raise StaleEdit
    if row is not None and not told:
        _end_consent(session, row, ConsentEnd.TAKEN_BACK, now)
        session.delete(row)
        session.flush()
        return Change(before, told)
    if row is None:
        row = AccessProfile(key=new_key(), person_id=person_id, kind=kind, version=0)
        session.add(row)
    row.sealed = seal(site_of(session).secret, packed(told), bound_to=bound_to(row))
    if row.consent_version != CONSENT_VERSION:
        if row.version:
            _end_consent(session, row, ConsentEnd.REPLACED, now)
        row.consent_version, row.consented_at = CONSENT_VERSION, now
    row.changed_at = now
    row.version += 1
    session.flush()
    return Change(before, told)


def delete_profile(session: DbSession, person_id: int, now: datetime) -> int:
    """All of it, at once, as they say; how many kinds there were."""
    if hold_person(session, person_id) is None:
        raise NotFound
    theirs = AccessProfile.person_id == person_id
    for row in session.scalars(select(AccessProfile).where(theirs)):
        _end_consent(session, row, ConsentEnd.TAKEN_BACK, now)
    gone = delete(AccessProfile).where(theirs)
    return len(session.scalars(gone.returning(AccessProfile.id)).all())


def _end_consent(session: DbSession, row: AccessProfile, how: ConsentEnd, now: datetime) -> None:
    note_ended(session, row.person_id, profile_agreed(session, row), how=how, now=now)
