"""The days that patterns have, and those they leave out."""

from dataclasses import replace
from datetime import date, time

import pytest

from netapp.events.bank_holidays import Nation, bank_holidays
from netapp.events.errors import TooManyDates
from netapp.events.models import Rhythm
from netapp.events.queries.days_off import DaysOff
from netapp.events.queries.pattern_days import beginning_with_a_date, slots_of
from netapp.events.queries.pattern_words import pattern_words
from netapp.kernel.zones import TimeAmbiguous, to_local
from tests.events.manage.pattern_scenes import THURSDAYS

LONDON = "Europe/London"
NONE_OFF = DaysOff()


def days(plan, off=NONE_OFF):
    return [slot.day for slot in slots_of(plan, LONDON, off) if not slot.why]


def left_out(plan, off=NONE_OFF):
    return [(slot.day, slot.why) for slot in slots_of(plan, LONDON, off) if slot.why]


def monthly(weekday, nth, **more):
    plan = replace(THURSDAYS, rhythm=Rhythm.MONTHLY, weekdays=(weekday,), nth=nth)
    return replace(plan, **more)


def test_two_oclock_stays_two_oclock_over_the_change_of_the_clocks():
    plan = replace(THURSDAYS, first_day=date(2027, 3, 18), number=3)

    slots = slots_of(plan, LONDON, NONE_OFF)

    assert [f"{to_local(s.starts_at, LONDON):%H:%M %Z}" for s in slots if s.starts_at] == [
        "14:00 GMT",
        "14:00 GMT",
        "14:00 BST",
    ]
    assert [s.starts_at.hour for s in slots] == [14, 14, 13]


def test_every_second_thursday_in_term_time():
    half_term = DaysOff(
        Nation.ENGLAND_AND_WALES, ((date(2027, 2, 15), date(2027, 2, 19), "Half term, Here"),)
    )
    plan = replace(THURSDAYS, every=2, number=5)

    assert days(plan, half_term) == [
        date(2027, 1, 21),
        date(2027, 2, 4),
        date(2027, 3, 4),
        date(2027, 3, 18),
        date(2027, 4, 1),
    ]
    assert left_out(plan, half_term) == [(date(2027, 2, 18), "Half term, Here")]


def test_bank_holidays_are_left_out_by_name():
    plan = replace(THURSDAYS, weekdays=(0, 4), first_day=date(2027, 3, 22), number=4)

    assert left_out(plan, DaysOff(Nation.ENGLAND_AND_WALES)) == [
        (date(2027, 3, 26), "Good Friday"),
        (date(2027, 3, 29), "Easter Monday"),
    ]
    assert left_out(plan, DaysOff(Nation.SCOTLAND)) == [(date(2027, 3, 26), "Good Friday")]


def test_the_last_friday_and_the_first_monday_of_each_month():
    assert days(monthly(4, -1, number=3)) == [
        date(2027, 1, 29),
        date(2027, 2, 26),
        date(2027, 3, 26),
    ]
    assert days(monthly(0, 1, first_day=date(2027, 2, 1), every=2, number=3)) == [
        date(2027, 2, 1),
        date(2027, 4, 5),
        date(2027, 6, 7),
    ]


def test_the_last_sunday_of_february_in_a_leap_year():
    plan = monthly(1, -1, first_day=date(2028, 2, 1), number=2)

    assert days(plan) == [date(2028, 2, 29), date(2028, 3, 28)]


def test_it_ends_on_the_last_day_that_is_said():
    plan = replace(THURSDAYS, number=None, until=date(2027, 2, 4))

    assert days(plan) == [date(2027, 1, 21), date(2027, 1, 28), date(2027, 2, 4)]
    assert days(replace(plan, until=date(2027, 2, 3))) == [date(2027, 1, 21), date(2027, 1, 28)]


def test_the_gap_of_a_spring_night_is_left_out_and_the_doubled_hour_asked_about():
    nights = replace(
        THURSDAYS, weekdays=(6,), starts=time(1, 30), ends=time(3), first_day=date(2027, 3, 21)
    )
    assert left_out(replace(nights, number=2)) == [
        (date(2027, 3, 28), "The clocks go forward that night: 1:30am does not exist.")
    ]
    autumn = replace(nights, first_day=date(2027, 10, 31), number=1)
    with pytest.raises(TimeAmbiguous):
        slots_of(autumn, LONDON, NONE_OFF)
    starts = [
        slots_of(replace(autumn, second=which), LONDON, NONE_OFF)[0].starts_at.hour
        for which in (False, True)
    ]
    assert starts == [0, 1]


def test_a_night_ends_on_the_next_day():
    (slot,) = slots_of(
        replace(THURSDAYS, starts=time(20), ends=time(1), number=1), LONDON, NONE_OFF
    )

    assert (slot.starts_at.day, slot.ends_at.day) == (21, 22)


def test_it_begins_with_a_day_it_has():
    friday = replace(THURSDAYS, first_day=date(2027, 1, 22), every=2, number=2)

    begun = beginning_with_a_date(friday)

    assert days(begun) == [date(2027, 1, 28), date(2027, 2, 11)]


def test_thursdays_that_become_tuesdays_begin_in_the_same_week():
    assert days(replace(THURSDAYS, weekdays=(1,), every=2, number=2)) == [
        date(2027, 1, 19),
        date(2027, 2, 2),
    ]


def test_at_most_two_hundred_dates():
    assert len(days(replace(THURSDAYS, number=200))) == 200
    with pytest.raises(TooManyDates):
        slots_of(
            replace(THURSDAYS, weekdays=(0, 1, 2, 3), number=None, until=date(2028, 6, 1)),
            LONDON,
            NONE_OFF,
        )


def test_a_pattern_that_is_all_holidays_ends():
    off = DaysOff(spans=((date(2020, 1, 1), date(2100, 1, 1), "Closed"),))

    assert slots_of(THURSDAYS, LONDON, off) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "Every Thursday, 2pm to 4pm, 4 dates from 21 January 2027"),
        (
            {"every": 2, "weekdays": (0, 3), "number": None, "until": date(2027, 7, 22)},
            "Every second Monday and Thursday, 2pm to 4pm, 21 January 2027 to 22 July 2027",
        ),
        (
            {"rhythm": Rhythm.MONTHLY, "nth": -1, "every": 3},
            "The last Thursday of every third month, 2pm to 4pm, 4 dates from 21 January 2027",
        ),
    ],
)
def test_patterns_in_words(changed, words):
    assert pattern_words(replace(THURSDAYS, **changed)) == words


def test_patterns_in_words_say_what_they_leave_out():
    scots = replace(THURSDAYS, nation=Nation.SCOTLAND)

    assert pattern_words(scots).endswith("not on bank holidays (Scotland)")
    assert pattern_words(THURSDAYS, "Sampleshire").endswith("in term time (Sampleshire)")


@pytest.mark.parametrize(
    ("nation", "year", "some"),
    [
        # gov.uk, UK bank holidays, as published for 2025 to 2027.
        (
            Nation.ENGLAND_AND_WALES,
            2027,
            "1 1, 26 3, 29 3, 3 5, 31 5, 30 8, 27 12, 28 12",
        ),
        (
            Nation.SCOTLAND,
            2026,
            "1 1, 2 1, 3 4, 4 5, 25 5, 15 6, 3 8, 30 11, 25 12, 28 12",
        ),
        (
            Nation.NORTHERN_IRELAND,
            2026,
            "1 1, 17 3, 3 4, 6 4, 4 5, 25 5, 13 7, 31 8, 25 12, 28 12",
        ),
        (
            Nation.ENGLAND_AND_WALES,
            2022,
            "3 1, 15 4, 18 4, 2 5, 2 6, 3 6, 29 8, 19 9, 26 12, 27 12",
        ),
    ],
)
def test_bank_holidays(nation, year, some):
    expected = [date(year, int(m), int(d)) for d, m in (each.split() for each in some.split(", "))]

    assert list(bank_holidays(nation, year)) == expected
