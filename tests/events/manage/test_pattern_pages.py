"""Patterns on the desk: shown first, done once, refused in words."""

from datetime import UTC, date, datetime

import pytest

from netapp.events.models import BookedAs, EventStatus, SchoolHoliday
from netapp.kernel.tokens import new_key
from tests.events.manage.pattern_scenes import (
    fresh,
    local_starts,
    make_calendar,
    pattern_of,
    repeat,
)
from tests.events.manage.plans import lines
from tests.events.scenes import book, fill, forget_mails, mails
from tests.factories import NOW, make_event, make_helper, make_person


@pytest.fixture
def event(session):
    return make_event(session, starts_at=datetime(2027, 9, 2, 13, tzinfo=UTC), title="Chaos")


FILLED = {
    "every": "2",
    "starts": "2pm",
    "ends": "4pm",
    "first_day": "2027-01-21",
    "number": "4",
    "capacity": "8",
}


def open_new(desk, event):
    desk.open(f"/desk/events/{event.key}/dates")
    assert "Repeat" in desk.text
    desk.open(f"/desk/events/{event.key}/patterns/new")


def open_pattern(desk, session, event):
    key = pattern_of(session, event).key
    desk.open(f"/desk/events/{event.key}/patterns/{key}")
    return f"/patterns/{key}"


def test_every_second_thursday_in_term_time_is_listed_then_added(desk, session, event):
    half_term = ("Half term", date(2027, 2, 15), date(2027, 2, 19))
    calendar = make_calendar(session, half_term)
    open_new(desk, event)

    desk.send("/patterns/new", FILLED, leave_out=calendar.key)

    assert desk.page.status_code == 200
    assert "in term time (Sampleshire)" in desk.text
    assert "Thu 21 Jan 2027, 2pm to 4pm GMT" in desk.text
    assert "Left out: 1 date" in desk.text
    assert "Half term, Sampleshire" in desk.text
    assert len(local_starts(session, event)) == 1

    desk.send("/patterns/new")

    assert "Added 4 dates." in desk.text
    assert local_starts(session, event) == [
        "Thu 21 Jan 14:00",
        "Thu 4 Feb 14:00",
        "Thu 4 Mar 14:00",
        "Thu 18 Mar 14:00",
        "Thu 2 Sep 14:00",
    ]
    assert "4 dates belong to it." in desk.text


def test_sent_twice_it_is_added_once(desk, session, event):
    open_new(desk, event)
    desk.send("/patterns/new", FILLED)
    form = desk.form("/patterns/new")

    for _ in range(2):
        assert desk.client.post(form.action, data=dict(form.fields)).status_code == 303

    assert len(local_starts(session, event)) == 5
    assert [action for action, *_ in lines(session)] == ["pattern.add"]


def test_holidays_written_down_meanwhile_are_shown_first(desk, session, event):
    calendar = make_calendar(session)
    open_new(desk, event)
    desk.send("/patterns/new", FILLED, leave_out=calendar.key)
    session.add(
        SchoolHoliday(
            key=new_key(),
            calendar_id=calendar.id,
            name="Snow",
            first_day=date(2027, 2, 4),
            last_day=date(2027, 2, 4),
            source="The school",
            checked_on=NOW.date(),
        )
    )
    session.commit()

    desk.send("/patterns/new")
    assert desk.page.status_code == 409
    assert "Something changed while this page was open" in desk.text
    assert "Snow, Sampleshire" in desk.text
    assert len(local_starts(session, event)) == 1

    desk.send("/patterns/new")
    assert "Thu 4 Feb 14:00" not in local_starts(session, event)
    assert len(local_starts(session, event)) == 5


def test_going_back_keeps_what_was_typed(desk, session, event):
    open_new(desk, event)
    desk.send("/patterns/new", FILLED)

    desk.send("/patterns/new", again="1")

    assert dict(desk.form("/patterns/new").fields)["number"] == "4"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"weekdays": []}, "Choose at least one day of the week."),
        ({"rhythm": "monthly", "weekdays": ["1", "2"]}, "By months, choose one day of the week."),
        ({"number": ""}, "Say until when, or how many dates: one of the two."),
        ({"until": "2027-03-01"}, "Say until when, or how many dates: one of the two."),
        ({"number": "", "until": "2027-01-01"}, "Choose a day after the first one."),
        ({"number": "201"}, "Enter a number from 1 to 200."),
        ({"every": "0"}, "Enter a number"),
        ({"ends": "1pm"}, "It ends before it starts."),
        ({"ends": "1pm", "next_day": "y"}, "A date of a pattern lasts 14 hours at most."),
        ({"next_day": "y"}, "It would last a whole day and more."),
        ({"join_link": "meet.example.org"}, "Enter the whole link, beginning with https://"),
        ({"first_day": "soon"}, "Enter a day, like 21/1/2027."),
    ],
)
def test_what_is_wrong_is_named(desk, session, event, typed, said):
    open_new(desk, event)

    desk.send("/patterns/new", FILLED | typed)

    assert desk.page.status_code == 422
    assert said in desk.text


def test_too_many_dates_are_refused(desk, session, event):
    open_new(desk, event)

    desk.send("/patterns/new", FILLED, number="", until="2031-12-31", every="1")

    assert desk.page.status_code == 409
    assert "That makes more than 200 dates." in desk.text


def test_a_time_that_happens_twice_is_asked_about(desk, session, event):
    open_new(desk, event)
    sundays = {"weekdays": ["6"], "starts": "1:30am", "ends": "3am", "first_day": "2027-10-31"}

    desk.send("/patterns/new", FILLED | sundays, number="1")
    assert desk.page.status_code == 422
    assert "this time happens twice. Say which." in desk.text
    desk.send("/patterns/new", which="second")
    desk.send("/patterns/new")

    assert fresh(session, event).sessions[1].starts_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_nothing_to_add_is_said(desk, session, event):
    open_new(desk, event)
    desk.send("/patterns/new", FILLED, first_day="2026-01-08", number="2")
    assert "In the past." in desk.text

    desk.send("/patterns/new")

    assert "This pattern has no date that could be added." in desk.text


def test_a_booked_course_is_refused_in_words(desk, session):
    event = make_event(session, booked_as=BookedAs.WHOLE)
    book(session, event)
    open_new(desk, event)
    desk.send("/patterns/new", FILLED)

    desk.send("/patterns/new")

    assert desk.page.status_code == 409
    assert "People have booked all dates of this course together" in desk.text


def test_a_change_shows_what_it_alters_then_does_it_once(desk, session, event):
    repeat(session, event)
    fill(session, fresh(session, event), 0, 3, people=2)
    forget_mails(session)
    path = open_pattern(desk, session, event)

    desk.send(path, starts="3pm", ends="5pm", number="3")

    assert "Change to: Every Thursday, 3pm to 5pm, 3 dates from 21 January 2027" in desk.text
    assert '<td data-label="New">3pm to 5pm</td>' in desk.text
    assert "Cancelled: 1 date" in desk.text
    assert (
        "2 people get a mail with all that is different. Each also gets a short mail for each of "
        "their dates, for their calendar: 4 in all."
    ) in desk.text
    assert "Change 3 dates, cancel 1 date and tell 2 people" in desk.text
    assert mails(session) == []

    desk.send(path)
    assert "Say why, in a few words" in desk.text
    form = desk.form(path)
    for _ in range(2):
        desk.client.post(form.action, data=dict(form.fields) | {"reason": "The hall is let."})

    assert local_starts(session, event)[:4] == [
        "Thu 21 Jan 15:00",
        "Thu 28 Jan 15:00",
        "Thu 4 Feb 15:00",
        "Thu 11 Feb 14:00 cancelled",
    ]
    letters = ["events/dates_changed", "events/invitation", "events/invitation_cancelled"]
    assert mails(session) == letters * 2
    assert [action for action, *_ in lines(session)].count("pattern.change") == 1


def test_a_date_booked_meanwhile_is_told_too(desk, session, event):
    repeat(session, event)
    path = open_pattern(desk, session, event)
    desk.send(path, starts="3pm", ends="5pm")
    assert "Nobody is affected, so no mail goes out." in desk.text
    book(session, fresh(session, event), 0)
    forget_mails(session)

    desk.send(path)

    assert "Changed 4 dates, and 1 person was told." in desk.text
    assert mails(session) == ["events/session_moved"]


def test_a_date_changed_by_hand_is_marked_and_can_go_along(desk, session, event):
    repeat(session, event)
    key = fresh(session, event).sessions[1].key
    desk.open(f"/desk/events/{event.key}/dates/{key}")
    desk.send(f"/dates/{key}", day="2027-01-29")
    desk.send(f"/dates/{key}")
    assert desk.text.count("Changed by hand") == 1

    path = open_pattern(desk, session, event)
    desk.send(path, starts="3pm", ends="5pm")
    assert "Left alone: 1 date" in desk.text
    desk.send(path, again="1")
    desk.send(path, along=[key])
    assert "Left alone" not in desk.text
    desk.send(path)

    assert local_starts(session, event)[1] == "Thu 28 Jan 15:00"
    assert "Changed by hand" not in desk.text


def test_something_changed_between_showing_and_doing_is_shown_again(
    desk, session, event, as_person, jo
):
    repeat(session, event)
    path = open_pattern(desk, session, event)
    desk.send(path, starts="3pm", ends="5pm")
    other = as_person(jo)
    key = fresh(session, event).sessions[1].key
    other.open(f"/desk/events/{event.key}/dates/{key}")
    other.send(f"/dates/{key}", day="2027-01-29")
    other.send(f"/dates/{key}")

    desk.send(path)

    assert desk.page.status_code == 409
    assert "Something changed while this page was open" in desk.text
    assert local_starts(session, event)[0] == "Thu 21 Jan 14:00"
    desk.send(path)
    assert local_starts(session, event)[:2] == ["Thu 21 Jan 15:00", "Fri 29 Jan 14:00"]


def test_two_who_change_the_pattern_see_both_texts(desk, session, event, as_person, jo):
    repeat(session, event)
    path = open_pattern(desk, session, event)
    other = as_person(jo)
    other.open(f"/desk/events/{event.key}{path}")
    other.send(path, number="3")
    other.send(path, reason="Fewer.")

    desk.send(path, starts="3pm", ends="5pm")

    assert desk.page.status_code == 409
    assert "15:00" in desk.text or "3pm" in desk.text
    assert local_starts(session, event)[0] == "Thu 21 Jan 14:00"


def test_what_changes_no_date_is_saved_at_once(desk, session, event):
    repeat(session, event)
    path = open_pattern(desk, session, event)

    desk.send(path, capacity="20")

    assert "Saved." in desk.text
    assert pattern_of(session, event).capacity == 20


def test_it_stops_from_a_day_on(desk, session, event):
    repeat(session, event)
    path = open_pattern(desk, session, event)

    desk.send(f"{path}/stop", day="2027-02-01")
    assert "Stop from Monday 1 February 2027 on" in desk.text
    assert "Cancel 2 dates" in desk.text
    desk.send(f"{path}/stop", reason="The room is gone.")

    assert "Cancelled 2 dates. Nobody had to be told." in desk.text
    assert "21 January 2027 to 31 January 2027" in desk.text
    assert local_starts(session, event)[2:4] == [
        "Thu 4 Feb 14:00 cancelled",
        "Thu 11 Feb 14:00 cancelled",
    ]


def test_the_only_dates_are_not_all_cancelled(desk, session):
    event = make_event(session, starts_at=datetime(2027, 1, 21, 14, tzinfo=UTC), hours=2)
    repeat(session, event)
    path = open_pattern(desk, session, event)
    desk.send(f"{path}/stop", day="2027-01-12")

    desk.send(f"{path}/stop", reason="Over.")

    assert "This is the only date left. Cancel the whole event instead." in desk.text


def test_neither_the_archive_nor_a_cancelled_event_is_repeated(desk, session):
    for event in (
        make_event(session, is_record=True),
        make_event(session, status=EventStatus.CANCELLED),
    ):
        desk.open(f"/desk/events/{event.key}/dates")
        assert "Many dates at once" not in desk.text
        assert desk.open(f"/desk/events/{event.key}/patterns/new").status_code == 404


def test_a_helper_of_this_event_may_and_others_may_not(session, event, as_person):
    helper = as_person(make_helper(session, event, make_person(session)))
    stranger = as_person(make_person(session))
    path = f"/desk/events/{event.key}/patterns/new"

    assert helper.open(path).status_code == 200
    assert "/desk/holidays" not in helper.text
    assert stranger.open(path).status_code == 404
    assert helper.open("/desk/holidays").status_code == 404


def test_a_pattern_of_another_event_is_not_there(desk, session, event):
    repeat(session, event)
    other = make_event(session)

    key = pattern_of(session, event).key
    assert desk.open(f"/desk/events/{other.key}/patterns/{key}").status_code == 404
