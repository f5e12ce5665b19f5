"""Every address, walked as a stranger, a guest with a booking's link, a member, those who help with
an event (editing it, also reading needs, at the door) and a coordinator.

What must happen follows from the policy of the view alone, so a new address is walked as soon as
it is there. Where an address has a variable part, the scene gives it something that exists.
"""

from collections.abc import Callable
from functools import cache
from itertools import groupby
from typing import Any

import pytest
from flask import Blueprint, Flask
from sqlalchemy import Select, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from netapp import create_app
from netapp.audit import views as audit_views
from netapp.extensions import db
from netapp.people.models import Role, RoleGrant
from netapp.web import policy
from netapp.web.policy import PolicyMissing, asks_again, policy_of, require_policies
from tests.architecture.everybody import rules_of
from tests.databases import demo_settings
from tests.factories import (
    NOW,
    make_coordinator,
    make_event,
)
from tests.visitor import Visitor

NOTES = {
    ("sign_ins", "last_used_at"),
    ("feed_tokens", "last_fetched_at"),
    ("group_feed_tokens", "last_fetched_at"),
}
"""The notes that opening a page may leave."""
OPEN = {policy.everyone, policy.link_holder}
DESK = {
    policy.coordinator: {"coordinator"},
    policy.safeguarding_lead: {"lead"},
    policy.event_helper: {"coordinator", "helper", "reader"},
    policy.event_needs: {"coordinator", "reader"},
    policy.event_door: {"coordinator", "helper", "reader", "door"},
}
"""Who may open what of the desk; for everybody else it does not exist."""
KNOWN = {*OPEN, policy.signed_in, *DESK}


def rows() -> dict[str, list[tuple[object, ...]]]:
    """Everything the database holds, but the notes."""
    with db.engine.connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(reading)]
            for name, reading in readings().items()
        }


@cache  # They are needed after every page.
def readings() -> dict[str, Select[Any]]:
    return {
        name: select(*(c for c in table.columns if (name, c.name) not in NOTES)).order_by(
            *table.primary_key.columns
        )
        for name, table in db.metadata.tables.items()
    }


def is_led_to_sign_in(answer: TestResponse) -> bool:
    return answer.status_code == 303 and str(answer.location).startswith("/sign-in")


def test_every_policy_is_one_this_test_knows(app):
    found = {policy_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    assert found <= KNOWN


GRAVE = {
    "audit.export",
    "closing.ask",
    "closing.close",
    "desk_bookings.export",
    "desk_group_people.table",
    "desk_ideas.export",
    "desk_interest.export",
    "desk_invoices.export",
    "desk_needs.for_caterer",
    "desk_needs.for_caterer_csv",
    "desk_needs.read",
    "desk_organisations.export",
    "desk_people.make_coordinator",
    "desk_people_address.ask",
    "desk_people_address.change",
    "desk_people.remove_coordinator",
    "desk_merge_people.merge",
    "desk_merge_people.show",
    "desk_merge_people.take_apart",
    "desk_people.end_safeguarding_lead",
    "desk_people.name_safeguarding_lead",
    "desk_people.reset_second_factor",
    "desk_people_edit.undo_address",
    "desk_privacy.keep",
    "desk_team.add",
    "desk_team.end",
    "imports.faulty",
    "imports.index",
    "imports.load",
    "imports.start",
    "imports.undo",
    "imports.undo_page",
    "my_address.ask",
    "my_address.send",
    "passkeys.add",
    "passkeys.options_to_add",
    "passkeys.remove",
    "privacy.download",
    "privacy.read_copy",
    "security.app",
    "security.begin_app",
    "security.confirm_app",
    "security.new_codes",
    "security.remove_app",
}


def test_what_is_grave_asks_again_who_it_is(app):
    asking = {r.endpoint for r in app.url_map.iter_rules() if asks_again(app, r.endpoint)}
    assert asking == GRAVE


@pytest.mark.both_databases  # Each page asks it something.
def test_opening_pages(app, scene):
    """One walk for all, so that what one visitor's page left behind would show in the next; and
    whatever they open, nothing is changed by it."""
    before, wrong = rows(), []
    for blueprint, rules in groupby(rules_of(app, "GET"), key=_blueprint):
        for rule in rules:
            rule_policy, address = policy_of(app, rule.endpoint), scene.address(rule)
            for who, visitor in scene.visitors.items():
                with visitor.client.get(address) as answer:
                    outcome = _outcome(answer)
                expected = _expected_of_get(rule_policy, who, real=scene.is_real(rule))
                if outcome not in expected:
                    wrong.append(f"{who} at {address}: {outcome}, not {expected}")
        after = rows()
        if changed := [name for name in before if before[name] != after[name]]:
            wrong.append(f"opening what is of {blueprint} changes {changed}")
            before = after
    assert wrong == []


def _blueprint(rule: Rule) -> str:
    return str(rule.endpoint).partition(".")[0]


def _outcome(answer: TestResponse) -> str:
    if is_led_to_sign_in(answer):
        return "sign in"
    if answer.status_code >= 500 or answer.status_code in {401, 403, 405}:
        return str(answer.status_code)
    return "hidden" if answer.status_code == 404 else "answered"


def _expected_of_get(rule_policy, who: str, *, real: bool) -> set[str]:
    if rule_policy in OPEN:
        return {"answered", "hidden", "sign in"}  # The view decides by the secret, or the owner.
    if who in {"stranger", "guest"}:
        return {"sign in"}
    if rule_policy in DESK and who not in DESK[rule_policy]:
        return {"hidden"}
    return {"answered"} if real else {"answered", "hidden"}


@pytest.fixture
def form_token() -> Callable[[Visitor], str]:
    """A good token for a visitor's forms; asked for anew where their session is another now."""
    known: dict[str | None, str] = {}

    def _session_of(visitor: Visitor) -> str | None:
        cookie = visitor.client.get_cookie("session")
        return cookie.value if cookie else None

    def _token(visitor: Visitor) -> str:
        if _session_of(visitor) not in known:
            visitor.open("/reset-password")
            token = dict(visitor.form("/reset-password").fields)["csrf_token"]
            known[_session_of(visitor)] = token
        return known[_session_of(visitor)]

    return _token


def test_sending_forms(app, scene, form_token):
    """An empty form with a good token: strangers are led away, others get an answer."""
    wrong = []
    last = {"sign_in.sign_out", "account.end_device", "account.end_other_devices"}
    rules = [rule for rule in rules_of(app, "POST") if rule.endpoint not in last]
    for rule in rules:
        rule_policy, address = policy_of(app, rule.endpoint), scene.address(rule)
        for who in ("stranger", "guest", "member", "door"):
            if rule_policy in OPEN:
                continue
            visitor = scene.visitors[who]
            answer = visitor.client.post(address, data={"csrf_token": form_token(visitor)})
            outcome = _outcome(answer)
            hidden = rule_policy in DESK
            known = who in {"member", "door"}
            expected = "sign in" if not known else "hidden" if hidden else "answered"
            if outcome != expected and not (expected == "answered" and outcome == "hidden"):
                wrong.append(f"{who} at {address}: {outcome}, not {expected}")
    assert wrong == []


def test_who_may_not_changes_nothing_on_the_desk(app, scene, form_token):
    before = rows()
    for rule in rules_of(app, "POST"):
        rule_policy = policy_of(app, rule.endpoint)
        if rule_policy in DESK:
            for who in scene.visitors.keys() - DESK[rule_policy]:
                visitor = scene.visitors[who]
                data = {"csrf_token": form_token(visitor), "once": "k" * 32, "name": "Mallory"}
                visitor.client.post(scene.address(rule), data=data).close()
    assert rows() == before


def test_without_a_second_factor_the_desk_is_closed(app, session, scene, as_person, form_token):
    person, wrong = make_coordinator(session, with_second_factor=False), []
    session.add(RoleGrant(person_id=person.id, role=Role.SAFEGUARDING_LEAD, granted_at=NOW))
    session.commit()
    visitor = as_person(person)
    for rule in app.url_map.iter_rules():
        if policy_of(app, rule.endpoint) not in DESK:
            continue
        address = scene.address(rule)
        if "GET" in (rule.methods or ()):
            answer = visitor.client.get(address)
        else:
            answer = visitor.client.post(address, data={"csrf_token": form_token(visitor)})
        if not str(answer.location).startswith("/account/security"):
            wrong.append(f"{address}: {answer.status_code} {answer.location}")
    assert wrong == []


def test_helpers_see_no_other_event(app, session, scene, form_token):
    other = make_event(session, slug="autumn-day", title="Autumn day")
    scene.values |= {("", "key"): other.key, ("", "date_key"): other.sessions[0].key}
    before, seen = rows(), []
    for rule in app.url_map.iter_rules():
        rule_policy = policy_of(app, rule.endpoint)
        if rule_policy is None or not rule_policy.part:
            continue
        for who in ("helper", "reader", "door"):
            visitor, address = scene.visitors[who], scene.address(rule)
            if "GET" in (rule.methods or ()):
                answer = visitor.client.get(address)
            else:
                data = {"csrf_token": form_token(visitor), "once": "k" * 32}
                answer = visitor.client.post(address, data=data)
            seen.append((who, address, answer.status_code))
    assert len(seen) > 60
    assert [each for each in seen if each[2] != 404] == []
    assert rows() == before


@pytest.mark.one_database  # It is refused before anything is asked of one.
@pytest.mark.parametrize("who", ["stranger", "coordinator"])
def test_a_form_without_its_token_is_refused_everywhere(app, scene, who):
    before, visitor = rows(), scene.visitors[who]
    for rule in rules_of(app, "POST"):
        for token in ({}, {"csrf_token": "x"}, {"csrf_token": ""}):
            answer = visitor.client.post(scene.address(rule), data={"once": "k" * 32, **token})
            assert answer.status_code == 400, rule.rule
    assert rows() == before


@pytest.mark.one_database  # As above.
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_from_another_site_is_refused_everywhere(app, scene, form_token, headers):
    visitor = scene.visitors["coordinator"]
    data = {"csrf_token": form_token(visitor), "once": "k" * 32}
    before = rows()
    for rule in rules_of(app, "POST"):
        answer = visitor.client.post(scene.address(rule), data=data, headers=headers)
        assert answer.status_code == 403, rule.rule
    assert rows() == before


def test_other_methods_do_not_exist(app, scene):
    for rule in app.url_map.iter_rules():
        assert (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS", "POST"}, rule.rule
    for method in ("put", "delete", "patch"):
        answer = getattr(scene.visitors["coordinator"].client, method)("/desk/people")
        assert answer.status_code in {400, 405}


def test_an_address_without_a_policy_stops_the_start(tmp_path, monkeypatch):
    careless = Blueprint("careless", __name__)
    careless.get("/desk/careless")(lambda: "hello")
    monkeypatch.setattr(audit_views, "bp", careless)
    with pytest.raises(PolicyMissing, match=r"/desk/careless \(careless\.<lambda>\)"):
        create_app(demo_settings(tmp_path))


def test_a_policy_on_one_method_is_no_policy_for_the_other():
    app = Flask(__name__)

    @app.get("/thing")
    @policy.policy(policy.everyone)
    def show() -> str:
        return "thing"

    require_policies(app)
    app.post("/thing")(lambda: "changed")
    with pytest.raises(PolicyMissing):
        require_policies(app)
