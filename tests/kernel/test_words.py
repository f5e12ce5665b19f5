from datetime import UTC, datetime

import pytest

from netapp.kernel.words import (
    count_words,
    dates_words,
    hours_words,
    join_words,
    sentence,
    span_words,
    time_words,
)

LONDON = "Europe/London"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2021-01-21T14:00", "2pm"),
        ("2021-05-13T13:00", "2pm"),  # Summer time.
        ("2021-01-21T17:30", "5:30pm"),
        ("2021-01-21T09:05", "9:05am"),
        ("2021-01-21T12:00", "midday"),
        ("2021-01-21T12:30", "12:30pm"),
        ("2021-01-21T00:00", "midnight"),
        ("2021-01-21T00:15", "12:15am"),
    ],
)
def test_times(moment, words):
    assert time_words(utc(moment), LONDON) == words


def test_a_span_names_its_zone():
    assert (
        span_words(utc("2021-05-13T13:00"), utc("2021-05-13T16:30"), LONDON)
        == "Thursday 13 May 2021, 2pm to 5:30pm BST"
    )


def test_a_span_over_midnight_names_both_days():
    assert (
        span_words(utc("2021-01-21T22:00"), utc("2021-01-22T01:00"), LONDON)
        == "Thursday 21 January 2021, 10pm to Friday 22 January 2021, 1am GMT"
    )


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (["2021-02-23"], "Tuesday 23 February 2021"),
        (
            ["2021-01-21", "2021-03-18", "2021-05-13"],
            "Thursdays 21 January, 18 March and 13 May 2021",
        ),
        (
            ["2021-01-22", "2021-01-29", "2021-02-05"],
            "Fridays 22 and 29 January, 5 February 2021",
        ),
        (["2021-03-11", "2021-03-12"], "Thursday 11 and Friday 12 March 2021"),
        (["2020-12-31", "2021-01-07"], "Thursdays 31 December 2020 and 7 January 2021"),
        ([], ""),
    ],
)
def test_several_dates_name_what_they_share_once(days, words):
    assert dates_words([utc(f"{day}T14:00") for day in days], LONDON) == words


def test_small_words():
    assert hours_words(utc("2021-01-21T14:00"), utc("2021-01-21T17:30"), LONDON) == "2pm to 5:30pm"
    assert join_words(["a", "b", "c"]) == "a, b and c"
    assert [count_words(n, "place") for n in (0, 1, 1200)] == [
        "0 places",
        "1 place",
        "1,200 places",
    ]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Asked on the phone", "Asked on the phone."),
        ("Ill. ", "Ill."),
        ("Why?", "Why?"),
        ("And so on…", "And so on…"),
        ("", ""),
    ],
)
def test_what_people_type_ends_like_a_sentence(typed, shown):
    assert sentence(typed) == shown
