"""What a group asks in each of its meetings."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from netapp.kernel.db import DbSession
from netapp.meetings.models import StandingItem

SUGGESTED: Final = (
    "Equality, diversity and inclusion",
    "How have these decisions moved us forward?",
)
"""What a group that has none yet is offered."""


def standing_titles(session: DbSession, group_id: int) -> Sequence[str]:
    """The group's standing items, in order."""
    return session.scalars(
        select(StandingItem.title)
        .where(StandingItem.group_id == group_id)
        .order_by(StandingItem.position)
    ).all()
