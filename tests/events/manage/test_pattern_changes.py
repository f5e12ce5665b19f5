"""A pattern is changed or stopped: which of its dates move, go or stay."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from netapp.events.errors import CourseBooked, LastDate, ReasonMissing
from netapp.events.models import BookedAs, EventMode, EventStatus, Rhythm, SessionStatus
from netapp.events.operations import dates
from tests.events.manage.pattern_scenes import (
    THURSDAYS,
    alter,
    dates_of,
    fresh,
    local_starts,
    pattern_of,
    repeat,
)
from tests.events.manage.plans import ACTOR, lines, plan_of, segment
from tests.events.scenes import book, fill, forget_mails, mails, states
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


def change_by_hand(session, event, number, **changed):
    there = fresh(session, event)
    one = there.sessions[number]
    dates.change_date(
        session,
        event_id=event.id,
        session_key=one.key,
        plan=plan_of(one, **changed),
        seen_version=one.version,
        actor=ACTOR,
        now=NOW,
    )
    session.commit()


def test_another_time_moves_all_that_are_to_come_and_tells_each_once(session, event):
    repeat(session, event)
    first, second, *_ = dates_of(session, event)
    people = fill(session, fresh(session, event), 0, 1, people=2)
    forget_mails(session)

    done = alter(session, event, pattern_of(session, event), starts=time(13), message="The bus.")

    assert (done.moved, done.told) == (4, 2)
    assert local_starts(session, event)[:4] == [
        "Thu 21 Jan 13:00",
        "Thu 28 Jan 13:00",
        "Thu 4 Feb 13:00",
        "Thu 11 Feb 13:00",
    ]
    assert [d.sequence for d in dates_of(session, event)] == [1, 1, 1, 1, 0]
    assert mails(session) == ["events/dates_changed", *["events/invitation"] * 2] * 2
    assert [states(session, each) for each in people] == [["confirmed"] * 2] * 2
    assert [d.key for d in dates_of(session, event)][:2] == [first.key, second.key]


def test_another_weekday_moves_each_within_its_week(session, event):
    repeat(session, event, every=2)

    alter(session, event, pattern_of(session, event), weekdays=(1,))

    assert local_starts(session, event)[:4] == [
        "Tue 19 Jan 14:00",
        "Tue 2 Feb 14:00",
        "Tue 16 Feb 14:00",
        "Tue 2 Mar 14:00",
    ]
    assert all(d.sequence == 1 for d in dates_of(session, event)[:4])


def test_a_day_of_the_month_moves_within_its_month(session, event):
    plan = replace(THURSDAYS, rhythm=Rhythm.MONTHLY, weekdays=(0,), nth=1)
    repeat(session, event, plan, first_day=date(2027, 2, 1), number=2)

    alter(session, event, pattern_of(session, event), weekdays=(2,), nth=-1)

    assert local_starts(session, event)[:2] == ["Wed 24 Feb 14:00", "Wed 31 Mar 14:00"]
    assert [d.sequence for d in dates_of(session, event)] == [1, 1, 0]


def test_every_second_week_cancels_those_between_with_a_reason(session, event):
    repeat(session, event)
    bookings = fill(session, fresh(session, event), 0, 1, people=2)
    forget_mails(session)

    with pytest.raises(ReasonMissing):
        alter(session, event, pattern_of(session, event), every=2, number=2)
    session.rollback()
    done = alter(
        session, event, pattern_of(session, event), every=2, number=2, message="No trainer."
    )

    assert (done.ended, done.told) == (2, 2)
    assert local_starts(session, event)[:4] == [
        "Thu 21 Jan 14:00",
        "Thu 28 Jan 14:00 cancelled",
        "Thu 4 Feb 14:00",
        "Thu 11 Feb 14:00 cancelled",
    ]
    assert [states(session, each) for each in bookings] == [["confirmed", "cancelled"]] * 2
    assert mails(session) == ["events/session_cancelled"] * 2
    assert [d.sequence for d in dates_of(session, event)[:4]] == [0, 1, 0, 1]
    assert "date.cancel" in [action for action, *_ in lines(session)]


def test_a_draft_loses_dates_without_a_word(session, draft):
    repeat(session, draft)

    done = alter(session, draft, pattern_of(session, draft), number=2)

    assert done.ended == 2
    assert local_starts(session, draft) == [
        "Thu 21 Jan 14:00",
        "Thu 28 Jan 14:00",
        "Wed 1 Sep 10:00",
    ]
    assert mails(session) == []


def test_longer_adds_dates(session, event):
    repeat(session, event)

    done = alter(session, event, pattern_of(session, event), number=6)

    assert (done.added, done.moved, done.ended) == (2, 0, 0)
    assert local_starts(session, event)[4:6] == ["Thu 18 Feb 14:00", "Thu 25 Feb 14:00"]


def test_a_longer_booked_course_is_refused_whole(session):
    event = make_event(session, booked_as=BookedAs.WHOLE)
    repeat(session, event)
    book(session, fresh(session, event))

    with pytest.raises(CourseBooked):
        alter(session, event, pattern_of(session, event), number=6, starts=time(13))
    session.rollback()
    assert local_starts(session, event)[0] == "Thu 21 Jan 14:00"


def test_a_date_changed_by_hand_is_left_alone_unless_it_is_to_go_along(session, event):
    repeat(session, event)
    moved_to = datetime(2027, 1, 29, 10, tzinfo=UTC)
    change_by_hand(session, event, 1, starts_at=moved_to, ends_at=moved_to + timedelta(hours=2))

    alter(session, event, pattern_of(session, event), starts=time(13))
    assert local_starts(session, event)[:3] == [
        "Thu 21 Jan 13:00",
        "Fri 29 Jan 10:00",
        "Thu 4 Feb 13:00",
    ]
    key = dates_of(session, event)[1].key
    alter(session, event, pattern_of(session, event), along=(key,), starts=time(12))
    alter(session, event, pattern_of(session, event), starts=time(11))

    assert local_starts(session, event)[:3] == [
        "Thu 21 Jan 11:00",
        "Thu 28 Jan 11:00",
        "Thu 4 Feb 11:00",
    ]


def test_a_note_is_no_change_by_hand_and_stays(session, event):
    repeat(session, event)
    change_by_hand(session, event, 0, note="Bring headphones.")

    alter(session, event, pattern_of(session, event), starts=time(13))

    one = dates_of(session, event)[0]
    assert (one.note, local_starts(session, event)[0]) == ("Bring headphones.", "Thu 21 Jan 13:00")


def test_a_date_removed_from_a_draft_by_hand_never_comes_back(session, draft):
    repeat(session, draft)
    key = dates_of(session, draft)[1].key
    dates.remove_date(session, event_id=draft.id, session_key=key, actor=ACTOR, now=NOW)
    session.commit()

    alter(session, draft, pattern_of(session, draft), starts=time(13), number=5)

    assert local_starts(session, draft)[:4] == [
        "Thu 21 Jan 13:00",
        "Thu 4 Feb 13:00",
        "Thu 11 Feb 13:00",
        "Thu 18 Feb 13:00",
    ]


def test_a_cancelled_date_stays_cancelled_and_what_has_begun_stays(session, event):
    repeat(session, event)
    cancelled = dates_of(session, event)[1]
    cancelled.status = SessionStatus.CANCELLED
    session.commit()
    later = datetime(2027, 1, 22, 12, tzinfo=UTC)

    alter(session, event, pattern_of(session, event), starts=time(13), now=later)

    assert local_starts(session, event)[:4] == [
        "Thu 21 Jan 14:00",
        "Thu 28 Jan 14:00 cancelled",
        "Thu 4 Feb 13:00",
        "Thu 11 Feb 13:00",
    ]


def test_stopping_it_from_a_day_on(session, event):
    repeat(session, event)

    alter(
        session, event, pattern_of(session, event), until=date(2027, 1, 31), number=None,
        message="The room is gone.",
    )  # fmt: skip

    assert local_starts(session, event)[:4] == [
        "Thu 21 Jan 14:00",
        "Thu 28 Jan 14:00",
        "Thu 4 Feb 14:00 cancelled",
        "Thu 11 Feb 14:00 cancelled",
    ]


def test_the_last_dates_of_an_event_are_not_cancelled_by_a_pattern(session):
    event = make_event(session, starts_at=datetime(2027, 1, 21, 14, tzinfo=UTC), hours=2)
    repeat(session, event)

    with pytest.raises(LastDate):
        alter(
            session, event, pattern_of(session, event), until=date(2027, 1, 1), number=None,
            message="Over.",
        )  # fmt: skip


def test_another_place_or_link_goes_to_all(session):
    event = make_event(
        session, mode=EventMode.IN_PERSON, starts_at=datetime(2027, 9, 1, 9, tzinfo=UTC)
    )
    repeat(session, event, place="Old hall", join_link=None)
    book(session, fresh(session, event), 0)
    forget_mails(session)

    alter(session, event, pattern_of(session, event), place="New hall")

    assert {d.place for d in dates_of(session, event)[:4]} == {"New hall"}
    assert mails(session) == ["events/place_changed"]


def test_parts_go_along_with_the_start(session, event):
    repeat(session, event, number=1)
    one = dates_of(session, event)[0]
    tea = segment("Tea", one.starts_at + timedelta(hours=1))
    change_by_hand(session, event, 0, segments=(tea,))

    alter(session, event, pattern_of(session, event), starts=time(13), ends=time(15))

    one = dates_of(session, event)[0]
    assert [p.starts_at - one.starts_at for p in one.segments] == [timedelta(hours=1)]
