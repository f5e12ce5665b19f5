"""What the worker throws away."""

from datetime import datetime, timedelta

from sqlalchemy import Select, delete, or_, select

from netapp.kernel.changes import Change
from netapp.kernel.db import DbSession
from netapp.people.consent_models import ConsentEnd
from netapp.people.models import (
    AccessProfile,
    AddressChange,
    Authenticator,
    OneTimeLink,
    Passkey,
    PasskeyChallenge,
    Person,
    RecoveryCode,
    SecondStep,
    SignIn,
    SignInCode,
)
from netapp.people.operations.consents import note_ended
from netapp.people.personal_data import profile_agreed
from netapp.people.queries import IDLE_LIMIT

LEFT_BEHIND = (AccessProfile, Authenticator, RecoveryCode, Passkey)
KEEP_CODES = timedelta(days=1)
KEEP_LINKS = timedelta(days=30)


def purge(session: DbSession, now: datetime) -> int:
    """Delete ended sign-ins and second steps, codes a day, links and changes of address 30 days
    after their end; what people with a closed account kept about themselves; and what opened the
    account of somebody who was merged, when that can be undone no more."""
    gone = 0
    closed = select(Person.id).where(
        Person.disabled_at.is_not(None), Person.merged_into_id.is_(None)
    )
    merged = _merged_for_good()
    for row in session.scalars(select(AccessProfile).where(AccessProfile.person_id.in_(closed))):
        agreed = profile_agreed(session, row)
        note_ended(session, row.person_id, agreed, how=ConsentEnd.DELETED, now=now)
    for rows in (
        delete(SignIn).where(or_(SignIn.ends_at <= now, SignIn.last_used_at < now - IDLE_LIMIT)),
        delete(SignInCode).where(SignInCode.ends_at < now - KEEP_CODES),
        delete(SecondStep).where(SecondStep.ends_at <= now),
        delete(PasskeyChallenge).where(PasskeyChallenge.ends_at <= now),
        delete(OneTimeLink).where(OneTimeLink.ends_at < now - KEEP_LINKS),
        delete(AddressChange).where(AddressChange.ends_at < now - KEEP_LINKS),
        delete(AccessProfile).where(AccessProfile.person_id.in_(closed)),
        *(delete(model).where(model.person_id.in_(merged)) for model in LEFT_BEHIND),
    ):
        result = session.execute(rows.execution_options(synchronize_session=False))
        gone += int(getattr(result, "rowcount", 0))
    return gone


def _merged_for_good() -> Select[int]:
    undoable = select(Change.id).where(
        Change.other == "person:" + Person.key, Change.undone_at.is_(None)
    )
    return select(Person.id).where(
        Person.merged_into_id.is_not(None), ~undoable.correlate(Person).exists()
    )
