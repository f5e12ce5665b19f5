"""Dates that repeat: which are added, and when."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select

from netapp.events.errors import CourseBooked, NoDates
from netapp.events.models import BookedAs, EventMode, EventPattern, EventStatus, SchoolHoliday
from netapp.events.operations import editing, patterns
from netapp.events.queries import patterns as queries
from netapp.kernel.errors import StaleEdit
from tests.events.manage.pattern_scenes import (
    THURSDAYS,
    alter,
    dates_of,
    fresh,
    local_starts,
    make_calendar,
    pattern_of,
    repeat,
)
from tests.events.manage.plans import ACTOR, lines
from tests.events.scenes import book
from tests.factories import NOW, make_event


@pytest.fixture
def event(session):
    """Published, with one date long after those of the pattern."""
    return make_event(session, starts_at=datetime(2027, 9, 1, 9, tzinfo=UTC), title="Chaos")


@pytest.fixture
def draft(session):
    return make_event(
        session,
        starts_at=datetime(2027, 9, 1, 9, tzinfo=UTC),
        status=EventStatus.DRAFT,
        published_at=None,
    )


def test_it_adds_its_dates_with_places_and_link(session, event):
    repeat(session, event)

    assert local_starts(session, event)[:4] == [
        "Thu 21 Jan 14:00",
        "Thu 28 Jan 14:00",
        "Thu 4 Feb 14:00",
        "Thu 11 Feb 14:00",
    ]
    one = dates_of(session, event)[0]
    assert (one.join_link, one.pools[0].capacity, one.sequence) == (
        "https://meet.example.org/abc",
        10,
        0,
    )
    assert lines(session) == [
        (
            "pattern.add",
            "Repeats Chaos: Every Thursday, 2pm to 4pm, 4 dates from 21 January 2027. "
            "4 dates added.",
            "",
        )
    ]


def test_a_hybrid_event_gets_both_kinds_of_places(session):
    event = make_event(session, mode=EventMode.HYBRID)

    repeat(session, event, capacity=12, online_capacity=30, place="Hall")

    assert [pool.capacity for pool in dates_of(session, event)[0].pools] == [12, 30]


def test_a_date_like_it_joins_and_is_not_doubled(session):
    event = make_event(session, starts_at=datetime(2027, 1, 21, 14, tzinfo=UTC), hours=2)

    repeat(session, event)
    assert local_starts(session, event) == [
        "Thu 21 Jan 14:00",
        "Thu 28 Jan 14:00",
        "Thu 4 Feb 14:00",
        "Thu 11 Feb 14:00",
    ]
    alter(session, event, pattern_of(session, event), starts=time(13))

    assert local_starts(session, event)[0] == "Thu 21 Jan 13:00"


def test_past_days_are_left_out(session, event):
    repeat(session, event, first_day=date(2027, 1, 7))

    assert local_starts(session, event)[:3] == [
        "Thu 14 Jan 14:00",
        "Thu 21 Jan 14:00",
        "Thu 28 Jan 14:00",
    ]


def test_nothing_to_add_is_refused(session, event):
    with pytest.raises(NoDates):
        repeat(session, event, first_day=date(2026, 1, 1))


def test_a_booked_course_gets_no_dates(session):
    event = make_event(session, booked_as=BookedAs.WHOLE)
    book(session, event)

    with pytest.raises(CourseBooked):
        repeat(session, event)


def test_what_was_shown_is_what_is_done_or_nothing(session, event):
    calendar = make_calendar(session)
    plan = replace(THURSDAYS, calendar_id=calendar.id)
    shown = queries.acts_of_new_pattern(session, fresh(session, event), plan, now=NOW).digest
    session.add(
        SchoolHoliday(
            key="new",
            calendar_id=calendar.id,
            name="Snow",
            first_day=date(2027, 1, 28),
            last_day=date(2027, 1, 28),
            source="The school",
            checked_on=NOW.date(),
        )
    )
    session.commit()

    with pytest.raises(StaleEdit):
        patterns.add_pattern(
            session, event_id=event.id, plan=plan, seen=shown, actor=ACTOR, now=NOW
        )
    session.rollback()
    assert len(dates_of(session, event)) == 1


def test_new_holidays_take_effect_when_the_pattern_is_looked_at_again(session, event):
    calendar = make_calendar(session)
    repeat(session, event, calendar_id=calendar.id)
    half_term = ("Half term", date(2027, 2, 1), date(2027, 2, 5))
    other = make_calendar(session, half_term, area="B")

    alter(
        session, event, pattern_of(session, event), calendar_id=other.id, message="It is half term."
    )

    assert local_starts(session, event)[:5] == [
        "Thu 21 Jan 14:00",
        "Thu 28 Jan 14:00",
        "Thu 4 Feb 14:00 cancelled",
        "Thu 11 Feb 14:00",
        "Thu 18 Feb 14:00",
    ]


def test_a_pattern_without_dates_is_gone(session, draft):
    repeat(session, draft)

    alter(session, draft, pattern_of(session, draft), until=date(2027, 1, 1), number=None)

    assert session.scalars(select(EventPattern)).all() == []
    assert local_starts(session, draft) == ["Wed 1 Sep 10:00"]


def test_done_twice_is_stale(session, event):
    pattern = repeat(session, event)
    version = pattern.version
    alter(session, event, pattern, starts=time(13))

    with pytest.raises(StaleEdit):
        patterns.change_pattern(
            session,
            event_id=event.id,
            pattern_key=pattern.key,
            plan=THURSDAYS,
            seen="",
            seen_version=version,
            actor=ACTOR,
            now=NOW,
        )


def test_a_draft_with_a_pattern_can_be_deleted(session, draft):
    repeat(session, draft)
    version = fresh(session, draft).version

    editing.delete_draft(session, event_id=draft.id, seen_version=version, actor=ACTOR, now=NOW)
    session.commit()

    assert session.scalars(select(EventPattern)).all() == []
