from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from netapp.people import passwords
from netapp.people.models import Person, SignIn
from tests.factories import NOW, make_coordinator, make_guest, make_person
from tests.people.apps import pass_second_step

PASSWORD = "wren marble kettle"
HASH = passwords.hashed(PASSWORD)
WRONG = "That address and password do not match. Try again, or have a code emailed to you."
TOO_MANY = "There were too many wrong passwords. Wait 15 minutes"


@pytest.fixture
def amina(session):
    return make_person(session, name="Amina Okafor", email="amina@example.org", password_hash=HASH)


@pytest.fixture
def try_password(visitor):
    def _try(email="amina@example.org", password="not my password", **more):
        visitor.open("/sign-in")
        return visitor.send("/sign-in", email=email, password=password, way="password", **more)

    return _try


def test_the_right_password_signs_in(session, visitor, amina, try_password):
    try_password(" Amina@Example.org ", PASSWORD)
    assert visitor.path == "/account"
    assert "Hello, Amina" in visitor.text


def test_return_in_the_password_field_signs_in_too(visitor, amina):
    visitor.open("/sign-in")
    visitor.send("/sign-in", email="amina@example.org", password=PASSWORD)
    assert visitor.path == "/account"


def test_coordinators_land_on_the_desk(session, visitor):
    make_coordinator(session, email="co@example.org", password_hash=HASH)
    visitor.open("/sign-in")
    visitor.send("/sign-in", email="co@example.org", password=PASSWORD)
    pass_second_step(visitor)
    assert visitor.path == "/desk"


def test_a_wrong_password_keeps_the_address_and_says_what_to_do(visitor, amina, try_password):
    page = try_password()
    assert page.status_code == 422
    assert WRONG in page.text
    assert 'value="amina@example.org"' in page.text
    assert "not my password" not in page.text


def test_unknown_guest_closed_and_codeless_accounts_are_answered_alike(
    session, visitor, amina, try_password
):
    make_guest(session, email="guest@example.org", password_hash=HASH)
    make_person(session, email="closed@example.org", password_hash=HASH, disabled_at=NOW)
    make_person(session, email="nopassword@example.org")
    names = ("amina", "nobody", "guest", "closed", "nopassword")
    answers = {}
    for name in names:
        password = "not my password" if name == "amina" else PASSWORD
        page = try_password(f"{name}@example.org", password)
        answers[name] = (page.status_code, plain(page.text).replace(f"{name}@", "x@"))
    assert len(set(answers.values())) == 1
    assert session.scalars(select(SignIn.id)).all() == []


def plain(html: str) -> str:
    """A page without its tokens."""
    lines = html.replace("><", ">\n<").splitlines()
    return "\n".join(line for line in lines if "csrf_token" not in line and '"once"' not in line)


def test_what_is_missing_is_named(visitor, amina, try_password):
    page = try_password("nonsense", "x")
    assert page.status_code == 422
    assert "Enter an email address, like name@example.org." in page.text
    page = try_password(password="")
    assert "Type your password, or have a code emailed to you." in page.text


def test_after_ten_wrong_ones_none_is_looked_at(visitor, amina, at, try_password):
    for _ in range(10):
        assert try_password().status_code == 422
    page = try_password(password=PASSWORD)
    assert page.status_code == 429
    assert TOO_MANY in page.text
    assert page.headers["Retry-After"] == "900"
    with at(NOW + timedelta(minutes=14, seconds=59)):
        assert try_password(password=PASSWORD).status_code == 429
    with at(NOW + timedelta(minutes=15)):
        try_password(password=PASSWORD)
        assert visitor.path == "/account"


def test_ten_in_any_fifteen_minutes(visitor, amina, at, try_password):
    """Also when the fifteen minutes begin in the middle of the tries."""
    seen = []
    for minute in (0, 7, 14, 14, 14, 14, 14, 14, 14, 14, 16, 20, 28):
        with at(NOW + timedelta(minutes=minute)):
            seen.append(try_password().status_code)
    assert seen == [422] * 10 + [429] * 3
    with at(NOW + timedelta(minutes=60)):
        try_password(password=PASSWORD)
        assert visitor.path == "/account"


def test_an_unknown_address_is_limited_alike(visitor, try_password):
    seen = [try_password("nobody@example.org").status_code for _ in range(12)]
    assert seen == [422] * 10 + [429] * 2


def test_right_passwords_are_not_counted(session, visitor, amina, as_person):
    for _ in range(12):
        own = as_person(None)
        own.open("/sign-in")
        own.send("/sign-in", email="amina@example.org", password=PASSWORD)
        assert own.path == "/account"


def test_sixty_wrong_ones_from_one_network_address(visitor, amina, as_person, at):
    def wrong(n):
        own = as_person(None)
        own.open("/sign-in")
        return own.send("/sign-in", email=f"p{n}@example.org", password="wrong").status_code

    assert [wrong(n) for n in range(62)] == [422] * 60 + [429] * 2
    own = as_person(None)
    own.open("/sign-in")
    own.send("/sign-in", email="amina@example.org", password=PASSWORD)
    assert own.path == "/sign-in"
    elsewhere = as_person(None)
    elsewhere.client.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    elsewhere.open("/sign-in")
    elsewhere.send("/sign-in", email="amina@example.org", password=PASSWORD)
    assert elsewhere.path == "/account"


def test_a_forwarded_address_is_not_believed(client, visitor, amina, as_person):
    seen = []
    for n in range(62):
        own = as_person(None)
        own.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{n}"
        own.open("/sign-in")
        page = own.send("/sign-in", email=f"p{n}@example.org", password="wrong")
        seen.append(page.status_code)
    assert seen == [422] * 60 + [429] * 2


def test_an_older_hash_is_renewed(session, visitor, try_password):
    older = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    make_person(session, email="amina@example.org", password_hash=older)
    try_password(password=PASSWORD)
    assert visitor.path == "/account"
    kept = session.scalar(select(Person.password_hash))
    assert kept != older
    assert passwords.is_right(kept, PASSWORD)
    assert not passwords.is_outdated(kept)
