"""Dates on the desk: added, moved in two steps, cancelled, printed; places."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from netapp.events.models import BookedAs, EventSession, EventStatus, Mode, Segment, SessionStatus
from tests.events.manage.plans import lines
from tests.events.scenes import book, fill, forget_mails, mails, states
from tests.factories import NOW, make_event, make_person

DAY = timedelta(days=1)


def dates(session, event):
    found = select(EventSession).where(EventSession.event_id == event.id)
    return session.scalars(found.order_by(EventSession.starts_at)).all()


@pytest.fixture
def event(session, now_there):
    made = make_event(session, sessions=2, capacity=2, title="Chaos")
    return now_there(made)


def open_date(desk, event, number=0):
    key = event.sessions[number].key
    desk.open(f"/desk/events/{event.key}/dates/{key}")
    return f"/dates/{key}"


def test_a_move_shows_who_is_told_then_is_done(desk, session, event, now_there):
    fill(session, event, 0, people=3)
    forget_mails(session)
    form = open_date(desk, event)

    page = desk.send(form, day="2027-02-12", starts="3pm", ends="18:00")

    assert page.status_code == 200
    assert "Wednesday 10 February 2027, 2pm to 5:30pm GMT" in desk.text
    assert "Friday 12 February 2027, 3pm to 6pm GMT" in desk.text
    assert "Change this date and tell 3 people" in desk.text
    assert "With a place: 2 bookings" in desk.text
    assert "On the waiting list: 1 booking" in desk.text
    assert mails(session) == []

    desk.send(form, message="The hall is closed.")

    moved = now_there(event).sessions[0]
    assert (moved.starts_at, moved.sequence) == (datetime(2027, 2, 12, 15, tzinfo=UTC), 1)
    assert "Saved, and 3 people were told." in desk.text
    assert mails(session) == ["events/session_moved"] * 3
    assert lines(session)[0][2] == "The hall is closed."


def test_a_move_sent_twice_is_done_once(desk, session, event, now_there):
    book(session, event, 0)
    forget_mails(session)
    path = open_date(desk, event)
    desk.send(path, day="2027-02-12")
    form = desk.form(path)

    for _ in range(2):
        answer = desk.client.post(form.action, data=dict(form.fields))
        assert answer.status_code == 303

    assert now_there(event).sessions[0].sequence == 1
    assert mails(session) == ["events/session_moved"]


def test_a_move_from_an_older_page_is_shown_with_both_times(
    desk, session, event, as_person, jo, now_there
):
    path = open_date(desk, event)
    desk.send(path, day="2027-02-12")
    other = as_person(jo)
    other.open(f"/desk/events/{event.key}{path}")
    other.send(path, note="Bring headphones.")

    page = desk.send(path)

    assert page.status_code == 409
    assert "2027-02-12" in desk.text
    assert "2027-02-10" in desk.text
    assert "Bring headphones." in desk.text
    assert now_there(event).sessions[0].sequence == 0


def test_changing_it_again_after_the_effects(desk, session, event, now_there):
    path = open_date(desk, event)
    desk.send(path, day="2027-02-12")
    desk.send(path, again="1")

    desk.send(path, day="2027-02-13")
    desk.send(path)

    assert now_there(event).sessions[0].starts_at == datetime(2027, 2, 13, 14, tzinfo=UTC)


def test_going_back_after_a_move_never_loses_the_second_one(desk, session, event, now_there):
    """The page of the browser's Back button holds the old version, and says so."""
    path = open_date(desk, event)
    first = desk.form(path)
    desk.send(path, day="2027-02-12")
    desk.send(path)

    answer = desk.client.post(first.action, data=dict(first.fields) | {"day": "2027-02-20"})

    assert answer.status_code == 409
    assert now_there(event).sessions[0].starts_at == datetime(2027, 2, 12, 14, tzinfo=UTC)


def test_a_note_and_parts_are_saved_without_a_page_between(desk, session, event, now_there):
    book(session, event, 0)
    forget_mails(session)
    path = open_date(desk, event)

    desk.send(
        path,
        {
            "note": "Bring headphones.",
            "segments-0-title": "Social time",
            "segments-0-starts": "5:30pm",
        },
    )

    date = now_there(event).sessions[0]
    assert "Saved." in desk.text
    assert (date.note, date.sequence, mails(session)) == ("Bring headphones.", 0, [])
    assert [(s.title, s.starts_at, s.ends_at) for s in date.segments] == [
        ("Social time", date.ends_at, None)
    ]
    assert "Social time from 5:30pm" in desk.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"segments-0-title": "Social time"}, "Enter when it begins, like 4pm."),
        ({"segments-0-starts": "4pm"}, "Say what begins then, like Social time."),
        (
            {
                "segments-0-title": "Social",
                "segments-0-starts": "4pm",
                "segments-0-ends": "3pm",
            },
            "Leave the end empty if it is open.",
        ),
        ({"join_link": "meet.example.org"}, "Enter the whole link, beginning with https://"),
        ({"day": "2026-12-01"}, "Choose a time that is still to come."),
    ],
)
def test_wrong_dates_are_named(desk, session, event, typed, said):
    path = open_date(desk, event)

    desk.send(path, typed)
    if "Change this date" in desk.text and "agreed" in desk.text:
        desk.send(path)

    assert desk.page.status_code in (409, 422)
    assert said in desk.text


def test_a_place_is_changed_for_an_event_in_person(desk, session, now_there):
    event = now_there(make_event(session, mode=Mode.IN_PERSON))
    book(session, event, 0)
    forget_mails(session)
    path = open_date(desk, event)

    desk.send(path, place="Town Hall, High Street")
    assert "Room 1, Example House, London" in desk.text
    desk.send(path)

    assert now_there(event).sessions[0].place == "Town Hall, High Street"
    assert mails(session) == ["events/place_changed"]


def test_a_new_link_is_never_shown_in_what_changes(desk, session, event):
    path = open_date(desk, event)

    desk.send(path, join_link="https://meet.example.org/secret-room")

    assert "A new one. Your joining page has it when it is time." in desk.text
    assert desk.text.count("secret-room") == 1  # Only in the hidden field that is sent along.


def test_a_draft_is_moved_at_once(desk, session, now_there):
    event = now_there(make_event(session, status=EventStatus.DRAFT, published_at=None))
    path = open_date(desk, event)

    desk.send(path, day="2027-02-12")

    assert "Saved." in desk.text
    assert now_there(event).sessions[0].starts_at == datetime(2027, 2, 12, 14, tzinfo=UTC)


def test_another_date_and_the_same_hours_again(desk, session, event):
    desk.open(f"/desk/events/{event.key}/dates/new")
    form = dict(desk.form("/dates/new").fields)
    assert (form["starts"], form["ends"], form["capacity"]) == ("14:00", "17:30", "2")
    desk.send("/dates/new", day="2027-03-03", starts="10am", ends="midday", capacity="")
    assert "Enter a time, like 2pm or 17:30." in desk.text
    desk.send("/dates/new", ends="12pm")
    assert "Added Wednesday 3 March 2027." in desk.text

    desk.send("/dates/again", like=event.sessions[1].key, day="2027-04-07")

    assert [d.starts_at for d in dates(session, event)] == [
        datetime(2027, 2, 10, 14, tzinfo=UTC),
        datetime(2027, 2, 17, 14, tzinfo=UTC),
        datetime(2027, 3, 3, 10, tzinfo=UTC),
        datetime(2027, 4, 7, 13, tzinfo=UTC),  # 2pm, in summer time.
    ]


def test_the_days_of_a_longer_event_have_daily_hours(desk, session, now_there):
    made = make_event(
        session,
        status=EventStatus.DRAFT,
        published_at=None,
        starts_at=datetime(2027, 3, 11, 9, 30, tzinfo=UTC),
        hours=7.5,
    )
    desk.open(f"/desk/events/{made.key}/dates")

    desk.send("/dates/again", day="2027-03-12")

    assert [(d.starts_at, d.ends_at) for d in dates(session, made)] == [
        (datetime(2027, 3, n, 9, 30, tzinfo=UTC), datetime(2027, 3, n, 17, tzinfo=UTC))
        for n in (11, 12)
    ]


def test_the_same_hours_never_fall_into_the_gap(desk, session, now_there):
    made = make_event(session, starts_at=datetime(2027, 3, 21, 1, 30, tzinfo=UTC))
    desk.open(f"/desk/events/{made.key}/dates")

    page = desk.send("/dates/again", day="2027-03-28")

    assert page.status_code == 422
    assert "The clocks go forward that night, so 1:30am does not exist." in desk.text
    assert len(dates(session, made)) == 1


def test_a_course_that_is_booked_gets_no_further_date(desk, session, now_there):
    event = now_there(make_event(session, sessions=2, booked_as=BookedAs.WHOLE))
    book(session, event)
    desk.open(f"/desk/events/{event.key}/dates")

    page = desk.send("/dates/again", day="2027-04-07")

    assert page.status_code == 409
    assert "People have booked all dates of this course together" in desk.text


def test_dates_of_a_draft_are_removed_and_published_ones_only_cancelled(desk, session, event):
    desk.open(f"/desk/events/{event.key}/dates")
    first, second = (date.key for date in event.sessions)
    assert [form.action for form in desk.forms() if form.action.endswith("/remove")] == []
    assert f"/dates/{first}/cancel" in desk.text

    event.status, event.published_at = EventStatus.DRAFT, None
    session.commit()
    desk.open(f"/desk/events/{event.key}/dates")
    desk.send(f"/dates/{second}/remove")

    assert [date.key for date in dates(session, event)] == [first]
    assert "The date is removed." in desk.text


def test_one_date_is_cancelled_with_its_effects_shown_first(desk, session, event, now_there):
    bookings = fill(session, event, 0, people=2)
    key = event.sessions[0].key
    desk.open(f"/desk/events/{event.key}/dates/{key}/cancel")
    assert "Cancel this date and tell 2 people" in desk.text
    assert "2 places end. Their bookings end with it." in desk.text

    form = desk.form("/cancel")
    data = dict(form.fields) | {"reason": "The hall is closed."}
    for _ in range(2):
        desk.client.post(form.action, data=data)
    desk.open(f"/desk/events/{event.key}/dates")

    assert now_there(event).sessions[0].status is SessionStatus.CANCELLED
    assert [states(session, booking) for booking in bookings] == [["cancelled"]] * 2
    assert mails(session).count("events/session_cancelled") == 2
    assert "The hall is closed." in desk.text
    assert [line[0] for line in lines(session)] == ["date.cancel"]


def test_the_only_date_leads_to_cancelling_the_event(desk, session, now_there):
    event = now_there(make_event(session))
    desk.open(f"/desk/events/{event.key}/dates/{event.sessions[0].key}/cancel")

    desk.send("/cancel", reason="No trainer.")

    assert "This is the only date left. Cancel the whole event instead." in desk.text
    assert now_there(event).sessions[0].status is SessionStatus.SCHEDULED


def test_more_places_show_who_is_offered_one_first(desk, session, event, now_there):
    fill(session, event, 0, people=2)
    waiting = [book(session, event, 0, person=make_person(session, name=n)) for n in ("Ana", "Ben")]
    name = f"d_{event.sessions[0].key}-capacity"
    desk.open(f"/desk/events/{event.key}/booking")

    desk.send("/places", {name: "3"})

    assert "Give more places and tell 1 person" in desk.text
    assert "Who is offered a place, in this order" in desk.text
    assert ("Ana" in desk.text, "Ben" in desk.text) == (True, False)
    assert now_there(event).sessions[0].pools[0].capacity == 2

    desk.send("/places")

    assert "Saved. 1 person is offered a place." in desk.text
    assert [states(session, booking) for booking in waiting] == [["offered"], ["waiting"]]


def test_fewer_places_than_taken_are_refused_in_words(desk, session, event, now_there):
    fill(session, event, 0, people=2)
    name = f"d_{event.sessions[0].key}-capacity"
    desk.open(f"/desk/events/{event.key}/booking")

    page = desk.send("/places", {name: "1"})

    assert page.status_code == 422
    assert "2 places are confirmed or on offer on Wednesday 10 February 2027" in desk.text
    assert ": give at least as many." in desk.text
    assert now_there(event).sessions[0].pools[0].capacity == 2


def test_places_without_anybody_waiting_are_saved_at_once(desk, session, event, now_there):
    first, second = (f"d_{date.key}" for date in event.sessions)
    desk.open(f"/desk/events/{event.key}/booking")

    wanted = {f"{first}-capacity": "", f"{second}-kept_back": "1", f"{second}-over_booking": "2"}
    assert desk.send("/places", wanted).status_code == 422
    assert "Say why places are kept back, or why you over-book." in desk.text
    desk.send("/places", wanted, reason="Two never come.")

    pools = [date.pools[0] for date in now_there(event).sessions]
    assert "Saved." in desk.text
    assert [(p.capacity, p.kept_back, p.over_booking) for p in pools] == [
        (None, 0, 0),
        (2, 1, 2),
    ]


def test_the_sign_in_sheet_has_names_in_order_and_never_what_they_need(desk, session, event):
    for name in ("Zoe", "ben", "Ana"):
        person = make_person(session, name=name, organisation=f"{name}'s school")
        book(session, event, 0, person=person)

    desk.open(f"/desk/events/{event.key}/dates/{event.sessions[0].key}/sign-in-sheet")

    assert [n for n in ("ben", "Zoe", "Ana") if f'<th scope="row">{n}</th>' in desk.text] == [
        "ben",
        "Zoe",
    ]  # Ana waits.
    assert desk.text.index(">ben<") < desk.text.index(">Zoe<")
    assert desk.text.count("<td></td><td></td><td></td>") == 8


def test_a_date_that_has_begun_keeps_its_time(desk, session, now_there):
    event = now_there(make_event(session, starts_at=NOW - timedelta(hours=1)))
    path = open_date(desk, event)

    desk.send(path, day="2027-02-12")
    page = desk.send(path)

    assert page.status_code == 409
    assert "This date has begun, so its time, place and link stay as they were." in desk.text


def test_dates_of_another_event_are_not_found_here(desk, session, event):
    other = make_event(session)

    page = desk.open(f"/desk/events/{other.key}/dates/{event.sessions[0].key}")

    assert page.status_code == 404


def test_a_date_in_the_past_is_added_to_a_draft_with_a_warning(desk, session):
    draft = make_event(session, status=EventStatus.DRAFT, published_at=None)
    desk.open(f"/desk/events/{draft.key}/dates/new")

    desk.send("/dates/new", day="2027-01-08", starts="2pm", ends="3pm")

    assert "Added Friday 8 January 2027." in desk.text
    assert "Friday 8 January 2027 is in the past. Move or remove it before you publish." in (
        desk.text
    )
    assert "The date Friday 8 January 2027 is in the past. Move or remove it." in desk.text
    assert "In the past" in desk.text


def test_a_date_of_a_draft_is_moved_into_the_past_with_a_warning(desk, session):
    draft = make_event(session, status=EventStatus.DRAFT, published_at=None)
    path = open_date(desk, draft)

    desk.send(path, day="2027-01-08")

    assert "Friday 8 January 2027 is in the past. Move or remove it before you publish." in (
        desk.text
    )


def test_the_sign_in_sheet_says_what_begins_when(desk, session, event):
    date = event.sessions[0]
    begins = datetime(2027, 2, 10, 16, tzinfo=UTC)
    session.add(Segment(session_id=date.id, title="Social time", starts_at=begins))
    session.commit()

    desk.open(f"/desk/events/{event.key}/dates/{date.key}/sign-in-sheet")

    assert "<p>Social time from 4pm.</p>" in desk.text
