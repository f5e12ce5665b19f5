"""The page of an event is made once for many: what it costs, and what is never kept."""

from datetime import timedelta

from netapp.events.models import Segment
from tests.events.scenes import book
from tests.events.views.event_pages import AHEAD, change, panel
from tests.events.views.pages import heading
from tests.factories import make_event, make_member


def test_a_stranger_costs_six_queries_and_then_one(session, client, count_queries):
    event = make_event(session, slug="it", sessions=5)
    session.add(Segment(session_id=event.sessions[0].id, title="Tea", starts_at=AHEAD))
    session.commit()
    costs = []
    for _ in range(2):
        with count_queries() as statements:
            assert client.get("/events/it").status_code == 200
        costs.append(len(statements))
    assert costs == [6, 1]


def test_a_member_costs_four_queries_more(session, as_person, count_queries):
    make_event(session, slug="it")
    member = as_person(make_member(session))
    member.open("/events/it")
    with count_queries() as statements:
        member.open("/events/it")
    assert len(statements) == 5


def test_a_kept_page_gives_each_form_its_own_tokens(session, as_person):
    make_event(session, slug="it")
    fields = []
    for _ in range(3):
        stranger = as_person(None)
        stranger.open("/events/it")
        fields.append(dict(stranger.form("/bookings").fields))
    assert len({form["once"] for form in fields}) == 3
    assert len({form["csrf_token"] for form in fields}) == 3
    assert "form-token" not in stranger.text
    assert stranger.page.headers["Cache-Control"] == "no-store"


def test_a_kept_page_is_never_another_persons(session, as_person):
    make_event(session, slug="it")
    stranger, member = as_person(None), as_person(make_member(session, name="Amara Osei"))
    for visitor in (stranger, member, stranger):
        visitor.open("/events/it")
    assert "Amara" not in stranger.text
    member.open("/events/it")
    assert "Amara Osei" in member.text


def test_a_kept_page_follows_display_settings_and_tells_what_is_to_be_said_once(session, client):
    make_event(session, slug="it")
    client.get("/events/it")
    client.set_cookie("display", "xl.calm")
    assert 'data-text="xl" data-look="calm"' in client.get("/events/it").text
    with client.session_transaction() as cookie:
        cookie["_flashes"] = [("success", "Said once.")]
    assert "Said once." in client.get("/events/it").text
    assert "Said once." not in client.get("/events/it").text


def test_a_kept_page_tells_of_every_change_at_once(session, client, at):
    event = make_event(session, slug="it", capacity=2)
    assert "2 places left" in client.get("/events/it").text
    book(session, event, 0)
    assert "1 place left" in client.get("/events/it").text
    change(session, event, title="Another title")
    assert heading(client.get("/events/it").text) == "Another title"
    with at(AHEAD):
        assert panel(client.get("/events/it").text).startswith("Booking has closed")
    with at(AHEAD + timedelta(hours=3, minutes=30)):
        assert panel(client.get("/events/it").text).startswith("This event is over")
    assert panel(client.get("/events/it").text).startswith("Book your place")
