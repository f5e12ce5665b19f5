"""The second step of signing in: the code of an app."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, update

from netapp.people.errors import WrongSecondFactor
from netapp.people.models import Person, SecondStep, SignIn
from netapp.people.operations import second_step
from netapp.people.operations.accounts import ask_for_reset
from netapp.people.operations.upkeep import purge
from tests.factories import NOW, make_authenticator, make_coordinator, make_person
from tests.people.apps import code_at, pass_second_step
from tests.people.letters import code_in, link_in
from tests.people.second_steps import HASH, STEP, give_password, is_signed_in

WRONG = "That is not the code."


@pytest.fixture
def jo(session):
    return make_coordinator(session, name="Jo Field", email="jo@example.org", password_hash=HASH)


@pytest.fixture
def amina(session):
    return make_person(session, name="Amina Okafor", email="amina@example.org", password_hash=HASH)


def test_a_right_password_alone_opens_nothing(session, visitor, jo):
    give_password(visitor)
    assert visitor.path == STEP
    assert session.scalars(select(SignIn.id)).all() == []
    assert visitor.client.get_cookie("sign-in") is None
    for path in ("/desk", "/account", "/account/security", "/account/security/app"):
        visitor.open(path)
        assert visitor.path == "/sign-in"
    visitor.open(STEP)
    assert "Jo Field" not in visitor.text
    assert jo.email not in visitor.text


def test_the_code_of_the_app_signs_in_and_leads_on(session, visitor, jo):
    give_password(visitor, next="/events/past")
    pass_second_step(visitor)
    assert visitor.path == "/events/past"
    assert is_signed_in(visitor)
    kept = session.scalars(select(SignIn)).one()
    assert (kept.person_id, kept.is_strong, kept.proved_at) == (jo.id, True, NOW)


def test_a_code_by_mail_is_no_way_round(session, visitor, jo):
    visitor.open("/sign-in")
    visitor.send("/sign-in", email=jo.email, way="code")
    visitor.send("/sign-in/code", code=code_in(session, jo.email))
    assert visitor.path == STEP
    pass_second_step(visitor)
    assert visitor.path == "/desk"


def test_a_new_password_is_no_way_round(session, visitor, jo):
    ask_for_reset(session, email=jo.email, device="a browser", now=NOW)
    session.commit()
    path = link_in(session, jo.email)
    visitor.open(path)
    visitor.send(path, password="another marble kettle")
    visitor.open("/sign-in")
    visitor.send("/sign-in", email=jo.email, password="another marble kettle", way="password")
    assert visitor.path == STEP
    assert not is_signed_in(visitor)


@pytest.mark.parametrize("written", ["{0[0]}{0[1]} {0[2]}{0[3]}", " {0[0]}-{0[1]}{0[2]}{0[3]}\t"])
def test_codes_may_be_typed_with_blanks(visitor, jo, written):
    give_password(visitor)
    code = code_at()
    visitor.send(STEP, code=written.format([code[:2], code[2:3], code[3:5], code[5:]]))
    assert visitor.path == "/desk"


def test_a_code_works_once_also_with_a_blank_more(visitor, as_person, jo):
    give_password(visitor)
    pass_second_step(visitor)
    other = as_person(None)
    give_password(other)
    for typed in (code_at(), code_at()[:3] + " " + code_at()[3:]):
        other.send(STEP, code=typed)
        assert other.page.status_code == 422
        assert WRONG in other.text
    assert not is_signed_in(other)


def test_a_code_older_than_one_that_was_used_works_no_more(visitor, as_person, jo):
    give_password(visitor)
    pass_second_step(visitor)
    other = as_person(None)
    give_password(other)
    other.send(STEP, code=code_at(NOW - timedelta(seconds=30)))
    assert other.page.status_code == 422
    other.send(STEP, code=code_at(NOW + timedelta(seconds=30)))
    assert other.path == "/desk"


@pytest.mark.parametrize(
    ("seconds", "works"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_the_clock_of_a_phone_may_be_half_a_minute_off(visitor, jo, seconds, works):
    give_password(visitor)
    visitor.send(STEP, code=code_at(NOW + timedelta(seconds=seconds)))
    assert (visitor.path == "/desk") is works


def test_two_requests_at_once_with_one_code(app, session, new_session, jo):
    """The database says which of them is the first."""
    barrier, outcomes = Barrier(4), []

    def use():
        own = new_session()
        barrier.wait()
        try:
            second_step.use_code(own, person=jo, code=code_at(NOW), now=NOW)
            own.commit()
            outcomes.append("right")
        except WrongSecondFactor:
            own.rollback()
            outcomes.append("wrong")
        finally:
            own.close()

    threads = [Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["right", "wrong", "wrong", "wrong"]


def test_after_ten_wrong_codes_none_is_looked_at(visitor, as_person, jo, at):
    give_password(visitor)
    seen = [visitor.send(STEP, code="000000").status_code for _ in range(5)]
    other = as_person(None)
    give_password(other)
    seen += [other.send(STEP, code="zzzz-zzzz-zzzz").status_code for _ in range(5)]
    assert seen == [422] * 10
    page = visitor.send(STEP, code=code_at())
    assert (page.status_code, page.headers["Retry-After"]) == (429, "900")
    assert "There were too many wrong codes." in page.text
    with at(NOW + timedelta(minutes=16)):
        give_password(visitor)
        pass_second_step(visitor)
        assert visitor.path == "/desk"


def test_right_codes_are_not_counted(visitor, jo, at):
    for n in range(12):
        with at(NOW + timedelta(minutes=n)):
            give_password(visitor)
            pass_second_step(visitor)
            assert visitor.path == "/desk"


def test_the_second_step_holds_for_ten_minutes(session, visitor, jo, at):
    give_password(visitor)
    with at(NOW + timedelta(minutes=10)):
        visitor.send(STEP, code=code_at(NOW + timedelta(minutes=10)))
        assert visitor.path == "/sign-in"
        assert "That took longer than ten minutes." in visitor.text
        assert purge(session, NOW + timedelta(minutes=10)) > 0
    session.commit()
    assert session.scalars(select(SecondStep.id)).all() == []


def test_the_page_of_the_second_step_by_itself_leads_to_the_first(visitor):
    visitor.open(STEP)
    assert visitor.path == "/sign-in"


def test_a_closed_account_gets_no_further(session, visitor, jo):
    give_password(visitor)
    session.execute(update(Person).values(disabled_at=NOW))
    session.commit()
    assert visitor.client.post(STEP, data={}).status_code == 400
    visitor.open(STEP)
    assert visitor.path == "/sign-in"


def test_a_sign_in_of_before_the_second_factor_is_a_strangers(session, as_person, amina):
    visitor = as_person(amina)
    session.execute(update(SignIn).values(is_strong=False))
    session.commit()
    assert is_signed_in(visitor)
    make_authenticator(session, amina)
    assert not is_signed_in(visitor)


def test_signing_in_anew_keeps_the_old_sign_in_until_the_second_step(session, visitor, jo):
    give_password(visitor)
    pass_second_step(visitor)
    first = visitor.client.get_cookie("sign-in").value
    give_password(visitor)
    assert visitor.client.get_cookie("sign-in").value == first
    visitor.send(STEP, code=code_at(NOW + timedelta(seconds=30)))
    assert visitor.client.get_cookie("sign-in").value != first
    assert len(session.scalars(select(SignIn.id)).all()) == 1


def test_the_page_says_the_code_to_people_of_the_demo_alone(session, visitor, jo, amina):
    give_password(visitor)
    assert "The code is" not in visitor.text
    make_authenticator(session, amina)
    session.execute(update(Person).where(Person.id == amina.id).values(is_demo=True))
    session.commit()
    for _ in range(2):  # The second time it is the next one: a code works once.
        give_password(visitor, amina.email)
        shown = re.search(r"The code is <strong class=\"num\">(\d{6})</strong> now", visitor.text)
        visitor.send(STEP, code=shown.group(1))
        assert visitor.path == "/account"
