from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from netapp.audit.operations import COMMAND_LINE
from netapp.kernel.tokens import hash_token
from netapp.people import passwords
from netapp.people.errors import TooManyMails
from netapp.people.models import OneTimeLink, Person, SignIn
from netapp.people.operations import accounts, desk
from tests.factories import NOW, make_guest, make_person, make_sign_in
from tests.people.letters import all_letters, last_letter, letters_to, link_in

EMAIL = "amina@example.org"
OLD, NEW = "wren marble kettle", "otter trumpet gravel"
ENDED = "This link has ended"


@pytest.fixture
def amina(session):
    return make_person(
        session, name="Amina Okafor", email=EMAIL, password_hash=passwords.hashed(OLD)
    )


@pytest.fixture
def reset_link(session, visitor):
    def _ask(email=EMAIL):
        visitor.open("/reset-password")
        visitor.send("/reset-password", email=email)
        return link_in(session, email)

    return _ask


@pytest.fixture
def invitation(session, amina):
    """The path of a link for somebody without an account."""
    guest = make_guest(session, email="ben@example.org", name="Ben Adeyemi")
    desk.invite(session, key=guest.key, actor=COMMAND_LINE, now=NOW)
    session.commit()
    return link_in(session, "ben@example.org")


def has_password(session, password):
    kept = session.scalar(select(Person.password_hash).where(Person.email == EMAIL))
    return passwords.is_right(kept, password)


# A new password.


def test_a_new_password_by_mail(session, visitor, amina, reset_link):
    make_sign_in(session, amina)
    path = reset_link()
    assert "If that address has an account, a link" in visitor.text
    assert "The link is good for 60 minutes and works once." in last_letter(session, EMAIL)
    assert "For the account of <strong>Amina Okafor</strong>" in visitor.open(path).text
    visitor.send(path, password=NEW)
    assert visitor.path == "/sign-in"
    assert "Your password is changed. Sign in with the new one." in visitor.text
    assert has_password(session, NEW)
    assert session.scalars(select(SignIn.id)).all() == []
    assert letters_to(session, EMAIL) == ["people/link_reset", "people/password_changed"]
    visitor.send("/sign-in", email=EMAIL, password=NEW)
    assert visitor.path == "/account"


def test_the_answer_is_alike_for_unknown_addresses(session, visitor, amina):
    make_guest(session, email="guest@example.org")
    make_person(session, email="closed@example.org", disabled_at=NOW)
    seen = set()
    for email in (EMAIL, "nobody@example.org", "guest@example.org", "closed@example.org"):
        visitor.open("/reset-password")
        page = visitor.send("/reset-password", email=email)
        seen.add((page.status_code, page.request.full_path, "Check your email" in page.text))
    assert seen == {(200, "/reset-password?sent=1", True)}
    assert all_letters(session) == ["people/link_reset"]


def test_opening_the_link_does_nothing(session, visitor, amina, reset_link):
    path = reset_link()
    for _ in range(3):
        assert visitor.open(path).status_code == 200
    assert session.scalars(select(OneTimeLink.used_at)).all() == [None]
    assert has_password(session, OLD)


def test_a_refused_password_leaves_the_link_good(session, visitor, amina, reset_link):
    path = reset_link()
    visitor.open(path)
    for typed, words in (
        ("", "Choose a new password."),
        ("short", "Use 12 characters or more."),
        ("AminaOkafor1", "easy to guess"),
    ):
        page = visitor.send(path, password=typed)
        assert page.status_code == 422
        assert words in page.text
    visitor.send(path, password=NEW)
    assert visitor.path == "/sign-in"


def test_a_link_works_once(session, visitor, amina, reset_link, as_person):
    path = reset_link()
    other = as_person(None)
    other.open(path)
    visitor.open(path)
    visitor.send(path, password=NEW)
    page = other.send(path, password="another gravel trumpet")
    assert page.status_code == 410
    assert ENDED in page.text
    assert ENDED in other.open(path).text
    assert has_password(session, NEW)


def test_a_link_works_for_an_hour(session, visitor, amina, reset_link, at):
    path = reset_link()
    visitor.open(path)
    with at(NOW + timedelta(minutes=60)):
        assert visitor.send(path, password=NEW).status_code == 410
        assert visitor.open(path).status_code == 410
    with at(NOW + timedelta(minutes=59, seconds=59)):
        visitor.open(path)
        visitor.send(path, password=NEW)
        assert visitor.path == "/sign-in"


def test_a_newer_link_ends_the_older(session, visitor, amina, reset_link):
    older, newer = reset_link(), reset_link()
    assert visitor.open(older).status_code == 410
    assert visitor.open(newer).status_code == 200


def test_a_link_is_for_the_address_it_was_sent_to(session, visitor, amina, reset_link):
    path = reset_link()
    visitor.open(path)
    session.execute(update(Person).values(email="elsewhere@example.org"))
    session.commit()
    assert visitor.send(path, password=NEW).status_code == 410


def test_a_link_is_for_one_purpose(session, visitor, amina, reset_link, invitation):
    token = reset_link().rpartition("/")[2]
    assert visitor.open(f"/welcome/{token}").status_code == 410
    assert visitor.open(f"/reset-password/{invitation.rpartition('/')[2]}").status_code == 410


def test_a_closed_account_has_no_links(session, visitor, amina, reset_link):
    path = reset_link()
    visitor.open(path)
    session.execute(update(Person).values(disabled_at=NOW))
    session.commit()
    assert visitor.send(path, password=NEW).status_code == 410


def test_unknown_links_get_the_page_of_ended_ones(visitor, amina, reset_link):
    used = reset_link()
    visitor.open(used)
    visitor.send(used, password=NEW)
    ended = visitor.open(used)
    for token in ("x", "a" * 43, "é"):
        page = visitor.open(f"/reset-password/{token}")
        assert page.status_code == 410
        assert ENDED in page.text
    assert ended.status_code == 410


def test_the_database_keeps_only_a_hash(session, amina, reset_link):
    token = reset_link().rpartition("/")[2]
    assert len(token) == 43
    assert session.scalars(select(OneTimeLink.token_hash)).all() == [hash_token(token)]


def test_two_requests_at_once_one_wins(app, session, visitor, amina, reset_link):
    path = reset_link()
    visitor.open(path)
    form = dict(visitor.form(path).fields)
    cookie = visitor.client.get_cookie("session")

    def send(n):
        own = app.test_client()
        own.set_cookie("session", cookie.value)
        return own.post(path, data=form | {"password": f"{NEW} {n} xq"}).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == [303, 410, 410, 410]


def test_resets_are_limited(session, visitor, amina):
    def ask():
        visitor.open("/reset-password")
        return visitor.send("/reset-password", email=EMAIL).status_code

    assert [ask() for _ in range(6)] == [200] * 5 + [429]


# An invitation.


def test_an_invitation_opens_the_account_and_signs_in(session, visitor, invitation):
    page = visitor.open(invitation)
    assert "This opens the account of <strong>ben@example.org</strong>" in page.text
    assert 'value="Ben Adeyemi"' in page.text
    assert "The link is good for 14 days and works once." in last_letter(session, "ben@example.org")
    visitor.send(invitation, name="Ben A.")
    assert visitor.path == "/account"
    assert "Hello, Ben" in visitor.text
    row = session.execute(
        select(Person.name, Person.registered_at, Person.email_confirmed_at, Person.password_hash)
        .where(Person.email == "ben@example.org")
    ).one()  # fmt: skip
    assert row == ("Ben A.", NOW, NOW, None)
    assert visitor.open(invitation).status_code == 410


def test_an_invitation_with_a_password(session, visitor, invitation):
    visitor.open(invitation)
    assert visitor.send(invitation, password="short").status_code == 422
    visitor.send(invitation, password=NEW)
    assert visitor.path == "/account"
    kept = session.scalar(select(Person.password_hash).where(Person.email == "ben@example.org"))
    assert passwords.is_right(kept, NEW)


def test_an_invitation_works_for_fourteen_days(session, visitor, invitation, at):
    with at(NOW + timedelta(days=14)):
        assert visitor.open(invitation).status_code == 410
    with at(NOW + timedelta(days=14, seconds=-1)):
        assert visitor.open(invitation).status_code == 200


def test_two_requests_at_once_open_an_account_once(app, session, visitor, invitation):
    visitor.open(invitation)
    form = dict(visitor.form(invitation).fields)
    cookie = visitor.client.get_cookie("session")

    def send(_):
        own = app.test_client()
        own.set_cookie("session", cookie.value)
        return own.post(invitation, data=form).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == [303, 410, 410, 410]
    assert letters_to(session, "ben@example.org") == ["people/link_invitation", "people/welcome"]


def test_a_guest_makes_an_account_of_a_booking(session, visitor):
    guest = make_guest(session, email="ben@example.org", name="Ben Adeyemi")
    accounts.invite_to_account(session, guest, NOW)
    session.commit()
    assert letters_to(session, "ben@example.org") == ["people/account_link"]
    path = link_in(session, "ben@example.org")
    visitor.open(path)
    visitor.send(path)
    assert visitor.path == "/account"


def test_who_has_an_account_is_told_so(session, amina):
    accounts.invite_to_account(session, amina, NOW)
    session.commit()
    assert letters_to(session, EMAIL) == ["people/address_known"]


def test_asking_for_an_account_again_and_again_is_limited(session):
    guest = make_guest(session, email="ben@example.org")
    for _ in range(5):
        accounts.invite_to_account(session, guest, NOW)
    with pytest.raises(TooManyMails):
        accounts.invite_to_account(session, guest, NOW)
