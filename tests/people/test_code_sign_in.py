from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.kernel.site import site_of
from netapp.kernel.tokens import sign
from netapp.people.models import SignIn, SignInCode
from tests.factories import NOW, make_guest, make_person
from tests.people.letters import all_letters, code_in, last_letter, letters_to

EMAIL = "amina@example.org"


@pytest.fixture
def amina(session):
    return make_person(session, name="Amina Okafor", email=EMAIL)


@pytest.fixture
def ask(visitor):
    def _ask(email=EMAIL, own=visitor, path="/sign-in"):
        own.open(path)
        return own.send("/sign-in", email=email, way="code")

    return _ask


def other_code(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_code_signs_in(session, visitor, amina, ask):
    page = ask(" AMINA@example.org ")
    assert visitor.path == "/sign-in/code"
    assert "If <strong>amina@example.org</strong> has an account, a code is on its way" in page.text
    assert letters_to(session, EMAIL) == ["people/code"]
    visitor.send("/sign-in/code", code=code_in(session, EMAIL))
    assert visitor.path == "/account"
    assert "Hello, Amina" in visitor.text


def test_the_mail_says_how_long_and_which_browser(session, visitor, amina, ask):
    visitor.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux) Firefox/140.0"
    ask()
    text = last_letter(session, EMAIL)
    assert "Hello Amina Okafor," in text
    assert "It is good for 10 minutes, and only in the browser that asked for it." in text
    assert "It was asked for in Firefox on Linux." in text


def test_return_in_the_address_field_mails_a_code(session, visitor, amina):
    visitor.open("/sign-in")
    visitor.send("/sign-in", email=EMAIL)
    assert visitor.path == "/sign-in/code"


@pytest.mark.parametrize("form", ["{0}{1}{2} {3}{4}{5}", " {0}{1}{2}-{3}{4}{5}\t"])
def test_pasted_with_blanks_or_a_hyphen(session, visitor, amina, ask, form):
    ask()
    visitor.send("/sign-in/code", code=form.format(*code_in(session, EMAIL)))
    assert visitor.path == "/account"


def test_full_width_digits_are_digits(session, visitor, amina, ask):
    ask()
    wide = code_in(session, EMAIL).translate({48 + n: 0xFF10 + n for n in range(10)})
    visitor.send("/sign-in/code", code=wide)
    assert visitor.path == "/account"


def test_what_is_no_code_costs_no_try(session, visitor, amina, ask):
    ask()
    for typed in ("", "12345", "1234567", "abcdef", "12 34"):
        page = visitor.send("/sign-in/code", code=typed)
        assert page.status_code == 422
        assert "Type the six digits from the email." in page.text
    assert session.scalars(select(SignInCode.tries_left)).all() == [5]


def test_five_tries(session, visitor, amina, ask):
    ask()
    right = code_in(session, EMAIL)
    for _ in range(5):
        page = visitor.send("/sign-in/code", code=other_code(right))
        assert page.status_code == 422
        assert "That is not the code." in page.text
    visitor.send("/sign-in/code", code=right)
    assert visitor.path == "/sign-in"
    assert "That code has ended. Have a new one emailed to you." in visitor.text
    assert session.scalars(select(SignIn.id)).all() == []


def test_ten_minutes(session, visitor, amina, ask, at):
    ask()
    code = code_in(session, EMAIL)
    with at(NOW + timedelta(minutes=10)):
        visitor.send("/sign-in/code", code=code)
        assert visitor.path == "/sign-in"
        assert "That code has ended." in visitor.text
    ask()
    with at(NOW + timedelta(minutes=9, seconds=59)):
        visitor.send("/sign-in/code", code=code_in(session, EMAIL))
        assert visitor.path == "/account"


def test_once(session, visitor, amina, ask, client):
    ask()
    code = code_in(session, EMAIL)
    form = dict(visitor.form("/sign-in/code").fields) | {"code": code}
    assert client.post("/sign-in/code", data=form).location == "/account"
    visitor.open("/sign-in")
    form = form | {"csrf_token": dict(visitor.form("/sign-in").fields)["csrf_token"]}
    assert client.post("/sign-in/code", data=form).location == "/sign-in"


def test_only_in_the_browser_that_asked(session, amina, ask, as_person):
    mine, thief = as_person(None), as_person(None)
    ask(own=mine)
    ask("nobody@example.org", own=thief)
    thief.send("/sign-in/code", code=code_in(session, EMAIL))
    assert thief.path == "/sign-in/code"
    mine.send("/sign-in/code", code=code_in(session, EMAIL))
    assert mine.path == "/account"


@pytest.mark.parametrize("same_browser", [True, False])
def test_a_newer_code_ends_the_older(session, amina, ask, as_person, same_browser):
    first = as_person(None)
    ask(own=first)
    older = code_in(session, EMAIL)
    second = first if same_browser else as_person(None)
    ask(own=second)
    newer = code_in(session, EMAIL)
    first_page = first.open("/sign-in/code")
    if same_browser:
        if older != newer:
            first.send("/sign-in/code", code=older)
            assert first.path == "/sign-in/code"
    else:
        assert first_page.request.path == "/sign-in"
    second.open("/sign-in/code")
    second.send("/sign-in/code", code=newer)
    assert second.path == "/account"


def test_known_and_unknown_addresses_are_answered_alike(session, amina, ask, as_person):
    make_guest(session, email="guest@example.org")
    make_person(session, email="closed@example.org", disabled_at=NOW)
    answers = set()
    for name in ("amina", "nobody", "guest", "closed"):
        own = as_person(None)
        page = ask(f"{name}@example.org", own=own)
        wrong = own.send("/sign-in/code", code="000000")
        answers.add((page.status_code, wrong.status_code, plain(page.text), plain(wrong.text)))
    assert len(answers) == 1
    assert all_letters(session) == ["people/code"]


def plain(html):
    """A page without its tokens and the address that was typed."""
    for name in ("amina", "nobody", "guest", "closed"):
        html = html.replace(f"{name}@", "x@")
    lines = html.replace("><", ">\n<").splitlines()
    return "\n".join(line for line in lines if "csrf_token" not in line and '"once"' not in line)


def test_no_guess_fits_a_code_that_nobody_was_sent(session, visitor, ask):
    ask("nobody@example.org")
    kept = session.scalar(select(SignInCode.code_hash))
    row = session.scalars(select(SignInCode)).one()
    secret = site_of(session).secret
    hashes = {
        sign(secret, "sign-in code", row.email, row.browser_hash, f"{n:06d}") for n in range(1000)
    }
    assert kept not in hashes
    assert len(kept) == 32


def test_the_database_does_not_tell_the_code(session, visitor, amina, ask):
    ask()
    code = code_in(session, EMAIL)
    row = session.scalars(select(SignInCode)).one()
    assert code not in " ".join(str(value) for value in vars(row).values())


def test_five_mails_an_hour_to_an_address(session, visitor, amina, ask, as_person, at):
    seen = [ask(own=as_person(None)).status_code for _ in range(7)]
    assert seen == [200] * 5 + [429] * 2
    assert letters_to(session, EMAIL) == ["people/code"] * 5
    unknown = [ask("no@example.org", own=as_person(None)).status_code for _ in range(7)]
    assert unknown == seen
    assert ask(own=as_person(None)).headers["Retry-After"] == "3600"
    with at(NOW + timedelta(hours=1)):
        assert ask(own=as_person(None)).status_code == 200


def test_thirty_mails_an_hour_from_one_network_address(session, ask, as_person):
    seen = [ask(f"p{n}@example.org", own=as_person(None)).status_code for n in range(32)]
    assert seen == [200] * 30 + [429] * 2


def test_pressing_twice_sends_one_mail(session, visitor, amina, client):
    visitor.open("/sign-in")
    form = dict(visitor.form("/sign-in").fields) | {"email": EMAIL, "way": "code"}
    assert [client.post("/sign-in", data=form).location for _ in range(2)] == ["/sign-in/code"] * 2
    assert letters_to(session, EMAIL) == ["people/code"]


def test_another_code_from_the_code_page(session, visitor, amina, ask):
    ask()
    visitor.send("/sign-in", way="code")
    assert visitor.path == "/sign-in/code"
    visitor.send("/sign-in/code", code=code_in(session, EMAIL))
    assert visitor.path == "/account"


def test_the_page_asked_for_comes_after_the_code(session, visitor, amina, ask):
    visitor.open("/account/sign-ins")
    assert visitor.path == "/sign-in"
    visitor.send("/sign-in", email=EMAIL, way="code")
    wrong = visitor.send("/sign-in/code", code=other_code(code_in(session, EMAIL)))
    assert wrong.status_code == 422
    visitor.send("/sign-in/code", code=code_in(session, EMAIL))
    assert visitor.path == "/account/sign-ins"


def test_without_a_code_asked_for_there_is_no_code_page(visitor):
    visitor.open("/sign-in/code")
    assert visitor.path == "/sign-in"


def test_going_back_to_put_the_address_right_sends_a_code_to_it(session, visitor, amina, client):
    visitor.open("/sign-in")
    fields = dict(visitor.form("/sign-in").fields) | {"way": "code"}
    for typed in ("amina@example.rog", EMAIL):
        client.post("/sign-in", data=fields | {"email": typed})
    assert letters_to(session, EMAIL) == ["people/code"]
    assert EMAIL in visitor.open("/sign-in/code").text


def test_two_requests_at_once_use_a_code_once(app, session, visitor, amina, ask):
    ask()
    form = dict(visitor.form("/sign-in/code").fields) | {"code": code_in(session, EMAIL)}
    cookie = visitor.client.get_cookie("session")

    def send(_):
        own = app.test_client()
        own.set_cookie("session", cookie.value)
        return own.post("/sign-in/code", data=form).location

    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(send, range(4)))
    assert sorted(seen) == ["/account", "/sign-in", "/sign-in", "/sign-in"]
    assert len(session.scalars(select(SignIn.id)).all()) == 1
