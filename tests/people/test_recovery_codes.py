"""Codes for those who have lost their phone, and the command for the last coordinator."""

from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.people.errors import WrongSecondFactor
from netapp.people.models import SignIn
from netapp.people.operations import second_step
from tests.factories import NOW, make_coordinator, make_sign_in
from tests.people.apps import recovery_codes_on
from tests.people.letters import last_letter
from tests.people.second_steps import HASH, STEP, give_password


@pytest.fixture
def jo(session):
    return make_coordinator(session, name="Jo Field", email="jo@example.org", password_hash=HASH)


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
