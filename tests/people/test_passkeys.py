"""What passkeys answer, made up or sent twice. The journey itself is in tests/browser."""

import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.people.models import Passkey, PasskeyChallenge, SignIn
from netapp.people.operations import passkeys
from netapp.people.operations.upkeep import purge
from netapp.people.relying_party import relying_party
from tests.factories import NOW, make_coordinator, make_person

OPTIONS = "/sign-in/passkey/options"
REFUSED = "That passkey did not work here."


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def made_up(**changes: object) -> str:
    client = json.dumps({"type": "webauthn.get", "challenge": "x", "origin": "http://localhost"})
    response = {
        "clientDataJSON": b64(client.encode()),
        "authenticatorData": b64(bytes(37)),
        "signature": b64(bytes(70)),
        "userHandle": None,
    }
    answer = {"id": b64(b"c"), "rawId": b64(b"c"), "type": "public-key", "response": response}
    return json.dumps(answer | changes)


MADE_UP = [
    "",
    "null",
    "{}",
    "[1, 2]",
    "x" * 30_000,
    '"\\ud800"',
    "[" * 5_000,
    made_up(),
    made_up(rawId="!!"),
    made_up(rawId="a"),
    made_up(id="other"),
    made_up(type="password"),
    made_up(response=None),
    made_up(response={"clientDataJSON": 1}),
    made_up(
        response={
            "clientDataJSON": b64(b"\xff"),
            "authenticatorData": "",
            "signature": "",
            "attestationObject": b64(b"\xa1\x63fmt"),
        }
    ),
    made_up(authenticatorAttachment="moon"),
]


@pytest.fixture
def amina(session):
    person = make_person(session, name="Amina Okafor", email="amina@example.org")
    session.add(
        Passkey(
            key="k" * 12,
            person_id=person.id,
            name="My phone",
            credential_id=b"c",
            public_key=b"p",
            created_at=NOW,
        )
    )
    session.commit()
    return person


def options(visitor, path, page="/sign-in", form="/sign-in/passkey"):
    visitor.open(page)
    token = dict(visitor.form(form).fields)["csrf_token"]
    return visitor.client.post(path, headers={"X-CSRFToken": token})


def test_the_question_tells_nobody_who_is_here(session, visitor, amina):
    answer = options(visitor, OPTIONS)
    assert answer.content_type == "application/json"
    asked = answer.get_json()
    assert asked["allowCredentials"] == []
    assert asked["userVerification"] == "required"
    assert asked["rpId"] == "localhost"
    kept = session.scalars(select(PasskeyChallenge)).one()
    assert b64(kept.challenge) == asked["challenge"]
    assert len(kept.challenge) == 32
    assert kept.ends_at == NOW + timedelta(minutes=5)


def test_each_question_is_new_and_ends_the_one_before(session, visitor):
    first, second = (options(visitor, OPTIONS).get_json()["challenge"] for _ in range(2))
    assert first != second
    assert [b64(c) for c in session.scalars(select(PasskeyChallenge.challenge))] == [second]


def test_strangers_ask_sixty_times_in_a_quarter(visitor):
    seen = [options(visitor, OPTIONS).status_code for _ in range(61)]
    assert seen == [200] * 60 + [429]


@pytest.mark.parametrize("answer", MADE_UP, ids=range(len(MADE_UP)))
def test_made_up_answers_are_refused(session, visitor, amina, answer):
    options(visitor, OPTIONS)
    visitor.open("/sign-in")
    visitor.send("/sign-in/passkey", answer=answer)
    assert visitor.page.status_code == 200
    assert REFUSED in visitor.text
    assert session.scalars(select(SignIn.id)).all() == []
    assert session.scalars(select(PasskeyChallenge.id)).all() == [], "used up all the same"


@pytest.mark.parametrize("answer", MADE_UP, ids=range(len(MADE_UP)))
def test_made_up_passkeys_are_not_kept(session, as_person, answer):
    visitor = as_person(make_person(session))
    path = "/account/security/passkeys"
    asked = options(visitor, f"{path}/options", "/account/security", path)
    assert asked.get_json()["user"]["displayName"].startswith("Person")
    visitor.send(path, answer=answer, name="x")
    assert REFUSED in visitor.text
    assert session.scalars(select(Passkey.id)).all() == []


def test_a_question_is_for_one_browser_and_one_purpose_and_five_minutes(session):
    asked = passkeys.options_to_use(
        session, purpose=passkeys.SIGN_IN, person_id=None, browser="here", now=NOW
    )
    assert "challenge" in asked
    take = passkeys.take_challenge
    later = NOW + timedelta(minutes=5)
    assert take(session, purpose=passkeys.AGAIN, browser="here", now=NOW) is None
    assert take(session, purpose=passkeys.SIGN_IN, browser="there", now=NOW) is None
    assert take(session, purpose=passkeys.SIGN_IN, browser="here", now=later) is None
    assert take(session, purpose=passkeys.SIGN_IN, browser="here", now=NOW) is not None
    assert take(session, purpose=passkeys.SIGN_IN, browser="here", now=NOW) is None


def test_old_questions_are_thrown_away(session):
    passkeys.options_to_use(
        session, purpose=passkeys.SIGN_IN, person_id=None, browser="here", now=NOW
    )
    assert purge(session, NOW + timedelta(minutes=5)) == 1


def test_the_question_of_the_second_step_needs_the_first(visitor):
    visitor.open("/sign-in")
    token = dict(visitor.form("/sign-in/passkey").fields)["csrf_token"]
    answer = visitor.client.post(
        "/sign-in/second-step/passkey/options", headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 404


def test_somebody_elses_passkey_cannot_be_removed(session, as_person, amina):
    visitor = as_person(make_person(session))
    visitor.open("/account/security")
    token = dict(visitor.form("/account/security/app").fields)["csrf_token"]
    path = f"/account/security/passkeys/{'k' * 12}/remove"
    assert visitor.client.post(path, data={"csrf_token": token}).status_code == 404
    assert len(session.scalars(select(Passkey.id)).all()) == 1


def test_mine_can_be_removed_but_not_a_coordinators_last(session, as_person, amina):
    visitor = as_person(amina)
    visitor.open("/account/security")
    visitor.send(f"/account/security/passkeys/{'k' * 12}/remove")
    assert "The passkey is removed." in visitor.text
    jo = make_coordinator(session, with_second_factor=False)
    session.add(
        Passkey(
            key="j" * 12,
            person_id=jo.id,
            name="Key",
            credential_id=b"j",
            public_key=b"p",
            created_at=NOW,
        )
    )
    session.commit()
    visitor = as_person(jo)
    visitor.open("/account/security")
    visitor.send(f"/account/security/passkeys/{'j' * 12}/remove")
    assert "Whoever works at the desk needs one." in visitor.text


@pytest.mark.parametrize(
    ("base", "host", "origin"),
    [
        ("https://events.network.example", "events.network.example", None),
        ("https://events.network.example:8443", "events.network.example", None),
        ("http://127.0.0.1:8000", "localhost", "http://localhost:8000"),
        ("http://[::1]:8000", "localhost", "http://localhost:8000"),
        ("http://localhost:8000", "localhost", None),
    ],
)
def test_passkeys_are_made_for_the_base_address(app, base, host, origin):
    party = relying_party(replace(app.extensions["site"], base_url=base))
    assert (party.id, party.origin) == (host, origin or base)
