"""Setting up the app for codes, changing it, and who may do without."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.people.models import Authenticator, Person, RecoveryCode
from tests.factories import NOW, SEED, make_authenticator, make_coordinator, make_person
from tests.people.apps import code_at, pass_second_step, recovery_codes_on, seed_on, set_up_app
from tests.people.letters import last_letter, letters_to
from tests.people.second_steps import HASH, STEP, give_password, is_signed_in


@pytest.fixture
def jo(session):
    return make_coordinator(session, name="Jo Field", email="jo@example.org", password_hash=HASH)


@pytest.fixture
def amina(session):
    return make_person(session, name="Amina Okafor", email="amina@example.org", password_hash=HASH)


def test_set_up_an_app(session, as_person, amina):
    elsewhere, visitor = as_person(amina), as_person(amina)
    visitor.open("/account")
    before = visitor.client.get_cookie("sign-in").value
    codes = set_up_app(visitor)
    assert len(set(codes)) == 10
    assert 'download="recovery-codes.txt"' in visitor.text
    assert visitor.page.headers["Cache-Control"] == "no-store"
    assert visitor.client.get_cookie("sign-in").value != before
    assert is_signed_in(visitor)
    assert not is_signed_in(elsewhere), "all other browsers are signed out"
    assert letters_to(session, amina.email) == ["people/second_factor_changed"]
    assert "An app for codes was added." in last_letter(session, amina.email)
    lines = session.execute(select(AuditLine.action, AuditLine.summary)).all()
    assert lines == [("second_factor.add", "An app for codes was added.")]
    visitor.open("/account/security")
    assert "You have 10 codes left" in visitor.text


def test_the_seed_is_sealed_and_the_codes_are_hashed(session, as_person, amina):
    visitor = as_person(amina)
    visitor.open("/account/security")
    visitor.send("/account/security/app")
    seed = seed_on(visitor)
    assert len(seed) == 32
    assert 'src="data:image/svg+xml' in visitor.text
    visitor.send("/account/security/app/confirm", code=code_at(seed=seed))
    codes = recovery_codes_on(visitor)
    kept = session.scalars(select(Authenticator)).one()
    assert seed.encode() not in kept.sealed
    hashes = session.scalars(select(RecoveryCode.code_hash)).all()
    assert not {code.replace("-", "") for code in codes} & set(hashes)


def test_a_wrong_first_code_sets_nothing_up(session, as_person, amina):
    visitor = as_person(amina)
    visitor.open("/account/security")
    visitor.send("/account/security/app")
    seed = seed_on(visitor)
    page = visitor.send("/account/security/app/confirm", code="000000")
    assert page.status_code == 422
    assert seed_on(visitor) == seed, "the same key: the app has read it already"
    assert session.scalar(select(Authenticator.confirmed_at)) is None
    assert is_signed_in(as_person(amina)), "no second step yet"


def test_another_phone_takes_the_place_of_the_first(session, as_person, jo):
    visitor = as_person(jo)
    visitor.open("/account/security")
    visitor.send("/account/security/app")
    seed = seed_on(visitor)
    other = as_person(None)
    give_password(other)
    pass_second_step(other)
    assert other.path == "/desk", "the first works until the second does"
    visitor.send("/account/security/app/confirm", code=code_at(seed=seed))
    assert visitor.path == "/account/security/app/confirm", "first codes: there were none"
    give_password(other)
    other.send(STEP, code=code_at(NOW + timedelta(seconds=30), seed=SEED))
    assert other.page.status_code == 422
    other.send(STEP, code=code_at(NOW + timedelta(seconds=30), seed=seed))
    assert other.path == "/desk"


def test_without_one_a_coordinator_reaches_no_desk_page(app, session, as_person):
    visitor = as_person(make_coordinator(session, with_second_factor=False))
    for path in ("/desk", "/desk/people", "/desk/events/new", "/desk/log"):
        page = visitor.client.get(path)
        assert (page.status_code, page.location) == (
            303,
            f"/account/security?next={path.replace('/', '%2F')}".replace("%2F", "/"),
        )
    visitor.open("/desk/people")
    assert "Coordinators see the names and addresses of everybody" in visitor.text
    codes = set_up_app(visitor)
    assert len(codes) == 10
    assert 'href="/desk/people"' in visitor.text
    visitor.open("/desk/people")
    assert visitor.path == "/desk/people"


def test_a_form_of_the_desk_is_not_done_either(session, as_person):
    visitor = as_person(make_coordinator(session, with_second_factor=False))
    visitor.open("/account/details")
    token = dict(visitor.form("/account/details").fields)["csrf_token"]
    data = {
        "csrf_token": token,
        "name": "Mallory",
        "email": "mallory@example.org",
        "once": "k" * 32,
    }
    answer = visitor.client.post("/desk/people/new", data=data)
    assert answer.location.startswith("/account/security")
    assert session.scalars(select(Person.id).where(Person.name == "Mallory")).all() == []


def test_a_member_may_remove_it(session, as_person, amina):
    visitor = as_person(amina)
    set_up_app(visitor)
    visitor.open("/account/security")
    visitor.send("/account/security/app/remove")
    assert "The app is removed." in visitor.text
    assert session.scalars(select(Authenticator.id)).all() == []
    assert session.scalars(select(RecoveryCode.id)).all() == []
    other = as_person(None)
    give_password(other, amina.email)
    assert other.path == "/account"


def test_a_coordinator_keeps_the_last(session, as_person, jo):
    visitor = as_person(jo)
    visitor.open("/account/security")
    visitor.send("/account/security/app/remove")
    assert "Whoever works at the desk needs one." in visitor.text
    assert len(session.scalars(select(Authenticator.id)).all()) == 1


def test_a_coordinator_takes_away_what_somebody_lost(session, as_person, jo, amina):
    make_authenticator(session, amina)
    theirs, desk = as_person(amina), as_person(jo)
    assert is_signed_in(theirs)
    desk.open(f"/desk/people/{amina.key}")
    reset = f"/desk/people/{amina.key}/second-factor/reset"
    desk.send(reset, reason="")
    assert "Say why." in desk.text
    assert is_signed_in(theirs)
    desk.send(reset, reason="Phone stolen, called me")
    assert "Their second step is taken away." in desk.text
    assert not is_signed_in(theirs)
    assert letters_to(session, amina.email) == ["people/second_factor_reset"]
    line = session.scalars(select(AuditLine)).one()
    assert (line.action, line.actor_name, line.reason) == (
        "second_factor.reset",
        "Jo Field",
        "Phone stolen, called me",
    )
    give_password(theirs, amina.email)
    assert theirs.path == "/account"
