from datetime import timedelta

import pytest
from sqlalchemy import select, update

from netapp.people import passwords
from netapp.people.models import Person, SignIn
from tests.factories import NOW, make_person
from tests.people.letters import letters_to

OLD, NEW = "wren marble kettle", "otter trumpet gravel"


@pytest.fixture
def amina(session):
    return make_person(
        session, name="Amina Okafor", email="amina@example.org", password_hash=passwords.hashed(OLD)
    )


@pytest.fixture
def here(visitor, sign_in, amina):
    sign_in(amina)
    return visitor


def profile_of(session):
    return session.execute(
        select(Person.name, Person.organisation, Person.invitations, Person.version)
    ).one()


def test_my_page_shows_who_i_am_and_where_to_go(here):
    text = here.open("/account").text
    for words in (
        "Hello, Amina", "amina@example.org", 'href="/account/bookings"', 'href="/account/calendar"',
        'href="/account/sign-ins"', 'href="/account/privacy"',
    ):  # fmt: skip
        assert words in text


def test_change_my_details(session, here):
    here.open("/account/details")
    here.send("/account/details", name=" Amina  O. ", organisation="Leeds Music", invitations=None)
    assert here.path == "/account"
    assert "Your details are saved." in here.text
    assert profile_of(session) == ("Amina O.", "Leeds Music", False, 2)


def test_wrong_details_keep_what_was_typed(session, here):
    here.open("/account/details")
    page = here.send("/account/details", name="", organisation="L" * 121)
    assert page.status_code == 422
    assert "Enter a name, like Sam Okoro." in page.text
    assert "Shorten this to 120 characters. It has 121." in page.text
    assert "L" * 121 in page.text
    assert profile_of(session) == ("Amina Okafor", "", True, 1)


def test_pressing_save_twice_saves_once(session, here):
    here.open("/account/details")
    form = dict(here.form("/account/details").fields) | {"name": "Amina O."}
    seen = [here.client.post("/account/details", data=form).location for _ in range(2)]
    assert seen == ["/account", "/account"]
    assert profile_of(session) == ("Amina O.", "", False, 2) or profile_of(session).version == 2


def test_a_stale_edit_shows_both_texts(session, here, amina, as_person):
    other = as_person(amina)
    other.open("/account/details")
    here.open("/account/details")
    other.send("/account/details", name="Amina by phone")
    page = here.send("/account/details", name="Amina by laptop", organisation="Leeds")
    assert page.status_code == 409
    assert "Amina by phone" in page.text
    assert "Amina by laptop" in page.text
    assert profile_of(session)[:2] == ("Amina by phone", "")
    here.send("/account/details")
    assert here.path == "/account"
    assert profile_of(session) == ("Amina by laptop", "Leeds", True, 3)


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "9" * 40, "1.0"])
def test_odd_versions_are_stale(session, here, version):
    here.open("/account/details")
    assert here.send("/account/details", version=version, name="X").status_code == 409
    assert profile_of(session).name == "Amina Okafor"


def test_change_my_password(session, here, amina, as_person):
    elsewhere = as_person(amina)
    before = here.client.get_cookie("sign-in").value
    here.open("/account/password")
    here.send("/account/password", current=OLD, password=NEW)
    assert here.path == "/account"
    assert "Your password is changed. Everywhere else you are signed out." in here.text
    assert passwords.is_right(session.scalar(select(Person.password_hash)), NEW)
    assert here.client.get_cookie("sign-in").value != before
    assert len(session.scalars(select(SignIn.id)).all()) == 1
    elsewhere.open("/account")
    assert elsewhere.path == "/sign-in"
    assert letters_to(session, amina.email) == ["people/password_changed"]


def test_the_current_password_is_asked(session, here):
    here.open("/account/password")
    for current, password, words in (
        ("", NEW, "That is not your current password."),
        ("wrong", NEW, "That is not your current password."),
        (OLD, "short", "Use 12 characters or more."),
        (OLD, "AminaOkafor1", "easy to guess"),
        (OLD, "", "Choose a new password."),
    ):
        page = here.send("/account/password", current=current, password=password)
        assert page.status_code == 422
        assert words in page.text
    assert passwords.is_right(session.scalar(select(Person.password_hash)), OLD)


def test_the_current_password_may_be_tried_ten_times(session, here):
    here.open("/account/password")
    send = lambda current: here.send("/account/password", current=current, password=NEW)  # noqa: E731
    assert [send("wrong").status_code for _ in range(10)] == [422] * 10
    assert send(OLD).status_code == 429
    assert passwords.is_right(session.scalar(select(Person.password_hash)), OLD)


def test_a_first_password_needs_a_recent_sign_in(session, visitor, sign_in, at):
    sign_in(make_person(session))
    assert "Your current password" not in visitor.open("/account/password").text
    form = dict(visitor.form("/account/password").fields) | {"password": NEW}
    with at(NOW + timedelta(minutes=10, seconds=1)):
        assert "first show that it is you" in visitor.open("/account/password").text
        answer = visitor.client.post("/account/password", data=form)
        assert answer.location == "/sign-in?next=/account/password"
        assert session.scalar(select(Person.password_hash)) is None
    with at(NOW + timedelta(minutes=10)):
        visitor.open("/account/password")
        visitor.send("/account/password", password=NEW)
        assert visitor.path == "/account"
    assert passwords.is_right(session.scalar(select(Person.password_hash)), NEW)


def test_a_password_changed_meanwhile_is_asked_again(session, here, amina):
    here.open("/account/password")
    session.execute(update(Person).values(password_hash=passwords.hashed("gravel otter kettle")))
    session.commit()
    page = here.send("/account/password", current=OLD, password=NEW)
    assert page.status_code == 422


def test_others_pages_are_not_cached(here):
    for path in ("/account", "/account/details", "/account/sign-ins", "/account/password"):
        assert here.open(path).headers["Cache-Control"] == "no-store"
