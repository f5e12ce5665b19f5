"""A copy of an event: its dates, and what it takes along."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from netapp.events.errors import AddressTaken
from netapp.events.models import BookedAs, EventSession, EventStatus, EventTerm, Theme
from netapp.events.operations import creating
from netapp.kernel.zones import TimeAmbiguous, TimeSkipped
from netapp.vocabulary.models import Term, TermKind
from tests.events.manage.editing_scenes import dates, save
from tests.events.manage.plans import ACTOR, details_of
from tests.events.scenes import book
from tests.factories import NOW, make_event


def copy(session, source, first_day, **more):
    event = creating.copy_event(
        session,
        event_id=source.id,
        title=f"Copy of {source.title}",
        first_day=first_day,
        actor=ACTOR,
        now=NOW,
        **more,
    )
    session.commit()
    return event


def test_no_event_stands_where_the_archive_is(session):
    event = make_event(session)

    assert creating.free_slug(session, "past") == "past-2"
    with pytest.raises(AddressTaken):
        save(session, event, details_of(event, slug="past"))


def test_a_copy_keeps_local_times_over_the_clock_change(session):
    source = make_event(session, sessions=2, starts_at=datetime(2027, 3, 20, 14, tzinfo=UTC))
    source.booking_opens_at = datetime(2027, 3, 1, 9, tzinfo=UTC)
    session.commit()

    event = copy(session, source, date(2027, 10, 23))

    assert [d.starts_at for d in dates(session, event)] == [
        datetime(2027, 10, 23, 13, tzinfo=UTC),  # 2pm British Summer Time
        datetime(2027, 10, 30, 13, tzinfo=UTC),
    ]
    assert event.booking_opens_at == datetime(2027, 10, 4, 8, tzinfo=UTC)  # 9am


def test_a_copy_has_everything_but_the_bookings(session):
    source = make_event(
        session,
        sessions=2,
        summary="How to stay calm.",
        theme=Theme.INCLUSION,
        cost="Free",
        access_facts=[{"kind": "captions", "text": "at every date"}],
        booked_as=BookedAs.WHOLE,
        is_sample=True,
    )
    source.sessions[0].pools[0].kept_back = 2
    term = Term(slug="send", label="SEND", kind=TermKind.CIRCUMSTANCE, position=1)
    session.add(term)
    session.flush()
    session.add(EventTerm(event_id=source.id, term_id=term.id))
    session.commit()
    book(session, source)

    event = copy(session, source, date(2027, 6, 9))

    copied = [getattr(event, name) for name in creating.COPIED]
    assert copied == [getattr(source, name) for name in creating.COPIED]
    assert (event.title, event.status) == (f"Copy of {source.title}", EventStatus.DRAFT)
    assert (event.is_sample, event.published_at) == (False, None)
    assert [d.pools[0].taken for d in dates_with_pools(session, event)] == [0, 0]
    assert [d.pools[0].kept_back for d in dates_with_pools(session, event)] == [2, 0]
    assert session.scalars(select(EventTerm.event_id).order_by(EventTerm.event_id)).all() == [
        source.id,
        event.id,
    ]


def dates_with_pools(session, event):
    ids = [d.id for d in dates(session, event)]
    from_database = select(EventSession).where(EventSession.id.in_(ids))
    found = session.scalars(from_database.order_by(EventSession.id)).all()
    for each in found:
        session.refresh(each, ["pools"])
    return found


def test_a_copy_never_falls_into_the_hour_that_does_not_exist(session):
    source = make_event(session, starts_at=datetime(2027, 3, 21, 1, 30, tzinfo=UTC))

    with pytest.raises(TimeSkipped):
        copy(session, source, date(2027, 3, 28))


def test_a_copy_asks_which_of_the_doubled_hours_is_meant(session):
    source = make_event(session, starts_at=datetime(2027, 10, 24, 0, 30, tzinfo=UTC), hours=3)

    with pytest.raises(TimeAmbiguous):
        copy(session, source, date(2027, 10, 31))
    session.rollback()
    event = copy(session, source, date(2027, 10, 31), second=True)

    assert dates(session, event)[0].starts_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
