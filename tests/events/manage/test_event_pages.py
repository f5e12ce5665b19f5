"""A coordinator adds, copies, edits, publishes and cancels events on the desk."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from netapp.events.models import (
    Art,
    Event,
    EventSession,
    EventStatus,
    EventTerm,
    FormerSlug,
    Mode,
    SessionStatus,
    Theme,
)
from netapp.vocabulary.models import Term, TermKind
from tests.events.manage.plans import lines
from tests.events.scenes import book, fill, mails
from tests.factories import NOW, make_event, make_member
from tests.visitor import Visitor

FILLED = {
    "title": "Working With Chaos",
    "day": "2027-02-11",
    "starts": "14:00",
    "ends": "17:30",
    "capacity": "24",
}


def events(session):
    return session.scalars(select(Event).order_by(Event.id)).all()


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


def test_details_are_saved_with_theme_art_and_terms(desk, session, now_there):
    event = make_event(session, status=EventStatus.DRAFT, published_at=None)
    session.add(Term(slug="send", label="SEND", kind=TermKind.CIRCUMSTANCE, position=1))
    session.commit()
    desk.open(f"/desk/events/{event.key}")

    desk.send(
        f"/desk/events/{event.key}",
        title="  Calm   in Chaos ",
        summary="How to stay calm.",
        description="# Hello\r\n\r\nThere",
        theme="inclusion",
        art="chaos",
        audience="members",
        kind="launch",
        cost="Free",
        who_for="Everybody",
        hosts="Us",
        partners="Them",
        slug="Calm-In-Chaos",
        circumstances="send",
    )

    saved = now_there(event)
    assert (saved.title, saved.slug) == ("Calm in Chaos", "calm-in-chaos")
    assert (saved.theme, saved.art) == (Theme.INCLUSION, Art.CHAOS)
    assert saved.description == "# Hello\n\nThere"
    assert (saved.cost, saved.who_for, saved.hosts, saved.partners) == (
        "Free",
        "Everybody",
        "Us",
        "Them",
    )
    assert session.scalars(select(EventTerm.event_id)).all() == [event.id]
    assert "Saved." in desk.text
    assert dict(desk.form(f"/desk/events/{event.key}").fields)["circumstances"] == "send"


def test_the_description_can_be_read_before_it_is_saved(desk, session, now_there):
    event = make_event(session)
    desk.open(f"/desk/events/{event.key}")

    desk.send(
        f"/desk/events/{event.key}", description="**Loud** <script>alert(1)</script>", preview="1"
    )

    assert "<strong>Loud</strong>" in desk.text
    assert "<script>alert" not in desk.text
    assert now_there(event).description is None


def test_a_title_and_an_address_of_hostile_letters(desk, session, now_there):
    event = make_event(session)
    desk.open(f"/desk/events/{event.key}")

    desk.send(f"/desk/events/{event.key}", slug="../../etc")

    assert "Use letters, digits and hyphens, like working-with-chaos." in desk.text
    assert now_there(event).slug == event.slug


def test_a_former_address_still_leads_to_the_event(desk, session, as_person):
    event = make_event(session, slug="old-name")
    desk.open(f"/desk/events/{event.key}")
    desk.send(f"/desk/events/{event.key}", slug="new-name")

    stranger = as_person(None)
    stranger.open("/events/old-name")

    assert stranger.path == "/events/new-name"
    assert session.scalars(select(FormerSlug.slug)).all() == ["old-name"]


def test_a_new_title_shows_first_who_is_told(desk, session, now_there):
    event = make_event(session, title="Chaos")
    book(session, event, 0)
    desk.open(f"/desk/events/{event.key}")

    desk.send(f"/desk/events/{event.key}", title="Calm", summary="Kept.")

    assert now_there(event).title == "Chaos"
    assert "Save the new title and tell 1 person" in desk.text
    assert "With a place: 1 booking" in desk.text

    desk.send(f"/desk/events/{event.key}", message="We think it fits better.")

    saved = now_there(event)
    assert (saved.title, saved.summary) == ("Calm", "Kept.")
    assert "Saved, and 1 person was told." in desk.text
    assert mails(session)[-1] == "events/event_renamed"


def test_from_the_effects_back_to_the_form_with_everything_as_typed(desk, session):
    event = make_event(session, title="Chaos")
    book(session, event, 0)
    desk.open(f"/desk/events/{event.key}")
    desk.send(f"/desk/events/{event.key}", title="Calm", summary="Mine.")

    desk.send(f"/desk/events/{event.key}", again="1")

    fields = dict(desk.form(f"/desk/events/{event.key}").fields)
    assert (fields["title"], fields["summary"]) == ("Calm", "Mine.")


def test_a_stale_edit_shows_both_texts_and_either_can_be_kept(
    desk, session, as_person, jo, now_there
):
    event = make_event(session)
    other = as_person(jo)
    for visitor in (desk, other):
        visitor.open(f"/desk/events/{event.key}")
    other.send(f"/desk/events/{event.key}", summary="Theirs.")

    page = desk.send(f"/desk/events/{event.key}", summary="Mine.")

    assert page.status_code == 409
    assert "Somebody changed this meanwhile" in desk.text
    assert "Theirs." in desk.text
    assert "Mine." in desk.text
    assert now_there(event).summary == "Theirs."

    desk.send(f"/desk/events/{event.key}")

    assert "Saved." in desk.text
    assert now_there(event).summary == "Mine."


@pytest.mark.parametrize(
    ("page", "action", "field", "there"),
    [
        ("", "", "summary", ""),
        ("/booking", "/booking", "change_until_hours", "/booking"),
        ("/booking", "/places", "d_KEY-capacity", "/booking"),
        ("/access", "/access", "contact_name", "/access"),
        ("/dates/KEY", "/dates/KEY", "note", "/dates"),
    ],
)
def test_an_edit_sent_twice_leads_where_the_first_led(desk, session, page, action, field, there):
    event = make_event(session)
    here, key = f"/desk/events/{event.key}", event.sessions[0].key
    desk.open(here + page.replace("KEY", key))
    first_page = desk.page
    for _ in range(2):
        desk.page = first_page
        desk.send(here + action.replace("KEY", key), {field.replace("KEY", key): "24"})
        assert (desk.page.status_code, desk.path) == (200, here + there)
        assert "Saved." in desk.text


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


def test_there_is_nothing_to_cancel_in_a_draft_or_in_what_is_over(desk, session):
    draft = make_event(session, status=EventStatus.DRAFT, published_at=None)
    over = make_event(session, starts_at=NOW - timedelta(days=3))

    for event in (draft, over):
        desk.open(f"/desk/events/{event.key}/cancel")
        assert desk.path == f"/desk/events/{event.key}"
        assert "Cancel the event" not in desk.text


def test_how_it_is_booked_is_saved(desk, session, jo, now_there):
    event = make_event(session, sessions=2)
    desk.open(f"/desk/events/{event.key}/booking")

    desk.send(
        "/booking",
        booked_as="whole",
        opens_day="2027-02-01",
        opens_time="9am",
        closes_day="2027-02-09",
        closes_time="17:00",
        change_until_hours="24",
        has_waiting_list=None,
        offer_hours="48",
        reminder_hour="8",
        organiser=jo.key,
    )

    saved = now_there(event)
    assert saved.booked_as.value == "whole"
    assert saved.booking_opens_at == datetime(2027, 2, 1, 9, tzinfo=UTC)
    assert saved.booking_closes_at == datetime(2027, 2, 9, 17, tzinfo=UTC)
    assert (saved.change_until_hours, saved.has_waiting_list) == (24, False)
    assert (saved.offer_hours, saved.reminder_hour, saved.organiser_id) == (48, 8, jo.id)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"opens_day": "2027-02-01"}, "Enter the time, too, like 9am."),
        ({"opens_time": "9am"}, "Enter the day, too."),
        ({"offer_hours": "0"}, "Enter a number from 1 to 336."),
        ({"change_until_hours": ""}, "Enter a number of hours, or 0."),
        (
            {
                "opens_day": "2027-02-02",
                "opens_time": "9am",
                "closes_day": "2027-02-01",
                "closes_time": "9am",
            },
            "Booking closes before it opens.",
        ),
    ],
)
def test_wrong_rules_are_named(desk, session, typed, said):
    event = make_event(session)
    desk.open(f"/desk/events/{event.key}/booking")

    page = desk.send("/booking", typed)

    assert page.status_code == 422
    assert said in desk.text


def test_access_facts_and_the_contact_are_kept_in_their_order(desk, session, now_there):
    event = make_event(session)
    desk.open(f"/desk/events/{event.key}/access")

    desk.send(
        "/access",
        has_companion="y",
        has_captions="y",
        text_captions="at every date",
        contact_name="Sam",
        contact_email="sam@example.org",
    )

    saved = now_there(event)
    assert saved.access_facts == [
        {"kind": "captions", "text": "at every date"},
        {"kind": "companion", "text": ""},
    ]
    assert (saved.access_contact_name, saved.access_contact_email) == ("Sam", "sam@example.org")


def test_a_contact_address_is_kept_as_mails_can_hold_it(desk, session, now_there):
    event = make_event(session)
    desk.open(f"/desk/events/{event.key}/access")
    desk.send(f"/desk/events/{event.key}/access", contact_email="Jo@München.example")

    assert now_there(event).access_contact_email == "jo@xn--mnchen-3ya.example"
    book(session, event, 0)
    assert mails(session) == ["events/booking_confirmed"]


def test_a_contact_address_must_be_one(desk, session):
    event = make_event(session)
    desk.open(f"/desk/events/{event.key}/access")

    page = desk.send("/access", contact_email="nobody")

    assert page.status_code == 422
    assert "like name@example.org" in desk.text


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


def test_not_checked_and_facts_exclude_each_other(desk, session):
    event = make_event(session)
    desk.open(f"/desk/events/{event.key}/access")
    both = {"has_bsl": "y", "text_bsl": "on request", "has_breaks": "y", "has_unchecked": "y"}

    page = desk.send("/access", both)

    assert page.status_code == 422
    assert (
        "You have ticked BSL interpreter and Breaks, so something is known. "
        "Untick this, or those." in desk.text
    )
    assert 'value="on request"' in desk.text

    desk.send("/access", has_unchecked=None)

    kept = session.scalars(select(Event.access_facts).where(Event.id == event.id)).one()
    assert kept == [{"kind": "bsl", "text": "on request"}, {"kind": "breaks", "text": ""}]


def test_the_preview_is_called_what_it_shows(desk, session):
    event = make_event(session, status=EventStatus.DRAFT, published_at=None)

    desk.open(f"/desk/events/{event.key}")

    assert "Preview what is saved (new tab)" in desk.text


def test_a_copy_is_suggested_for_a_day_on_which_somebody_comes(desk, session, at):
    """Four weeks from Friday 27 November is Christmas Day, and then comes New Year's Day."""
    source = make_event(session, starts_at=datetime(2027, 2, 12, 14, tzinfo=UTC))
    with at(datetime(2026, 11, 27, 12, tzinfo=UTC)):
        desk.open(f"/desk/events/{source.key}/copy")
        assert dict(desk.form("/copy").fields)["day"] == "2027-01-08"
