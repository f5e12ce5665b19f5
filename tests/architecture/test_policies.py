"""Every address, walked as a stranger, a guest with a booking's link, a member, those who help with
an event (editing it, also reading needs, at the door) and a coordinator.

What must happen follows from the policy of the view alone, so a new address is walked as soon as
it is there. Where an address has a variable part, ``scene`` gives it something that exists.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pytest
from flask import Blueprint, Flask
from sqlalchemy import Select, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from netapp import create_app
from netapp.audit import views as audit_views
from netapp.audit.operations import Actor
from netapp.events.links import booking_key
from netapp.events.models import Booking, BookingSource, HelperRole, Idea, Question
from netapp.events.operations.booking import Wish, book_as_guest
from netapp.extensions import db
from netapp.feeds.operations import make_group_token, make_token
from netapp.groups.models import GroupMember
from netapp.kernel.site import site_of
from netapp.mail.models import OutboxMessage
from netapp.membership.invoice_models import Invoice
from netapp.membership.operations.applying import Answers, apply
from netapp.people.models import Role, RoleGrant, SignIn
from netapp.people.operations.accounts import ask_for_reset
from netapp.privacy.models import AskKind
from netapp.privacy.operations.asking import ask as ask_about_data
from netapp.safeguarding.operations.checks import note_check
from netapp.safeguarding.operations.kinds import load_kinds as load_check_kinds
from netapp.vocabulary.models import Term, TermKind
from netapp.web import policy
from netapp.web.policy import PolicyMissing, asks_again, policy_of, require_policies
from tests.databases import demo_settings
from tests.events.asked import ask, attendee
from tests.events.manage.pattern_scenes import make_calendar, repeat
from tests.events.scenes import book
from tests.factories import (
    NOW,
    make_authenticator,
    make_coordinator,
    make_event,
    make_helper,
    make_member,
    make_organisation,
    make_person,
)
from tests.groups.scenes import make_group
from tests.membership.seat_scenes import contact, make_member_organisation
from tests.people.letters import link_in
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
NOTHING = "nothing-here"
GROUP_ROOMS = ("group", "groups", "group_people", "group_calendar", "meetings", "decisions")


@dataclass
class Scene:
    """Who walks, and what stands in the variable parts of addresses, by endpoint (or blueprint,
    or anywhere) and name."""

    visitors: dict[str, Visitor]
    values: dict[tuple[str, str], str]

    def address(self, rule: Rule) -> str:
        parts = {name: self._value(rule.endpoint, name) for name in rule.arguments}
        built = rule.build(parts)
        assert built is not None
        return built[1]

    def _value(self, endpoint: str, name: str) -> str:
        places = (endpoint, endpoint.partition(".")[0], "")
        return next((v for place in places if (v := self.values.get((place, name)))), NOTHING)

    def is_real(self, rule: Rule) -> bool:
        return NOTHING not in self.address(rule)


@pytest.fixture
def scene(session, as_person) -> Scene:
    member = make_member(session, email="member@example.org", name="Amina Okafor")
    coordinator = make_coordinator(session, email="jo@example.org", name="Jo Field")
    event = make_event(session, slug="spring-day", title="Spring day")
    session.add(Term(slug="send", label="SEND", kind=TermKind.CIRCUMSTANCE, position=1))
    booking = book(session, event, 0, person=member)
    asked = ask(session, event)
    book_as_guest(
        session,
        event_id=event.id,
        email="guest@example.org",
        wish=Wish(name="Ben Adeyemi", session_keys=[event.sessions[0].key]),
        now=NOW,
    )
    feed_key, feed_token = make_token(session, person_id=member.id, name="Phone", now=NOW)
    idea = Idea(key="idea1", slug=event.slug, title="Songs", words="Songs.", created_at=NOW)
    session.add(idea)
    ask_for_reset(session, email=member.email, device="a browser", now=NOW)
    session.commit()
    organisation = make_member_organisation(session, "Bury Music")
    contact(session, organisation, member)
    helper, reader, door = (
        make_person(session, email=f"{who}@example.org") for who in ("helper", "reader", "door")
    )
    make_helper(session, event, helper)
    make_helper(session, event, reader, reads_needs=True)
    make_authenticator(session, reader)
    lead = make_person(session, email="lead@example.org")
    make_authenticator(session, lead)
    session.add(RoleGrant(person_id=lead.id, role=Role.SAFEGUARDING_LEAD, granted_at=NOW))
    make_helper(session, event, door, role=HelperRole.DOOR)
    about_data = ask_about_data(
        session, person=member, kind=AskKind.CORRECT, words="My name.", now=NOW
    )
    load_check_kinds(session)
    check = note_check(
        session,
        person_key=member.key,
        kind="references",
        seen_on=NOW.date(),
        due_on=None,
        actor=Actor(None, "Jo Field"),
        now=NOW,
    )
    application = apply(
        session, kind="associate", person_id=door.id, answers=Answers(role="Singer"), now=NOW
    )
    invoice = Invoice(
        key="invoice1",
        year=2027,
        sequence=1,
        name="Amina Okafor",
        email=member.email,
        words="A term",
        pence=2500,
        sender="Us",
        payment="",
        issued_on=NOW.date(),
        due_on=NOW.date(),
        sent_at=NOW,
    )
    session.add(invoice)
    session.commit()
    group = make_group(session, member, lead=coordinator, slug=NOTHING)  # For some it is not.
    in_group = session.scalars(select(GroupMember.id).where(GroupMember.group_id == group.id))
    group_token = make_group_token(session, member_id=in_group.all()[0], now=NOW)
    session.commit()
    half_term = ("Half term", date(2027, 2, 15), date(2027, 2, 19))
    calendar = make_calendar(session, half_term)
    pattern = repeat(session, event, calendar_id=calendar.id)
    visitors = {
        "stranger": as_person(None),
        "guest": as_person(None),
        "member": as_person(member),
        "helper": as_person(helper),
        "reader": as_person(reader),
        "door": as_person(door),
        "lead": as_person(lead),
        "coordinator": as_person(coordinator),
    }
    guests = select(Booking).where(Booking.source == BookingSource.GUEST)
    theirs = session.scalars(guests).one()
    key = booking_key(site_of(session), theirs)
    assert visitors["guest"].open(f"/bookings/{theirs.reference}?key={key}").status_code == 200
    values = {
        ("", "slug"): event.slug,
        ("", "key"): event.key,
        ("", "date_key"): event.sessions[0].key,
        ("", "year"): "2027",
        ("feeds.term", "slug"): "send",
        ("feeds.entry", "key"): event.sessions[0].key,
        ("feeds.kind", "kind"): event.kind.value,
        ("feeds.personal", "token"): feed_token,
        ("feeds.group", "token"): group_token,
        ("calendars", "key"): feed_key,
        ("bookings", "reference"): booking.reference,
        ("questions", "person"): attendee(session, booking).key,
        ("desk_event_questions", "question"): asked.key,
        ("desk_questions", "key"): session.get_one(Question, asked.question_id).key,
        ("", "reference"): booking.reference,
        ("links", "token"): link_in(session, member.email).rpartition("/")[2],
        ("account", "key"): session.scalar(select(SignIn.key).where(SignIn.person_id == member.id)),
        ("desk_people", "key"): member.key,
        ("desk_people_address", "key"): member.key,
        ("desk_safeguarding", "key"): member.key,
        ("desk_privacy", "name"): "guests",
        ("desk_privacy", "key"): about_data.key,
        ("desk_safeguarding", "check"): check.key,
        ("desk_people", "starts_on"): "2020-01-01",
        ("desk_ideas", "key"): idea.key,
        ("desk_holidays", "key"): calendar.key,
        ("desk_holidays", "holiday_key"): calendar.holidays[0].key,
        ("desk_patterns", "pattern_key"): pattern.key,
        ("desk_mail", "key"): session.scalars(select(OutboxMessage.key)).first() or "",
        ("organisations", "slug"): organisation.slug,
        ("desk_organisations", "key"): organisation.key,
        ("desk_organisation_people", "key"): organisation.key,
        ("desk_merge_organisations", "key"): organisation.key,
        ("desk_merge_organisations", "into"): make_organisation(session).key,
        ("desk_seats", "key"): organisation.key,
        ("my_organisation", "slug"): NOTHING,  # Its contacts alone.
        ("seats", "key"): organisation.key,
        ("workplaces", "key"): organisation.key,
        ("workplaces", "affiliation"): NOTHING,  # Each sees their own alone.
        **{(room, "slug"): group.slug for room in GROUP_ROOMS},
        **{(f"desk_{room}", "key"): group.key for room in ("groups", "group_people")},
        ("directory", "slug"): NOTHING,  # Only for those whom its owner lets.
        ("messages", "slug"): NOTHING,
        ("messages", "key"): NOTHING,
        ("messages", "person"): NOTHING,
        ("desk_directory", "key"): member.key,
        ("desk_directory", "name"): "phone",
        ("desk_directory.report", "key"): NOTHING,
        ("desk_directory.close_report", "key"): NOTHING,
        ("join", "slug"): "associate",
        ("applications", "name"): application.key,
        ("my_membership", "key"): NOTHING,  # Each sees their own alone.
        ("desk_applications", "key"): application.key,
        ("desk_kinds", "slug"): "associate",
        ("desk_invoices", "key"): invoice.key,
        ("static", "filename"): "css/site.css",
    }
    return Scene(visitors, values)


def rules_of(app: Flask, method: str) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]


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
    "desk_people.end_safeguarding_lead",
    "desk_people.name_safeguarding_lead",
    "desk_people.reset_second_factor",
    "desk_privacy.keep",
    "desk_team.add",
    "desk_team.end",
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


def test_opening_pages(app, scene):
    """One walk for all, so that what one visitor's page left behind would show in the next; and
    whatever they open, nothing is changed by it."""
    before, wrong = rows(), []
    for rule in rules_of(app, "GET"):
        rule_policy, address = policy_of(app, rule.endpoint), scene.address(rule)
        for who, visitor in scene.visitors.items():
            with visitor.client.get(address) as answer:
                outcome = _outcome(answer)
            expected = _expected_of_get(rule_policy, who, real=scene.is_real(rule))
            if outcome not in expected:
                wrong.append(f"{who} at {address}: {outcome}, not {expected}")
        after = rows()
        if changed := [name for name in before if before[name] != after[name]]:
            wrong.append(f"opening {address} changes {changed}")
            before = after
    assert wrong == []


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
