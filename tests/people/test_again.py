"""Showing again that it is you, before what is grave."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.people import passwords
from netapp.people.models import Authenticator, RoleGrant, SignIn
from tests.factories import NOW, make_coordinator, make_event, make_person
from tests.people.apps import code_at
from tests.people.letters import code_in, last_letter

PASSWORD = "wren marble kettle"
HASH = passwords.hashed(PASSWORD)
LATER = NOW + timedelta(minutes=10, seconds=1)
AGAIN = "/account/again"


@pytest.fixture
def jo(session):
    return make_coordinator(session, name="Jo Field", email="jo@example.org", password_hash=HASH)


@pytest.fixture
def amina(session):
    return make_person(session, name="Amina Okafor", email="amina@example.org")


def test_for_ten_minutes_after_signing_in_nobody_is_asked(session, as_person, jo, amina, at):
    desk = as_person(jo)
    with at(NOW + timedelta(minutes=10)):
        desk.open(f"/desk/people/{amina.key}")
        desk.send(f"/desk/people/{amina.key}/coordinator")
    assert len(session.scalars(select(RoleGrant.person_id)).all()) == 2


def test_then_a_code_is_asked_for_and_leads_back(session, as_person, jo, amina, at):
    desk = as_person(jo)
    page = f"/desk/people/{amina.key}"
    with at(LATER):
        desk.open(page)
        before = desk.client.get_cookie("sign-in").value
        form = desk.form(f"{page}/coordinator")
        where = {"Referer": f"http://localhost{page}"}
        answer = desk.client.post(f"{page}/coordinator", data=dict(form.fields), headers=where)
        assert answer.location == f"{AGAIN}?next={page}"
        assert len(session.scalars(select(RoleGrant.person_id)).all()) == 1
        desk.open(answer.location)
        assert desk.send(AGAIN, proof="000000").status_code == 422
        assert "That is not the code." in desk.text
        desk.send(AGAIN, proof=code_at())
        assert desk.path == page
        assert desk.client.get_cookie("sign-in").value != before, "a new token"
        desk.send(f"{page}/coordinator")
        assert len(session.scalars(select(RoleGrant.person_id)).all()) == 2
        assert len(session.scalars(select(SignIn.id)).all()) == 1


def test_leaving_it_does_not_ask_again(as_person, jo, amina, at):
    desk, theirs = as_person(jo), as_person(amina)
    with at(LATER):
        theirs.open("/account/privacy/close")
        assert '<a href="/account">Leave it</a>' in theirs.text
        desk.open("/account/again?next=/desk/log.csv")
        assert '<a href="/desk">Leave it</a>' in desk.text


def test_pages_to_take_away_and_what_people_wrote(session, as_person, jo, at):
    desk, event = as_person(jo), make_event(session)
    with at(LATER):
        assert desk.client.get("/desk/log.csv").location == f"{AGAIN}?next=/desk/log.csv"
        for path, action in (("bookings", "bookings.csv"), ("needs", "needs")):
            page = f"/desk/events/{event.key}/{path}"
            desk.open(page)
            form = desk.forms()[-1]
            token = dict(form.fields)["csrf_token"]
            answer = desk.client.post(
                f"/desk/events/{event.key}/{action}", data={"csrf_token": token}
            )
            assert answer.status_code == 303
            assert answer.location == AGAIN


def test_a_page_of_another_site_is_not_led_back_to(session, as_person, jo, at):
    desk = as_person(jo)
    with at(LATER):
        desk.open("/account/security")
        token = dict(desk.form("/account/security/app").fields)["csrf_token"]
        for referrer in ("https://evil.example/account", "http://localhost//evil.example", "x"):
            answer = desk.client.post(
                "/account/security/app", data={"csrf_token": token}, headers={"Referer": referrer}
            )
            assert answer.location == AGAIN
        desk.open(f"{AGAIN}?next=//evil.example")
        desk.send(AGAIN, proof=code_at())
        assert desk.path == "/account"


def test_who_has_no_second_factor_gives_the_password(session, as_person, at):
    sam = make_person(session, email="sam@example.org", password_hash=HASH)
    visitor = as_person(sam)
    with at(LATER):
        visitor.open("/account/security")
        visitor.send("/account/security/app")
        assert visitor.path == AGAIN
        assert visitor.send(AGAIN, proof="not my password").status_code == 422
        visitor.send(AGAIN, proof=PASSWORD)
        visitor.open("/account/security")
        visitor.send("/account/security/app")
        assert visitor.path == "/account/security/app"


def test_wrong_passwords_are_counted(session, as_person, at):
    visitor = as_person(make_person(session, email="sam@example.org", password_hash=HASH))
    with at(LATER):
        visitor.open(AGAIN)
        seen = [visitor.send(AGAIN, proof="not my password").status_code for _ in range(10)]
        seen.append(visitor.send(AGAIN, proof=PASSWORD).status_code)
    assert seen == [422] * 10 + [429]


def test_who_has_no_password_either_gives_a_code_by_mail(session, as_person, amina, at):
    visitor = as_person(amina)
    with at(LATER):
        visitor.open("/account/security")
        visitor.send("/account/security/app")
        visitor.send(AGAIN, way="mail")
        assert "“Show that it is you”" in last_letter(session, amina.email)
        assert visitor.send(AGAIN, proof="000000").status_code == 422
        visitor.send(AGAIN, proof=code_in(session, amina.email))
        visitor.open("/account/security")
        visitor.send("/account/security/app")
        assert visitor.path == "/account/security/app"


def test_somebody_elses_code_is_none(session, as_person, amina, at):
    visitor = as_person(amina)
    other = make_person(session, email="other@example.org")
    with at(LATER):
        visitor.open("/sign-in")
        visitor.send("/sign-in", email=other.email, way="code")
        visitor.open(AGAIN)
        page = visitor.send(AGAIN, proof=code_in(session, other.email))
        assert page.status_code == 422
        assert session.scalars(select(Authenticator.id)).all() == []
