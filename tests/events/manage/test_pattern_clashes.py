"""Before dates of a pattern are made: what else is there then, in the same place or of the same
theme."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from netapp.events.models import EventMode, EventStatus, SessionStatus, Theme
from netapp.events.queries import patterns
from netapp.events.queries.pattern_effects import of_changed_pattern
from tests.events.manage.pattern_scenes import THURSDAYS, fresh, pattern_of, repeat
from tests.factories import NOW, make_event

FIRST = datetime(2027, 1, 21, 14, tzinfo=UTC)  # Thursday, 2pm: the first of the pattern.
HALL = "Room 1, Example House, London"
LINK = "https://meet.example.org/abc"
IN_THE_HALL = replace(THURSDAYS, place=HALL, join_link=None)


def other(session, *, starts_at=FIRST, hours=2.0, mode=EventMode.IN_PERSON, **more):
    """An event of somebody else at that time."""
    return make_event(
        session, starts_at=starts_at, hours=hours, mode=mode, **{"title": "Choir day", **more}
    )


def own(session, mode=EventMode.IN_PERSON, **more):
    return make_event(session, mode=mode, starts_at=NOW + timedelta(days=199), **more)


def foretold(session, event, plan):
    there = fresh(session, event)
    acts = patterns.acts_of_new_pattern(session, there, plan, now=NOW)
    return of_changed_pattern(session, there, acts)


def clashes(session, event, plan):
    return [clash.words for clash in foretold(session, event, plan).clashes]


def hints(session, event, plan=THURSDAYS):
    found = foretold(session, event, plan)
    return [
        (one.title, one.lines) for one in found.lists if one.title.startswith("Another event of")
    ]


def test_the_same_place_at_that_time_is_named(session):
    other(session, starts_at=FIRST + timedelta(hours=1, minutes=30))
    event = own(session)
    assert clashes(session, event, IN_THE_HALL) == [
        "Thu 21 Jan 2027, 2pm to 4pm: Choir day is in the same place, 3:30pm to 5:30pm GMT."
    ]
    assert not foretold(session, event, IN_THE_HALL).lists[0].lines[0][1]


@pytest.mark.parametrize(
    "place", ["  room 1,  example house, LONDON", "Room 1, Example House, London"]
)
def test_however_it_was_typed(session, place):
    other(session)
    assert len(clashes(session, own(session), replace(IN_THE_HALL, place=place))) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"starts_at": FIRST + timedelta(hours=2)},  # It begins when ours ends.
        {"starts_at": FIRST + timedelta(days=1)},
        {"mode": EventMode.ONLINE},
        {"status": EventStatus.CANCELLED},
        {"is_record": True},
    ],
)
def test_what_does_not_meet_is_not_named(session, changed):
    made = other(session, **changed)
    made.sessions[0].place = HALL
    session.commit()
    assert clashes(session, own(session), IN_THE_HALL) == []


def test_a_cancelled_date_is_no_clash(session):
    other(session).sessions[0].status = SessionStatus.CANCELLED
    session.commit()
    assert clashes(session, own(session), IN_THE_HALL) == []


def test_one_link_is_for_one_meeting_at_a_time(session):
    other(session, mode=EventMode.HYBRID, status=EventStatus.DRAFT, published_at=None)
    assert clashes(session, own(session, EventMode.ONLINE), THURSDAYS) == [
        "Thu 21 Jan 2027, 2pm to 4pm: Choir day, a draft, is with the same link to join, "
        "2pm to 4pm GMT."
    ]
    both = replace(THURSDAYS, place=HALL)
    assert clashes(session, own(session, EventMode.HYBRID), both) == [
        "Thu 21 Jan 2027, 2pm to 4pm: Choir day, a draft, is in the same place and with the same "
        "link to join, 2pm to 4pm GMT."
    ]


def test_many_are_not_all_named(session):
    for n in range(12):
        other(session, title=f"Choir {n}")
    found = clashes(session, own(session), IN_THE_HALL)
    assert (len(found), found[-1]) == (11, "And 2 more like these.")


def test_dates_that_move_are_looked_at_too(session):
    event = own(session)
    repeat(session, event, IN_THE_HALL)
    other(session, starts_at=FIRST + timedelta(days=-2))
    there, pattern = fresh(session, event), pattern_of(session, event)
    plan = replace(patterns.plan_of(pattern), weekdays=(1,))
    acts = patterns.acts_of_changed_pattern(session, there, pattern, plan, along=(), now=NOW)
    assert [clash.words for clash in of_changed_pattern(session, there, acts).clashes] == [
        "Tue 19 Jan 2027, 2pm to 4pm: Choir day is in the same place, 2pm to 4pm GMT."
    ]


def test_the_same_theme_on_the_same_day_is_a_hint(session):
    morning = FIRST - timedelta(hours=4)
    other(session, starts_at=morning, theme=Theme.INCLUSION)
    other(session, starts_at=morning, theme=Theme.EVIDENCE)
    other(session, starts_at=morning, status=EventStatus.DRAFT, theme=Theme.INCLUSION)
    event = own(session, theme=Theme.INCLUSION)
    assert hints(session, event) == [
        (
            "Another event of the same theme on that day: 1 day",
            (("Thu 21 Jan 2027", "Choir day, 10am to midday GMT"),),
        )
    ]
    assert clashes(session, event, IN_THE_HALL) == []


def test_without_a_theme_there_is_no_hint(session):
    other(session)
    assert hints(session, own(session)) == []


def test_the_page_warns_and_still_adds_them(session, desk):
    other(session, theme=Theme.INCLUSION)
    event = own(session, EventMode.ONLINE, theme=Theme.INCLUSION)
    other(session, mode=EventMode.ONLINE, title="Morning call")
    desk.open(f"/desk/events/{event.key}/patterns/new")
    typed = {"every": "1", "starts": "2pm", "ends": "4pm", "first_day": "2027-01-21"}
    desk.send("/patterns/new", typed | {"number": "2", "join_link": LINK})
    assert "Morning call is with the same link to join, 2pm to 4pm GMT." in desk.text
    assert "Another event of the same theme on that day: 1 day" in desk.text
    desk.send("/patterns/new")
    assert len(fresh(session, event).sessions) == 3


def test_however_many_dates_the_others_are_read_once(session, count_queries):
    event = own(session)
    other(session)
    counted = []
    for number in (2, 50):
        with count_queries() as statements:
            foretold(session, event, replace(IN_THE_HALL, number=number))
        counted.append(len(statements))
    assert counted[0] == counted[1]
