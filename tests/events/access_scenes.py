"""Somebody asks for something that has to be arranged."""

from sqlalchemy import select

from netapp.events.models import AccessRequest, RequestKind
from netapp.events.operations import preferences
from netapp.events.plans import Telling
from netapp.events.queries.requests import asked_of
from tests.factories import NOW

BSL, CAPTIONS = RequestKind.BSL, RequestKind.CAPTIONS


def tell(session, booking, *kinds, now=NOW, **more):
    preferences.tell_needs(
        session, booking_id=booking.id, telling=Telling(asks=frozenset(kinds), **more), now=now
    )
    session.commit()


def rows(session, table=AccessRequest):
    session.expire_all()
    return session.scalars(select(table).order_by(table.id)).all()


def asked(session):
    return [
        (each.kind, each.request.state, each.answer) for each in asked_of(session, rows(session))
    ]
