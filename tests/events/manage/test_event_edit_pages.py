"""The forms that edit an event: what is saved, what is said to be wrong, who is told."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from netapp.events.models import Art, Event, EventStatus, EventTerm, FormerSlug, Theme
from netapp.vocabulary.models import Term, TermKind
from tests.events.scenes import book, mails
from tests.factories import make_event


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
