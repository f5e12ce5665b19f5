from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from netapp.people import passwords
from netapp.people.models import Person, SignIn
from netapp.people.operations.guests import find_or_add_guest
from tests.factories import NOW, make_guest, make_person
from tests.people.letters import all_letters, code_in, last_letter, letters_to

EMAIL = "amina@example.org"
PASSWORD = "wren marble kettle"


@pytest.fixture
def register(visitor):
    def _register(own=visitor, **fields):
        own.open("/register")
        return own.send("/register", {"name": "Amina Okafor", "email": EMAIL} | fields)

    return _register


def people(session):
    return session.execute(
        select(Person.email, Person.name, Person.registered_at.is_not(None)).order_by(Person.id)
    ).all()


def test_name_address_code_and_done(session, visitor, register):
    register()
    assert visitor.path == "/sign-in/code"
    assert "We have written to <strong>amina@example.org</strong>" in visitor.text
    assert people(session) == []
    visitor.send("/sign-in/code", code=code_in(session, EMAIL))
    assert visitor.path == "/account"
    assert people(session) == [(EMAIL, "Amina Okafor", True)]
    confirmed, kept = session.execute(select(Person.email_confirmed_at, Person.password_hash)).one()
    assert (confirmed, kept) == (NOW, None)
    assert letters_to(session, EMAIL) == ["people/code", "people/welcome"]


def test_with_a_password(session, visitor, register):
    register(password=PASSWORD)
    visitor.send("/sign-in/code", code=code_in(session, EMAIL))
    assert passwords.is_right(session.scalar(select(Person.password_hash)), PASSWORD)


def test_wrong_fields_are_named_and_kept(session, visitor, register):
    page = register(name="  ", email="amina@", password="password1234")
    assert page.status_code == 422
    assert "Enter a name, like Sam Okoro." in page.text
    assert "Enter an email address, like name@example.org." in page.text
    assert 'value="amina@"' in page.text
    page = register(password="password1234")
    assert page.status_code == 422
    assert "That password is easy to guess." in page.text
    assert "password1234" not in page.text
    assert register(password="AminaOkafor1").status_code == 422
    assert register(name="x" * 121).status_code == 422
    assert all_letters(session) == []


def test_a_guest_becomes_the_same_person_with_an_account(session, visitor, register):
    guest = make_guest(session, email=EMAIL, name="A. Okafor")
    register()
    assert letters_to(session, EMAIL) == ["people/code"]
    visitor.send("/sign-in/code", code=code_in(session, EMAIL))
    assert session.scalars(select(Person.id)).all() == [guest.id]
    assert people(session) == [(EMAIL, "Amina Okafor", True)]


def test_a_known_address_is_told_so_by_mail_alone(session, register, as_person):
    make_person(session, email=EMAIL, name="Amina Okafor")
    make_person(session, email="closed@example.org", disabled_at=NOW)
    answers = set()
    for email in (EMAIL, "closed@example.org", "new@example.org"):
        own = as_person(None)
        page = register(own=own, email=email)
        wrong = own.send("/sign-in/code", code="000000")
        answers.add((page.status_code, wrong.status_code, plain(page.text), plain(wrong.text)))
    assert len(answers) == 1
    assert all_letters(session) == ["people/address_known", "people/code"]
    assert "You have one already, so nothing has changed." in last_letter(session, EMAIL)


def plain(html):
    for name in ("amina", "closed", "new"):
        html = html.replace(f"{name}@", "x@")
    lines = html.replace("><", ">\n<").splitlines()
    return "\n".join(line for line in lines if "csrf_token" not in line and '"once"' not in line)


def test_registering_again_changes_nothing_of_an_account(session, visitor, register):
    kept = passwords.hashed(PASSWORD)
    make_person(session, email=EMAIL, name="Amina Okafor", password_hash=kept)
    register(name="Mallory", password="other marble kettle")
    assert session.execute(select(Person.name, Person.password_hash)).one() == (
        "Amina Okafor",
        kept,
    )
    assert session.scalars(select(SignIn.id)).all() == []


def test_who_opened_an_account_meanwhile_is_signed_in(session, register, as_person):
    first, second = as_person(None), as_person(None)
    register(own=first)
    register(own=second, name="Amina O.")
    second.send("/sign-in/code", code=code_in(session, EMAIL))
    assert second.path == "/account"
    assert people(session) == [(EMAIL, "Amina O.", True)]


def test_mails_are_limited(session, register, as_person):
    seen = [register(own=as_person(None)).status_code for _ in range(6)]
    assert seen == [200] * 5 + [429]


def test_closed_registration_says_whom_to_ask(app, session, visitor, monkeypatch):
    visitor.open("/register")
    form = dict(visitor.form("/register").fields)
    monkeypatch.setitem(app.extensions, "settings", SimpleNamespace(open_registration=False))
    assert "The coordinators make accounts here." in visitor.open("/register").text
    sent = visitor.client.post("/register", data=form | {"name": "Amina", "email": EMAIL})
    assert sent.status_code == 403
    assert all_letters(session) == []


def test_the_page_asked_for_comes_in_the_end(session, visitor):
    visitor.open("/account/sign-ins")
    visitor.open("/register?next=/account/sign-ins")
    visitor.send("/register", name="Amina Okafor", email=EMAIL)
    visitor.send("/sign-in/code", code=code_in(session, EMAIL))
    assert visitor.path == "/account/sign-ins"


def test_a_guest_is_added_once_and_keeps_the_first_name(session):
    one = find_or_add_guest(session, email="Ben@Example.org", name="Ben", now=NOW)
    two = find_or_add_guest(
        session, email="ben@example.org", name="Benjamin", now=NOW + timedelta(days=1)
    )
    session.commit()
    assert one.id == two.id
    assert people(session) == [("ben@example.org", "Ben", False)]
