"""The floor the other tests stand on."""

from sqlalchemy import select

from netapp.events.models import Event
from tests.factories import make_event


def test_each_test_begins_with_an_empty_database(session):
    assert session.scalars(select(Event.id)).all() == []
    make_event(session)


def test_each_test_begins_with_an_empty_database_again(session):
    assert session.scalars(select(Event.id)).all() == []
    make_event(session)
