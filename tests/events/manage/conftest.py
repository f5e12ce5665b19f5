"""A coordinator at the desk."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from netapp.events.models import Event, EventSession
from netapp.people.models import Person
from tests.factories import make_coordinator
from tests.visitor import Visitor


@pytest.fixture
def jo(session: Session, sign_in: Callable[[Person], Person]) -> Person:
    """The coordinator who sits at ``visitor``."""
    return sign_in(make_coordinator(session, name="Jo Field", email="jo@example.org"))


@pytest.fixture
def desk(jo: Person, visitor: Visitor) -> Visitor:
    return visitor


@pytest.fixture
def now_there(session: Session) -> Callable[[Event], Event]:
    """The event as the database has it now, with dates, pools and segments."""

    def _now_there(event: Event) -> Event:
        with_dates = selectinload(Event.sessions)
        return session.scalars(
            select(Event)
            .where(Event.id == event.id)
            .options(
                with_dates.selectinload(EventSession.pools),
                with_dates.selectinload(EventSession.segments),
            ),
            execution_options={"populate_existing": True},
        ).one()

    return _now_there
