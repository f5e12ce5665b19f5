"""What a membership, seats and applications hold of an organisation that goes into another."""

from datetime import datetime

from sqlalchemy import delete, select, update

from netapp.kernel.db import DbSession
from netapp.kernel.revisions import raise_revision
from netapp.membership.application_models import Application
from netapp.membership.errors import BothAreMembers
from netapp.membership.models import Membership, Seat
from netapp.membership.queries.merging import overlapping
from netapp.membership.seat_models import SeatLink


def follow_organisation(session: DbSession, *, gone_id: int, left_id: int, now: datetime) -> None:
    """Terms, seats and applications of the one that goes are the other's from now on; its link to
    take a seat ends. Who has a seat of both keeps one. Hold both organisations first.

    Nobody loses a seat: where more are taken than there are, none is given until enough have
    ended. Raises ``BothAreMembers`` where two terms would run at once.
    """
    if overlapping(session, gone_id, left_id):
        raise BothAreMembers
    for model in (Membership, Application):
        session.execute(
            update(model)
            .where(model.organisation_id == gone_id)
            .values(organisation_id=left_id)
            .execution_options(synchronize_session=False)
        )
    both = select(Seat.person_id).where(Seat.organisation_id == left_id, Seat.ended_at.is_(None))
    session.execute(
        update(Seat)
        .where(Seat.organisation_id == gone_id, Seat.ended_at.is_(None), Seat.person_id.in_(both))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Seat)
        .where(Seat.organisation_id == gone_id)
        .values(organisation_id=left_id)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(SeatLink).where(SeatLink.organisation_id == gone_id))
    raise_revision(session, "directory", now)
    session.expire_all()
