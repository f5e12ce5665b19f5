"""What of membership would move if one organisation went into another."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from netapp.kernel.db import DbSession
from netapp.membership.application_models import Application
from netapp.membership.models import Membership, Seat


@dataclass(frozen=True, slots=True)
class MembershipMove:
    terms: int
    seats: int
    applications: int
    both_are_members: bool  # On the same days: it cannot be done before one of them ends.


def membership_move(session: DbSession, *, gone_id: int, left_id: int) -> MembershipMove:
    """Four queries."""

    def count(model: type[Membership] | type[Application]) -> int:
        of = select(func.count()).select_from(model).where(model.organisation_id == gone_id)
        return session.scalar(of) or 0

    live = Seat.organisation_id == gone_id, Seat.ended_at.is_(None)
    return MembershipMove(
        terms=count(Membership),
        seats=session.scalar(select(func.count()).select_from(Seat).where(*live)) or 0,
        applications=count(Application),
        both_are_members=overlapping(session, gone_id, left_id),
    )


def overlapping(session: DbSession, one_id: int, other_id: int) -> bool:
    """Whether a term of the one and a term of the other share a day."""
    rows = session.execute(
        select(Membership.organisation_id, Membership.starts_on, Membership.ends_on).where(
            Membership.organisation_id.in_([one_id, other_id])
        )
    )
    terms = [(row[0], row[1], row[2] or date.max) for row in rows]
    return any(
        one[0] == one_id and other[0] == other_id and one[1] <= other[2] and other[1] <= one[2]
        for one in terms
        for other in terms
    )
