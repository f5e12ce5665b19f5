"""No date twice by a slip of the hand; sessions side by side stay possible."""

from datetime import timedelta

import pytest

from netapp.events.errors import DateTwice, NotReady
from netapp.events.models import EventSession, EventStatus, Mode
from netapp.events.operations import dates, editing
from netapp.events.plans import DatePlan
from netapp.events.queries.readiness import missing_for
from tests.events.manage.plans import ACTOR, plan_of
from tests.factories import NOW, make_event, make_event_session


@pytest.fixture
def event(session, now_there):
    return now_there(make_event(session, sessions=2, mode=Mode.IN_PERSON))


def starts(session, event):
    found = session.query(EventSession.starts_at).filter(EventSession.event_id == event.id)
    return sorted(starts_at for (starts_at,) in found)


def test_the_same_day_again_is_refused_with_what_was_typed(desk, session, event):
    desk.open(f"/desk/events/{event.key}/dates")

    page = desk.send("/dates/again", like=event.sessions[0].key, day="2027-02-17")

    assert page.status_code == 422
    assert "Wednesday 17 February 2027 is there already at these hours." in desk.text
    assert dict(desk.form("/dates/again").fields)["day"] == "2027-02-17"
    assert len(starts(session, event)) == 2


def test_the_same_day_added_twice_from_two_pages_is_there_once(desk, session, event):
    def send():
        desk.open(f"/desk/events/{event.key}/dates")
        return desk.send("/dates/again", like=event.sessions[0].key, day="2027-03-03")

    assert [send().status_code for _ in range(2)] == [200, 422]
    assert len(starts(session, event)) == 3


def test_a_date_like_one_that_is_there_is_refused_with_what_was_typed(desk, session, event):
    desk.open(f"/desk/events/{event.key}/dates/new")

    page = desk.send("/dates/new", day="2027-02-10", starts="2pm", ends="5:30pm", note="Hello")

    assert page.status_code == 409
    assert "There is a date with the same day, hours, name and place already." in desk.text
    assert dict(desk.form("/dates/new").fields)["note"] == "Hello"
    assert len(starts(session, event)) == 2


@pytest.mark.parametrize(
    "other", [{"title": "Workshop B"}, {"place": "Room 2"}, {"ends": "5pm"}, {"starts": "2:30pm"}]
)
def test_sessions_side_by_side_and_overlaps_are_allowed(desk, session, event, other):
    desk.open(f"/desk/events/{event.key}/dates/new")

    desk.send("/dates/new", {"day": "2027-02-10", "starts": "2pm", "ends": "5:30pm", **other})

    assert "Added Wednesday 10 February 2027." in desk.text
    assert len(starts(session, event)) == 3


def test_a_day_whose_date_was_cancelled_can_be_added_again(desk, session, event):
    desk.open(f"/desk/events/{event.key}/dates/{event.sessions[1].key}/cancel")
    desk.send("/cancel", reason="No room.")
    desk.open(f"/desk/events/{event.key}/dates")

    desk.send("/dates/again", like=event.sessions[0].key, day="2027-02-17")

    assert "Added Wednesday 17 February 2027." in desk.text


def test_a_date_is_not_moved_onto_another_one_like_it(session, event):
    first, second = event.sessions
    plan = plan_of(first, starts_at=second.starts_at, ends_at=second.ends_at)

    with pytest.raises(DateTwice):
        change(session, event, first, plan)


def change(session, event, date, plan):
    dates.change_date(
        session,
        event_id=event.id,
        session_key=date.key,
        plan=plan,
        seen_version=1,
        actor=ACTOR,
        now=NOW,
    )


def test_two_alike_from_before_can_still_be_edited_and_are_named_before_publishing(
    session, now_there
):
    made = make_event(
        session,
        status=EventStatus.DRAFT,
        published_at=None,
        access_facts=[{"kind": "unchecked", "text": ""}],
    )
    only = made.sessions[0]
    twin = make_event_session(only.starts_at, 3.5, Mode.ONLINE, 10)
    twin.event_id = made.id
    session.add(twin)
    session.commit()
    draft = now_there(made)

    change(session, draft, draft.sessions[0], plan_of(draft.sessions[0], note="Hello"))

    assert [one.words for one in missing_for(draft, draft.sessions, NOW)] == [
        "Wednesday 10 February 2027, 2pm to 5:30pm GMT is there twice: remove one, or give it a "
        "name or a place."
    ]
    with pytest.raises(NotReady):
        editing.publish_event(
            session, event_id=draft.id, seen_version=draft.version, actor=ACTOR, now=NOW
        )


def test_adding_asks_again_under_the_lock(session, event):
    date = event.sessions[0]
    plan = DatePlan(date.starts_at, date.starts_at + timedelta(hours=3.5), place=date.place)

    with pytest.raises(DateTwice):
        dates.add_date(session, event_id=event.id, plan=plan, capacity=None, actor=ACTOR, now=NOW)
