"""Copying an event on the desk, and cancelling one."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from netapp.events.models import EventSession, EventStatus, SessionStatus
from tests.events.manage.editing_scenes import events
from tests.events.manage.plans import lines
from tests.events.scenes import book, fill, mails
from tests.factories import NOW, make_event


def test_a_copy_begins_on_the_day_that_was_picked(desk, session):
    source = make_event(session, sessions=2, title="Chaos")
    book(session, source, 0)
    desk.open(f"/desk/events/{source.key}/copy")
    form = dict(desk.form("/copy").fields)
    assert form["title"] == "Copy of Chaos"
    assert form["day"] == "2027-02-10"  # The first Wednesday in four weeks or later.

    desk.send("/copy", title="Chaos again", day="2027-06-09")

    copied = events(session)[1]
    assert desk.path == f"/desk/events/{copied.key}/dates"
    dates = session.scalars(
        select(EventSession.starts_at)
        .where(EventSession.event_id == copied.id)
        .order_by(EventSession.starts_at)
    ).all()
    assert dates == [
        datetime(2027, 6, 9, 13, tzinfo=UTC),
        datetime(2027, 6, 16, 13, tzinfo=UTC),
    ]
    assert (copied.title, copied.status) == ("Chaos again", EventStatus.DRAFT)


def test_a_copy_that_would_fall_into_the_gap_is_refused_in_words(desk, session):
    source = make_event(session, starts_at=datetime(2027, 3, 21, 1, 30, tzinfo=UTC))
    desk.open(f"/desk/events/{source.key}/copy")

    page = desk.send("/copy", day="2027-03-28")

    assert page.status_code == 422
    assert "when the clocks go forward. Choose another day." in desk.text
    assert len(events(session)) == 1


def test_cancelling_shows_the_effects_asks_why_and_is_done_once(desk, session, now_there):
    event = make_event(session, sessions=2, capacity=2)
    fill(session, event, 0, people=3)
    desk.open(f"/desk/events/{event.key}/cancel")
    assert "Cancel the event and tell 3 people" in desk.text
    assert "On the waiting list: 1 booking" in desk.text

    page = desk.send("/cancel", reason="  ")
    assert page.status_code == 422
    assert "Say why, in a few words" in desk.text

    form = desk.form("/cancel")
    data = dict(form.fields) | {"reason": "The trainer is ill."}
    for _ in range(2):
        desk.client.post(form.action, data=data)

    saved = now_there(event)
    assert saved.status is EventStatus.CANCELLED
    assert {date.status for date in saved.sessions} == {SessionStatus.CANCELLED}
    assert mails(session).count("events/booking_cancelled") == 3
    assert [line[0] for line in lines(session)] == ["event.cancel"]


def test_a_cancellation_is_shown_again_when_the_event_changed_meanwhile(
    desk, session, as_person, jo, now_there
):
    event = make_event(session)
    desk.open(f"/desk/events/{event.key}/cancel")
    other = as_person(jo)
    other.open(f"/desk/events/{event.key}")
    other.send(f"/desk/events/{event.key}", summary="New.")

    page = desk.send("/cancel", reason="No trainer.")

    assert page.status_code == 409
    assert "Something changed while this page was open" in desk.text
    assert "No trainer." in desk.text
    assert now_there(event).status is EventStatus.PUBLISHED

    desk.send("/cancel")

    assert now_there(event).status is EventStatus.CANCELLED


def test_there_is_nothing_to_cancel_in_a_draft_or_in_what_is_over(desk, session):
    draft = make_event(session, status=EventStatus.DRAFT, published_at=None)
    over = make_event(session, starts_at=NOW - timedelta(days=3))

    for event in (draft, over):
        desk.open(f"/desk/events/{event.key}/cancel")
        assert desk.path == f"/desk/events/{event.key}"
        assert "Cancel the event" not in desk.text


def test_a_copy_is_suggested_for_a_day_on_which_somebody_comes(desk, session, at):
    """Four weeks from Friday 27 November is Christmas Day, and then comes New Year's Day."""
    source = make_event(session, starts_at=datetime(2027, 2, 12, 14, tzinfo=UTC))
    with at(datetime(2026, 11, 27, 12, tzinfo=UTC)):
        desk.open(f"/desk/events/{source.key}/copy")
        assert dict(desk.form("/copy").fields)["day"] == "2027-01-08"
