"""What the worker throws away."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select

from netapp.kernel.db import DbSession
from netapp.people.models import (
    AccessProfile,
    AddressChange,
    OneTimeLink,
    PasskeyChallenge,
    Person,
    SecondStep,
    SignIn,
    SignInCode,
)
from netapp.people.queries import IDLE_LIMIT

KEEP_CODES = timedelta(days=1)
KEEP_LINKS = timedelta(days=30)


def purge(session: DbSession, now: datetime) -> int:
    """Delete ended sign-ins and second steps, codes a day, links and changes of address 30 days
    after their end; and what people with a closed account kept about themselves."""
    gone = 0
    closed = select(Person.id).where(Person.disabled_at.is_not(None))
    for rows in (
        delete(SignIn).where(or_(SignIn.ends_at <= now, SignIn.last_used_at < now - IDLE_LIMIT)),
        delete(SignInCode).where(SignInCode.ends_at < now - KEEP_CODES),
        delete(SecondStep).where(SecondStep.ends_at <= now),
        delete(PasskeyChallenge).where(PasskeyChallenge.ends_at <= now),
        delete(OneTimeLink).where(OneTimeLink.ends_at < now - KEEP_LINKS),
        delete(AddressChange).where(AddressChange.ends_at < now - KEEP_LINKS),
        delete(AccessProfile).where(AccessProfile.person_id.in_(closed)),
    ):
        result = session.execute(rows.execution_options(synchronize_session=False))
        gone += int(getattr(result, "rowcount", 0))
    return gone
