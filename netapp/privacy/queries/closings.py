"""Accounts that were closed for good."""

from sqlalchemy import select

from netapp.kernel.db import DbSession
from netapp.privacy.models import Closing


def closing_of(session: DbSession, person_key: str) -> Closing | None:
    """None where nobody closed it: a guest who was not heard of for long enough."""
    return session.scalar(select(Closing).where(Closing.person_key == person_key))
