"""Dates that would fall on Christmas or New Year are named where they are suggested."""

from datetime import UTC, date, datetime

import pytest

from netapp.events.models import EventStatus
from netapp.events.queries.holidays import check_words
from tests.factories import make_event


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2027, 12, 24), ""),
        (date(2027, 12, 25), "25 December: check this date."),
        (date(2027, 12, 26), "26 December: check this date."),
        (date(2028, 1, 1), "1 January: check this date."),
        (None, ""),
    ],
)
def test_three_days_are_checked(day, words):
    assert check_words(day) == words


def test_a_copy_names_each_date_that_would_fall_on_one(desk, session):
    starts_at = datetime(2026, 2, 14, 14, tzinfo=UTC)  # A Saturday.
    event = make_event(session, sessions=47, starts_at=starts_at)

    desk.open(f"/desk/events/{event.key}/copy")

    assert dict(desk.form("/copy").fields)["day"] == "2027-02-13"
    assert "25 December: check this date." in desk.text
    assert "1 January: check this date." in desk.text
    assert "26 December" not in desk.text

    desk.send("/copy")

    assert "25 December: check this date." in desk.text  # Beside the date of the draft.
    assert "1 January: check this date." in desk.text


def test_an_ordinary_copy_names_none(desk, session):
    event = make_event(session, sessions=3)

    desk.open(f"/desk/events/{event.key}/copy")

    assert "check this date" not in desk.text


def test_the_same_hours_a_week_later_are_checked_too(desk, session):
    starts_at = datetime(2027, 12, 18, 14, tzinfo=UTC)
    event = make_event(session, starts_at=starts_at)

    desk.open(f"/desk/events/{event.key}/dates")

    assert dict(desk.form("/dates/again").fields)["day"] == "2027-12-25"
    assert desk.text.count("25 December: check this date.") == 1


def test_a_published_date_is_left_alone(desk, session):
    day = datetime(2027, 12, 25, 14, tzinfo=UTC)
    published = make_event(session, starts_at=day)
    draft = make_event(session, starts_at=day, status=EventStatus.DRAFT, published_at=None)

    shown = [
        "25 December: check" in desk.open(f"/desk/events/{event.key}/dates").text
        for event in (published, draft)
    ]

    assert shown == [False, True]
