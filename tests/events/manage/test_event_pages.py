"""What coordinators see and do with events, page by page: a new event, the list, a draft."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from netapp.events.models import EventSession, EventStatus, Mode
from tests.events.manage.editing_scenes import events
from tests.events.manage.plans import lines
from tests.events.scenes import book
from tests.factories import NOW, make_event, make_member
from tests.visitor import Visitor

FILLED = {
    "title": "Working With Chaos",
    "day": "2027-02-11",
    "starts": "14:00",
    "ends": "17:30",
    "capacity": "24",
}


@pytest.mark.parametrize(
    ("mode", "places", "online", "pools"),
    [
        ("in_person", "8", "", [("in_person", 8)]),
        ("online", "8", "", [("online", 8)]),
        ("online", "", "12", [("online", 12)]),  # Written beside "Places online", and meant.
        ("hybrid", "8", "12", [("in_person", 8), ("online", 12)]),
        ("hybrid", "8", "", [("in_person", 8), ("online", None)]),
    ],
)
def test_a_draft_has_the_places_that_were_typed(
    desk, session, now_there, mode, places, online, pools
):
    desk.open("/desk/events/new")
    typed = {"mode": mode, "capacity": places, "online_capacity": online}
    desk.send("/desk/events/new", FILLED | typed)
    (date,) = now_there(events(session)[0]).sessions
    assert [(pool.mode.value, pool.capacity) for pool in date.pools] == pools


def test_from_nothing_to_published(desk, session, as_person):
    desk.open("/desk/events/new")
    desk.send("/desk/events/new", FILLED)
    (event,) = events(session)
    assert desk.path == f"/desk/events/{event.key}"
    assert "The draft is made." in desk.text
    assert "Before it can be published" in desk.text
    assert as_person(None).open(f"/events/{event.slug}").status_code == 404

    desk.open(f"/desk/events/{event.key}/access")
    desk.send(
        "/access",
        has_captions="y",
        text_captions="at every date",
        contact_name="Jo Field",
        contact_email="jo@example.org",
    )
    desk.send("/publish")

    assert "Published. It is on the public site and in calendars now." in desk.text
    stranger = as_person(None)
    assert stranger.open(f"/events/{event.slug}").status_code == 200
    assert "Thursday 11 February 2027" in stranger.text
    assert [line[0] for line in lines(session)] == [
        "event.create",
        "event.access",
        "event.publish",
    ]
    assert [line[1] for line in lines(session)][-1] == "Published Working With Chaos."


def test_a_form_sent_twice_makes_one_event(desk, session):
    desk.open("/desk/events/new")
    form = desk.form("/desk/events/new")
    data = dict(form.fields) | FILLED

    first = desk.client.post(form.action, data=data)
    second = desk.client.post(form.action, data=data)

    assert first.location == second.location
    assert len(events(session)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "Enter a title, like Working With Chaos."),
        ({"day": ""}, "Enter a day, like 21/1/2027."),
        ({"day": "31 February"}, "Enter a day, like 21/1/2027."),
        ({"starts": "late"}, "Enter a time, like 2pm or 17:30."),
        ({"ends": "13:00"}, "It ends before it starts."),
        ({"capacity": "lots"}, "Enter a whole number, like 24."),
        ({"starts": "06:00", "ends": "22:30"}, "It would last 16.5 hours."),
        (
            {"day": "2027-03-28", "starts": "01:30"},
            "The clocks go forward that night, so 1:30am does not exist.",
        ),
        (
            {"day": "2027-10-31", "starts": "01:30"},
            "The clocks go back that night: 1:30am happens twice.",
        ),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(desk, session, typed, said):
    desk.open("/desk/events/new")

    page = desk.send("/desk/events/new", FILLED | typed)

    assert page.status_code == 422
    assert said in desk.text
    assert events(session) == []
    kept = dict(desk.form("/desk/events/new").fields)
    assert {name: kept[name] for name in FILLED} == FILLED | typed


def starts(session):
    return session.scalars(select(EventSession.starts_at)).one()


def test_the_doubled_hour_is_asked_about_and_answered(desk, session):
    desk.open("/desk/events/new")
    night = {"day": "2027-10-31", "starts": "01:30", "ends": "04:00"}
    desk.send("/desk/events/new", FILLED | night)

    desk.send("/desk/events/new", which_start="second")

    assert starts(session) == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_a_long_day_is_confirmed_by_a_tick(desk, session):
    desk.open("/desk/events/new")
    desk.send("/desk/events/new", FILLED | {"starts": "06:00", "ends": "22:30"})

    desk.send("/desk/events/new", long="y")

    assert starts(session) == datetime(2027, 2, 11, 6, tzinfo=UTC)


def test_a_night_may_end_on_the_next_day(desk, session):
    desk.open("/desk/events/new")
    desk.send("/desk/events/new", FILLED | {"starts": "8pm", "ends": "1am"}, next_day="y")

    ends = session.scalars(select(EventSession.ends_at)).one()
    assert ends == datetime(2027, 2, 12, 1, tzinfo=UTC)


def test_two_tabs_of_one_event_do_not_disturb_each_other(desk, session, as_person, jo, now_there):
    event = make_event(session)
    other = as_person(jo)
    desk.open(f"/desk/events/{event.key}")
    other.open(f"/desk/events/{event.key}/access")
    other.send("/access", has_bsl="y", text_bsl="on request")

    page = desk.send(f"/desk/events/{event.key}", summary="Mine.")

    saved = now_there(event)
    assert page.status_code == 200
    assert (saved.summary, saved.access_facts) == (
        "Mine.",
        [{"kind": "bsl", "text": "on request"}],
    )


def test_a_draft_can_be_previewed_by_coordinators_only(desk, session, as_person):
    event = make_event(session, status=EventStatus.DRAFT, published_at=None, title="Secret plan")

    assert "Secret plan" in desk.open(f"/desk/events/{event.key}/preview").text
    member = as_person(make_member(session))
    assert member.open(f"/desk/events/{event.key}/preview").status_code == 404


def test_publishing_says_what_is_missing(desk, session, now_there):
    event = make_event(
        session, status=EventStatus.DRAFT, published_at=None, access_contact_name=None
    )
    desk.open(f"/desk/events/{event.key}")

    assert "Name a person to ask about access, with an email address." in desk.text
    assert not [form for form in desk.forms() if form.action.endswith("/publish")]


def test_a_draft_is_deleted_once(desk, session):
    event = make_event(session, status=EventStatus.DRAFT, published_at=None, title="Oops")
    desk.open(f"/desk/events/{event.key}")
    form = desk.form("/delete")
    data = dict(form.fields)

    first = desk.client.post(form.action, data=data)
    second = desk.client.post(form.action, data=data)

    assert (first.location, second.location) == ("/desk/events?show=drafts",) * 2
    assert events(session) == []


def test_the_list_shows_what_is_coming_drafts_past_and_cancelled(desk, session):
    make_event(session, title="Soon", slug="soon")
    make_event(session, title="Planned", status=EventStatus.DRAFT, published_at=None)
    make_event(session, title="Gone", starts_at=NOW - timedelta(days=9))
    make_event(session, title="Off", status=EventStatus.CANCELLED)

    def shown(address):
        desk.open(address)
        return [
            title for title in ("Soon", "Planned", "Gone", "Off") if f">{title}</a>" in desk.text
        ]

    assert shown("/desk/events") == ["Soon"]
    assert shown("/desk/events?show=drafts") == ["Planned"]
    assert shown("/desk/events?show=past") == ["Gone"]
    assert shown("/desk/events?show=cancelled") == ["Off"]
    assert shown("/desk/events?q=on") == ["Soon", "Gone"]
    assert shown("/desk/events?show=nonsense&page=-3") == ["Soon"]


def test_the_list_needs_the_same_queries_for_1_and_for_20(desk, session, count_queries):
    make_event(session)
    desk.open("/desk/events")
    with count_queries() as few:
        desk.open("/desk/events")
    for _ in range(19):
        make_event(session, sessions=2)
    with count_queries() as many:
        desk.open("/desk/events")

    assert len(few) == len(many)


@pytest.mark.parametrize("where", ["/desk/events", "/desk/find", "/desk/people"])
def test_a_search_for_letters_that_grow_when_they_are_cleaned(desk, where):
    assert desk.open(f"{where}?q={chr(0x0958) * 100}").status_code == 200


@pytest.mark.parametrize("who", ["stranger", "member"])
def test_nobody_else_sees_or_does_anything(session, as_person, who):
    event = make_event(session, status=EventStatus.DRAFT, published_at=None)
    visitor: Visitor = as_person(make_member(session) if who == "member" else None)

    for path in ("", "/dates", "/bookings", "/needs", "/preview"):
        page = visitor.open(f"/desk/events/{event.key}{path}")
        assert visitor.path == "/sign-in" if who == "stranger" else page.status_code == 404


def test_an_event_online_can_become_one_in_person_until_somebody_books(desk, session, now_there):
    event = make_event(session)
    desk.open(f"/desk/events/{event.key}")
    desk.send(f"/desk/events/{event.key}", mode="in_person")
    assert now_there(event).sessions[0].pools[0].mode is Mode.IN_PERSON
    book(session, now_there(event), 0)

    desk.open(f"/desk/events/{event.key}")
    page = desk.send(f"/desk/events/{event.key}", mode="online")

    assert page.status_code == 422
    assert "People have booked, so online or in person can no longer be changed" in desk.text


def test_the_preview_is_called_what_it_shows(desk, session):
    event = make_event(session, status=EventStatus.DRAFT, published_at=None)

    desk.open(f"/desk/events/{event.key}")

    assert "Preview what is saved (new tab)" in desk.text
