import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, text, update

from netapp.extensions import db
from netapp.kernel.notes import note
from netapp.kernel.tokens import hash_token
from netapp.people import passwords
from netapp.people.devices import device_words
from netapp.people.models import Person, Role, RoleGrant, SignIn
from netapp.people.operations.upkeep import purge
from netapp.people.queries import find_account, signed_in
from tests.factories import NOW, make_coordinator, make_person, make_sign_in

PASSWORD = "wren marble kettle"
HASH = passwords.hashed(PASSWORD)


@pytest.fixture
def amina(session):
    return make_person(session, name="Amina Okafor", email="amina@example.org", password_hash=HASH)


def sign_in_by_password(visitor, email="amina@example.org"):
    visitor.open("/sign-in")
    visitor.send("/sign-in", email=email, password=PASSWORD)
    assert visitor.path in {"/account", "/desk"}
    return visitor.client.get_cookie("sign-in")


def is_signed_in(visitor):
    visitor.open("/account")
    return visitor.path == "/account"


def test_the_cookie_and_what_the_database_keeps_of_it(session, visitor, client, amina):
    visitor.open("/sign-in")
    form = dict(visitor.form("/sign-in").fields)
    answer = client.post("/sign-in", data=form | {"email": amina.email, "password": PASSWORD})
    cookies = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("sign-in=")]
    assert len(cookies) == 1
    assert "HttpOnly; Path=/; SameSite=Lax" in cookies[0]
    assert "Max-Age=2592000" in cookies[0]
    assert "Secure" not in cookies[0]
    token = client.get_cookie("sign-in").value
    assert len(token) == 43
    kept = session.scalars(select(SignIn)).one()
    assert kept.token_hash == hash_token(token)
    assert token not in str(vars(kept))


def test_under_https_the_cookie_is_bound_to_the_host(app, session, client, amina, monkeypatch):
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
    page = client.get("/sign-in", base_url="https://localhost")
    csrf = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(
        "/sign-in",
        base_url="https://localhost",
        headers={"Referer": "https://localhost/sign-in"},
        data={"email": amina.email, "password": PASSWORD, "csrf_token": csrf},
    )
    assert answer.status_code == 303
    cookies = [c for c in answer.headers.getlist("Set-Cookie") if "sign-in" in c]
    assert len(cookies) == 1
    assert cookies[0].startswith("__Host-sign-in=")
    assert "Secure; HttpOnly; Path=/; SameSite=Lax" in cookies[0]
    assert "Domain" not in cookies[0]


def test_each_sign_in_has_a_new_token_and_ends_the_one_of_this_browser(session, visitor, amina):
    first = sign_in_by_password(visitor).value
    second = sign_in_by_password(visitor).value
    assert first != second
    assert session.scalars(select(SignIn.token_hash)).all() == [hash_token(second)]


def test_a_token_from_elsewhere_is_not_taken_over(session, visitor, amina):
    """Somebody plants a cookie of their own; signing in does not make it worth anything."""
    visitor.client.set_cookie("sign-in", "planted-by-somebody")
    cookie = sign_in_by_password(visitor)
    assert cookie.value != "planted-by-somebody"


def test_the_form_token_is_new_after_signing_in(session, visitor, amina):
    visitor.open("/sign-in")
    before = dict(visitor.form("/sign-in").fields)
    sign_in_by_password(visitor)
    answer = visitor.client.post("/sign-out", data={"csrf_token": before["csrf_token"]})
    assert answer.status_code == 400
    assert is_signed_in(visitor)


def test_signing_out_ends_it_everywhere_it_was_copied_to(session, visitor, amina, as_person):
    stolen = sign_in_by_password(visitor).value
    thief = as_person(None)
    thief.client.set_cookie("sign-in", stolen)
    assert is_signed_in(thief)
    visitor.open("/account")
    answer = visitor.send("/sign-out")
    assert answer.history[0].headers["Clear-Site-Data"] == '"cache", "storage"'
    assert visitor.path == "/"
    assert "You are signed out." in visitor.text
    assert visitor.client.get_cookie("sign-in") is None
    assert session.scalars(select(SignIn.id)).all() == []
    assert not is_signed_in(thief)


def test_signing_out_keeps_the_display_settings(visitor, session, sign_in, amina):
    sign_in(amina)
    visitor.client.set_cookie("display", "text-xl")
    visitor.open("/account")
    visitor.send("/sign-out")
    assert visitor.client.get_cookie("display").value == "text-xl"


def test_signing_out_without_being_signed_in_is_harmless(visitor, client):
    visitor.open("/sign-in")
    token = dict(visitor.form("/sign-in").fields)["csrf_token"]
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 303


@pytest.mark.parametrize(
    ("make", "idle"),
    [(make_person, timedelta(days=14)), (make_coordinator, timedelta(hours=2))],
)
def test_idle_limit(session, as_person, at, make, idle):
    visitor = as_person(make(session))
    with at(NOW + idle + timedelta(seconds=1)):
        assert not is_signed_in(visitor)
    with at(NOW + idle):
        assert is_signed_in(visitor)


def test_becoming_a_coordinator_shortens_the_idle_limit_at_once(session, as_person, at):
    person = make_person(session)
    visitor = as_person(person)
    with at(NOW + timedelta(hours=3)):
        assert is_signed_in(visitor)
    session.add(RoleGrant(person_id=person.id, role=Role.COORDINATOR, granted_at=NOW))
    session.execute(update(SignIn).values(last_used_at=NOW))
    session.commit()
    with at(NOW + timedelta(hours=3)):
        assert not is_signed_in(visitor)


def test_thirty_days_however_busy(session, as_person, at):
    visitor = as_person(make_person(session))
    for day in range(5, 30, 5):
        with at(NOW + timedelta(days=day)):
            visitor.open("/account").close()
            assert visitor.path == "/account"
    with at(NOW + timedelta(days=30, seconds=-1)):
        assert is_signed_in(visitor)
    with at(NOW + timedelta(days=30)):
        assert not is_signed_in(visitor)


def last_use(session):
    return session.scalar(select(SignIn.last_used_at))


def test_last_use_is_noted_at_most_once_in_five_minutes(session, as_person, at):
    visitor = as_person(make_person(session))
    seen = []
    for minutes in (4, 5, 9, 10):
        with at(NOW + timedelta(minutes=minutes)):
            visitor.open("/account").close()
            seen.append(last_use(session) - NOW)
    assert [int(each.total_seconds() // 60) for each in seen] == [0, 5, 5, 10]


def test_the_note_comes_after_the_answer(session, as_person, at):
    visitor = as_person(make_person(session))
    with at(NOW + timedelta(hours=1)):
        answer = visitor.client.get("/account")
        assert answer.status_code == 200
        assert last_use(session) == NOW
        answer.close()
        assert last_use(session) == NOW + timedelta(hours=1)


def test_a_locked_database_neither_fails_nor_delays_the_answer(session, as_person, at):
    person = make_person(session)
    visitor = as_person(person)
    with db.engine.connect() as other:
        other.execute(update(SignIn).values(device="held by somebody else"))
        with at(NOW + timedelta(hours=1)):
            answer = visitor.client.get("/account")
            assert answer.status_code == 200
            done = threading.Event()

            def finish() -> None:
                answer.close()
                done.set()

            thread = threading.Thread(target=finish)
            thread.start()
            assert done.wait(5), "the note waited for the lock"
            thread.join()
        other.rollback()
    assert last_use(session) == NOW
    with at(NOW + timedelta(hours=1)):
        visitor.open("/account").close()
        assert last_use(session) == NOW + timedelta(hours=1)


def test_a_note_leaves_the_connection_as_patient_as_it_was(app, session, amina):
    make_sign_in(session, amina)
    assert note(db.engine, update(SignIn).values(last_used_at=NOW))
    if db.engine.dialect.name == "sqlite":
        for connection in [db.engine.connect() for _ in range(3)]:
            assert connection.execute(text("PRAGMA busy_timeout")).scalar() == 15_000
            connection.close()


def test_a_stranger_gets_no_row_and_no_query(session, client, count_queries):
    with count_queries() as statements:
        assert client.get("/sign-in").status_code == 200
        assert client.get("/register").status_code == 200
        assert client.get("/account").status_code == 303
    assert statements == []
    assert session.scalars(select(SignIn.id)).all() == []


def test_who_is_signed_in_is_one_query(session, as_person, count_queries):
    visitor = as_person(make_coordinator(session))
    with count_queries() as statements:
        assert visitor.client.get("/account/password").status_code == 200
    assert len(statements) == 1


@pytest.mark.parametrize("token", ["", "x", "x" * 3000, "a;b", "\u00e9"])
def test_odd_cookies_are_strangers(client, token):
    client.set_cookie("sign-in", token)
    assert client.get("/account").status_code == 303


def test_flask_logins_own_cookie_means_nothing(app, session, client, amina):
    with client.session_transaction() as cookie:
        cookie["_user_id"] = amina.key
        cookie["_fresh"] = True
    client.set_cookie("remember_token", f"{amina.key}|{'0' * 128}")
    assert client.get("/account").status_code == 303


def test_rights_are_those_of_the_moment(session, as_person):
    person = make_coordinator(session)
    visitor = as_person(person)
    assert visitor.open("/desk/people").status_code == 200
    session.execute(delete(RoleGrant))
    session.commit()
    assert visitor.open("/desk/people").status_code == 404
    session.execute(update(Person).values(disabled_at=NOW))
    session.commit()
    assert not is_signed_in(visitor)


# The list of sign-ins.


def test_my_browsers_are_listed(session, visitor, sign_in, amina):
    sign_in(amina)
    make_sign_in(session, make_person(session))
    session.add(
        SignIn(
            token_hash="h", key="k" * 12, person_id=amina.id, device="Firefox on Windows",
            created_at=NOW, last_used_at=NOW - timedelta(days=15), ends_at=NOW + timedelta(days=9),
            proved_at=NOW,
        )
    )  # fmt: skip
    session.commit()
    page = visitor.open("/account/sign-ins")
    assert page.text.count("Last used on") == 1
    assert "This browser" in page.text
    assert "Firefox on Windows" not in page.text, "idle for too long: it has ended"


def test_end_one_end_the_others(session, amina, as_person):
    here, second, third = as_person(amina), as_person(amina), as_person(amina)
    keys = session.scalars(select(SignIn.key).order_by(SignIn.id)).all()
    here.open("/account/sign-ins")
    here.send(f"/account/sign-ins/{keys[1]}/end")
    assert here.path == "/account/sign-ins"
    assert [is_signed_in(v) for v in (here, second, third)] == [True, False, True]
    here.open("/account/sign-ins")
    here.send("/account/sign-ins/end-others")
    assert [is_signed_in(v) for v in (here, second, third)] == [True, False, False]


def test_ending_this_one_signs_out(session, visitor, sign_in, amina):
    sign_in(amina)
    visitor.open("/account/sign-ins")
    visitor.send(f"/account/sign-ins/{session.scalar(select(SignIn.key))}/end")
    assert visitor.path == "/"
    assert not is_signed_in(visitor)


def test_nobody_ends_what_is_not_theirs(session, amina, as_person):
    mine, other = as_person(amina), as_person(make_person(session))
    theirs = session.scalars(select(SignIn.key).where(SignIn.person_id != amina.id)).one()
    mine.open("/account/sign-ins")
    token = dict(mine.form("/end").fields)["csrf_token"]
    for key in (theirs, "nonsense", "0"):
        answer = mine.client.post(f"/account/sign-ins/{key}/end", data={"csrf_token": token})
        assert answer.status_code == 404
    assert is_signed_in(other)


def test_what_has_ended_is_thrown_away(session, amina):
    make_sign_in(session, amina)
    assert purge(session, NOW + timedelta(days=1)) == 0
    assert purge(session, NOW + timedelta(days=15)) == 1
    assert session.scalars(select(SignIn.id)).all() == []


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1",
            "Safari on an iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("<script>alert(1)</script>", "a browser"),
        ("", "a browser"),
    ],
)
def test_devices_in_words(agent, words):
    assert device_words(agent) == words


def test_the_sign_ins_of_the_demo_work_in_the_demo_only(app, session, sign_in, monkeypatch):
    person = sign_in(make_person(session, is_demo=True))
    token = make_sign_in(session, person)
    assert signed_in(session, token, now=NOW) is not None
    assert find_account(session, person.email) is not None
    monkeypatch.setitem(session.info, "site", replace(app.extensions["site"], demo=False))
    assert signed_in(session, token, now=NOW) is None
    assert find_account(session, person.email) is None
