"""Who helps with an event, and what they see of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.events.models import EventHelper, HelperRole
from tests.factories import (
    NOW,
    make_authenticator,
    make_coordinator,
    make_event,
    make_guest,
    make_helper,
    make_person,
)
from tests.people.apps import set_up_app
from tests.people.letters import last_letter, letters_to


@pytest.fixture
def jo(session):
    return make_coordinator(session, name="Jo Field", email="jo@example.org")


@pytest.fixture
def amina(session):
    return make_person(session, name="Amina Okafor", email="amina@example.org")


@pytest.fixture
def event(session):
    return make_event(session, slug="spring-day", title="Spring day")


def team_page(event):
    return f"/desk/events/{event.key}/team"


def test_a_coordinator_names_a_helper(session, as_person, jo, amina, event):
    desk, visitor = as_person(jo), as_person(amina)
    visitor.open(f"/desk/events/{event.key}")
    assert visitor.page.status_code == 404
    desk.open(team_page(event))
    desk.send(team_page(event), email="Amina@example.org", role="events_helper")
    assert "Amina Okafor helps with this event now" in desk.text
    visitor.open(f"/desk/events/{event.key}")
    assert visitor.page.status_code == 200
    assert "asked you to help with “Spring day”" in last_letter(session, amina.email)
    line = session.scalars(select(AuditLine)).one()
    assert (line.action, line.actor_name, line.subject, line.summary) == (
        "team.add",
        "Jo Field",
        f"event:{event.key}",
        "Made Amina Okafor an events helper of Spring day.",
    )


def test_ended_it_is_gone_at_the_next_click(session, as_person, jo, amina, event):
    make_helper(session, event, amina)
    desk, visitor = as_person(jo), as_person(amina)
    assert visitor.open(f"/desk/events/{event.key}").status_code == 200
    desk.open(team_page(event))
    desk.send(f"{team_page(event)}/{amina.key}/end")
    assert visitor.open(f"/desk/events/{event.key}").status_code == 404
    assert session.scalar(select(AuditLine.action)) == "team.end"


def test_named_again_in_another_way(session, as_person, jo, amina, event):
    make_helper(session, event, amina, reads_needs=True)
    desk = as_person(jo)
    desk.open(team_page(event))
    desk.send(team_page(event), email=amina.email, role="door", reads_needs="y")
    kept = session.scalars(select(EventHelper).execution_options(populate_existing=True)).one()
    assert (kept.role, kept.reads_needs) == (HelperRole.DOOR, False)


def test_who_has_no_account_is_invited_first(session, as_person, jo, event):
    make_guest(session, email="guest@example.org")
    desk = as_person(jo)
    desk.open(team_page(event))
    for email in ("guest@example.org", "nobody@example.org"):
        page = desk.send(team_page(event), email=email, role="door")
        assert page.status_code == 422
        assert "This person has no account yet." in page.text
    assert session.scalars(select(EventHelper.person_id)).all() == []


def test_naming_asks_again_who_it_is(session, as_person, jo, amina, event, at):
    desk = as_person(jo)
    with at(NOW + timedelta(minutes=11)):
        desk.open(team_page(event))
        desk.send(team_page(event), email=amina.email, role="door")
        assert desk.path == "/account/again"
    assert session.scalars(select(EventHelper.person_id)).all() == []


def test_what_a_helper_sees(session, as_person, amina, event):
    make_helper(session, event, amina)
    visitor = as_person(amina)
    visitor.open("/account")
    assert 'href="/account/helping"' in visitor.text
    visitor.open("/account/helping")
    assert f'href="/desk/events/{event.key}"' in visitor.text
    page = visitor.open(f"/desk/events/{event.key}")
    for gone in ("/desk/people", "/desk/mail", "/desk/log", "/needs", "/team", "/cancel", "/copy"):
        assert f'{gone}"' not in page.text, gone
    here = f"/desk/events/{event.key}"
    for path in (here, f"{here}/dates", f"{here}/bookings", f"{here}/booking", f"{here}/access"):
        assert visitor.open(path).status_code == 200, path
    for path in (
        f"{here}/needs",
        f"{here}/team",
        f"{here}/cancel",
        f"{here}/copy",
        "/desk",
        "/desk/events",
        "/desk/events/new",
        "/desk/people",
        "/desk/mail",
        "/desk/log",
    ):
        assert visitor.open(path).status_code == 404, path


def test_what_the_door_sees(session, as_person, amina, event):
    make_helper(session, event, amina, role=HelperRole.DOOR)
    visitor = as_person(amina)
    sheet = f"/desk/events/{event.key}/dates/{event.sessions[0].key}/sign-in-sheet"
    visitor.open("/account/helping")
    assert f'href="{sheet}"' in visitor.text
    assert visitor.open(sheet).status_code == 200
    assert f"/desk/events/{event.key}/bookings" not in visitor.text
    for path in ("", "/dates", "/bookings", "/needs"):
        assert visitor.open(f"/desk/events/{event.key}{path}").status_code == 404


def test_whoever_reads_needs_has_a_second_step(session, as_person, amina, event):
    make_helper(session, event, amina, reads_needs=True)
    visitor = as_person(amina)
    for path in ("needs", "bookings"):
        visitor.open(f"/desk/events/{event.key}/{path}")
        assert visitor.path == "/account/security"
    set_up_app(visitor)
    visitor.open(f"/desk/events/{event.key}/needs")
    assert visitor.path == f"/desk/events/{event.key}/needs"
    assert "There is nothing to read: nobody has told us anything" in visitor.text


def test_a_reader_of_one_event_reads_no_other(session, as_person, amina, event):
    make_helper(session, event, amina, reads_needs=True)
    make_authenticator(session, amina)
    other = make_event(session)
    make_helper(session, other, amina)
    visitor = as_person(amina)
    assert visitor.open(f"/desk/events/{event.key}/needs").status_code == 200
    assert visitor.open(f"/desk/events/{other.key}/needs").status_code == 404


def test_a_closed_account_helps_no_more(session, as_person, amina, event):
    make_helper(session, event, amina)
    visitor = as_person(amina)
    amina.disabled_at = NOW
    session.commit()
    visitor.open(f"/desk/events/{event.key}")
    assert visitor.path == "/sign-in"


def test_a_draft_with_helpers_can_be_deleted(session, as_person, jo, amina):
    from_desk = as_person(jo)
    from_desk.open("/desk/events/new")
    event = make_event(session, published_at=None, status="draft")
    make_helper(session, event, amina)
    from_desk.open(f"/desk/events/{event.key}")
    from_desk.send(f"/desk/events/{event.key}/delete")
    assert session.scalars(select(EventHelper.event_id)).all() == []


def test_nobody_is_told_of_other_letters(session, as_person, jo, amina, event):
    desk = as_person(jo)
    desk.open(team_page(event))
    desk.send(team_page(event), email=amina.email, role="door")
    assert letters_to(session, amina.email) == ["events/team_added"]
    assert "sign-in sheet" in last_letter(session, amina.email)
