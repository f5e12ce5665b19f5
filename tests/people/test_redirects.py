"""Where people are led after signing in: on this site, whatever the address says."""

import pytest

from netapp.people import passwords
from netapp.web.redirects import safe_path
from tests.factories import make_person

PASSWORD = "wren marble kettle"
HASH = passwords.hashed(PASSWORD)

OURS = [
    "/", "/events", "/events/working-with-chaos?page=2", "/account/sign-ins",
    "/events?kind=training&from=2027-01-01", "/bookings/7KQ4-X9PD-M2", "/a%20b", "/%2f", "/:x",
]  # fmt: skip
HOSTILE = [
    "", "evil.example", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example",
    "\\\\evil.example", "\\/evil.example", "/\\/evil.example", "https://evil.example", "https:evil",
    "http:/evil.example", "HTTPS://evil.example/", "javascript:alert(1)", "JavaScript:alert(1)",
    "java\tscript:alert(1)", "data:text/html,x", "/\t/evil.example", "\t//evil.example",
    "/\n/evil.example", "/\r\nSet-Cookie: a=b", "/\x00/evil.example", " //evil.example",
    "/ /evil.example", "/.//evil.example", "/..//evil.example", "/events//evil.example",
    "/@evil.example//", "@evil.example", "/x@evil.example", "?next=//evil.example", "#//evil",
    "/#//evil.example", "/é", "/\u2028/evil.example", "/\uff0f/evil.example", "//evil%E3%80%82com",
    "/;//evil.example", "/" + "a" * 500, "ftp://evil.example", "mailto:a@evil.example",
    "./x", "x/y",
]  # fmt: skip


@pytest.mark.parametrize("target", OURS)
def test_our_own_paths_are_followed(target):
    assert safe_path(target) == target


@pytest.mark.parametrize("target", HOSTILE)
def test_anything_else_is_not(target):
    assert safe_path(target) == "/"
    assert safe_path(target, fallback="/account") == "/account"
    assert safe_path(None, fallback="/account") == "/account"


def test_signing_in_ignores_foreign_targets(session, visitor):
    make_person(session, email="amina@example.org", password_hash=HASH)
    for target in HOSTILE:
        visitor.open("/sign-in")
        form = dict(visitor.form("/sign-in").fields) | {"next": target}
        answer = visitor.client.post(
            "/sign-in", data=form | {"email": "amina@example.org", "password": PASSWORD}
        )
        assert (answer.status_code, answer.location) == (303, "/account"), repr(target)


def test_the_page_holds_only_our_targets(client):
    assert 'name="next" value="/events"' in client.get("/sign-in?next=/events").text
    assert 'name="next"' not in client.get("/sign-in?next=//evil.example").text
