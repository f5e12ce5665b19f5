"""An app for codes and recovery codes: set up, asked for, used once, lost."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, update

from netapp.audit.models import AuditLine
from netapp.people import passwords
from netapp.people.errors import WrongSecondFactor
from netapp.people.models import Authenticator, Person, RecoveryCode, SecondStep, SignIn
from netapp.people.operations import second_step
from netapp.people.operations.accounts import ask_for_reset
from netapp.people.operations.upkeep import purge
from tests.factories import (
    NOW,
    SEED,
    make_authenticator,
    make_coordinator,
    make_person,
    make_sign_in,
)
from tests.people.apps import code_at, pass_second_step, recovery_codes_on, seed_on, set_up_app
from tests.people.letters import code_in, last_letter, letters_to, link_in

PASSWORD = "wren marble kettle"
HASH = passwords.hashed(PASSWORD)
STEP = "/sign-in/second-step"
WRONG = "That is not the code."


@pytest.fixture
def jo(session):
    return make_coordinator(session, name="Jo Field", email="jo@example.org", password_hash=HASH)


@pytest.fixture
def amina(session):
    return make_person(session, name="Amina Okafor", email="amina@example.org", password_hash=HASH)


def give_password(visitor, email="jo@example.org", **more):
    visitor.open("/sign-in" + (f"?next={more.pop('next')}" if "next" in more else ""))
    visitor.send("/sign-in", email=email, password=PASSWORD, way="password", **more)


def is_signed_in(visitor):
    visitor.open("/account")
    return visitor.path == "/account"


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


# Setting it up


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


# Recovery codes


@pytest.fixture
def codes_of_jo(as_person, jo):
    visitor = as_person(jo)
    visitor.open("/account/security")
    visitor.send("/account/security/recovery-codes")
    return recovery_codes_on(visitor)


def test_each_recovery_code_works_once(session, visitor, jo, codes_of_jo):
    give_password(visitor)
    visitor.send(STEP, code=codes_of_jo[0].upper().replace("-", " "))
    assert visitor.path == "/desk"
    assert "9 codes are left" in last_letter(session, jo.email)
    give_password(visitor)
    assert visitor.send(STEP, code=codes_of_jo[0]).status_code == 422
    visitor.send(STEP, code=codes_of_jo[1])
    assert visitor.path == "/desk"


def test_new_ones_end_the_old(session, as_person, visitor, jo, codes_of_jo):
    second = as_person(jo)
    second.open("/account/security")
    second.send("/account/security/recovery-codes")
    fresh = recovery_codes_on(second)
    assert not set(fresh) & set(codes_of_jo)
    give_password(visitor)
    assert visitor.send(STEP, code=codes_of_jo[0]).status_code == 422
    visitor.send(STEP, code=fresh[0])
    assert visitor.path == "/desk"


def test_somebody_elses_recovery_code_is_none(session, visitor, jo, codes_of_jo):
    other = make_coordinator(session, email="other@example.org", password_hash=HASH)
    give_password(visitor, other.email)
    assert visitor.send(STEP, code=codes_of_jo[0]).status_code == 422


def test_two_requests_at_once_with_one_recovery_code(new_session, jo, codes_of_jo):
    barrier, outcomes = Barrier(3), []

    def use():
        own = new_session()
        barrier.wait()
        try:
            second_step.use_code(own, person=jo, code=codes_of_jo[0], now=NOW)
            own.commit()
            outcomes.append("right")
        except WrongSecondFactor:
            own.rollback()
            outcomes.append("wrong")
        finally:
            own.close()

    threads = [Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["right", "wrong", "wrong"]


# Removing and losing it


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


def test_the_last_coordinator_gets_in_by_the_command_line(app, session, visitor, jo):
    make_sign_in(session, jo)
    run = app.test_cli_runner().invoke
    done = run(args=["people", "reset-second-factor", "jo@example.org", "--reason", "Lost phone"])
    assert done.output == "The second step of jo@example.org is taken away.\n"
    again = run(args=["people", "reset-second-factor", "jo@example.org"])
    assert again.output == "Error: jo@example.org has no second step.\n"
    assert session.scalars(select(SignIn.id)).all() == []
    assert session.scalar(select(AuditLine.reason)) == "Lost phone"
    give_password(visitor)
    assert visitor.path == "/account/security"


# The demo


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
