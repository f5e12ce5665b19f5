from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from netapp.audit.models import AuditLine
from netapp.audit.operations import Actor
from netapp.events.models import BookedAs
from netapp.kernel.errors import StaleEdit
from netapp.membership.models import Membership
from netapp.membership.operations.kinds import load_kinds
from netapp.people.errors import LastCoordinator
from netapp.people.models import OneTimeLink, Person, RoleGrant, SignIn
from netapp.people.operations import desk, roles
from tests.events.scenes import book
from tests.factories import (
    NOW,
    make_coordinator,
    make_event,
    make_guest,
    make_member,
    make_person,
    make_sign_in,
)
from tests.people.letters import letters_to, link_in


@pytest.fixture
def jo(session):
    return make_coordinator(session, name="Jo Field", email="jo@example.org")


@pytest.fixture
def at_desk(visitor, sign_in, jo):
    sign_in(jo)
    return visitor


def page_of(person, more=""):
    return f"/desk/people/{person.key}{more}"


def press(visitor, person, button):
    visitor.open(page_of(person))
    visitor.send(page_of(person, button))
    assert visitor.path == page_of(person)


def actions(session):
    rows = select(AuditLine.actor_name, AuditLine.action, AuditLine.summary).order_by(AuditLine.id)
    return [tuple(row) for row in session.execute(rows)]


def test_find_and_open_a_person(session, at_desk):
    amina = make_member(session, name="Amina Okafor", organisation="Leeds Music")
    make_guest(session, name="Ben Adeyemi")
    at_desk.open("/desk/people")
    at_desk.send("/desk/people", q="leeds mus")
    assert "1 person" in at_desk.text
    assert "Amina Okafor" in at_desk.text
    assert "Ben Adeyemi" not in at_desk.text
    assert "Amina Okafor" in at_desk.open(page_of(amina)).text
    at_desk.open("/desk/people?q=nobody")
    assert "Nobody like that is here." in at_desk.text
    for odd in ("?page=0", "?page=99999999", "?who=x", "?q=%00%27%22%3C", "?q=" + "x" * 3000):
        assert at_desk.open(f"/desk/people{odd}").status_code == 200


def test_add_a_person_by_hand(session, at_desk):
    at_desk.open("/desk/people/new")
    at_desk.send("/new", name="Amina Okafor", email="Amina@Example.org", organisation="Leeds")
    assert "Amina Okafor is added." in at_desk.text
    amina = session.scalars(select(Person).where(Person.email == "amina@example.org")).one()
    assert at_desk.path == page_of(amina)
    assert (amina.name, amina.organisation, amina.registered_at) == ("Amina Okafor", "Leeds", None)
    assert actions(session) == [("Jo Field", "person.add", "Added Amina Okafor.")]
    assert letters_to(session, "amina@example.org") == []


def test_add_and_invite(session, at_desk, as_person):
    at_desk.open("/desk/people/new")
    at_desk.send("/new", name="Amina Okafor", email="amina@example.org", invite="y")
    assert [action for _, action, _ in actions(session)] == ["person.add", "person.invite"]
    amina = as_person(None)
    path = link_in(session, "amina@example.org")
    amina.open(path)
    amina.send(path)
    assert amina.path == "/account"


def test_add_twice_adds_once(session, at_desk, client):
    at_desk.open("/desk/people/new")
    form = dict(at_desk.form("/new").fields) | {"name": "Amina", "email": "amina@example.org"}
    places = {client.post("/desk/people/new", data=form).location for _ in range(2)}
    assert len(places) == 1
    assert session.scalar(select(func.count()).select_from(Person)) == 2
    assert len(actions(session)) == 1


def test_an_address_that_is_here_leads_to_its_owner(session, at_desk):
    amina = make_guest(session, name="Amina Okafor", email="amina@example.org")
    at_desk.open("/desk/people/new")
    page = at_desk.send("/new", name="Amina", email="amina@example.org")
    assert page.status_code == 422
    assert "Somebody with that address is already here." in page.text
    assert page_of(amina) in page.text
    page = at_desk.send("/new", name="", email="x")
    assert page.status_code == 422
    assert "Enter an email address, like name@example.org." in page.text
    assert actions(session) == []


def test_change_details(session, at_desk):
    amina = make_person(session, name="Amina")
    at_desk.open(page_of(amina))
    at_desk.send(page_of(amina), name="Amina Okafor", organisation="Leeds")
    assert "The details are saved." in at_desk.text
    row = session.execute(
        select(Person.name, Person.organisation, Person.version).where(Person.id == amina.id)
    ).one()
    assert row == ("Amina Okafor", "Leeds", 2)
    assert actions(session) == [("Jo Field", "person.edit", "Changed the details of Amina Okafor.")]


def test_a_stale_edit_shows_both_texts(session, at_desk, jo, as_person):
    amina = make_person(session, name="Amina")
    other = as_person(jo)
    other.open(page_of(amina))
    at_desk.open(page_of(amina))
    other.send(page_of(amina), name="Amina One")
    page = at_desk.send(page_of(amina), name="Amina Two")
    assert page.status_code == 409
    assert "Amina One" in page.text
    assert "Amina Two" in page.text
    at_desk.send(page_of(amina))
    assert session.scalar(select(Person.name).where(Person.id == amina.id)) == "Amina Two"
    with pytest.raises(StaleEdit):
        desk.edit_person(
            session, key=amina.key, version=1, name="x", organisation="",
            actor=Actor(None, "x"), now=NOW,
        )  # fmt: skip


def test_give_and_end_membership(session, at_desk):
    amina = make_person(session, name="Amina Okafor")
    load_kinds(session)
    session.commit()
    at_desk.open(page_of(amina))
    form = page_of(amina, "/memberships")
    page = at_desk.send(form, starts_on="2027-01-11", ends_on="2027-01-10")
    assert page.status_code == 422
    assert "The last day is before the first." in page.text
    assert 'value="2027-01-10"' in page.text
    page = at_desk.send(form, starts_on="soon", ends_on="")
    assert "Enter a day, like 21/1/2027." in page.text
    at_desk.send(form, starts_on="2026-01-01", ends_on="31/12/2027", note="paid by bank")
    assert "Amina Okafor is a member." in at_desk.text
    assert "1 January 2026 to 31 December 2027" in at_desk.text
    page = at_desk.send(form, starts_on="2027-06-01", ends_on="")
    assert page.status_code == 422
    assert "a member on those days already" in page.text
    at_desk.open(page_of(amina))
    key = session.scalar(select(Membership.key))
    at_desk.open(f"/desk/membership/terms/{key}/end")
    at_desk.send("/end", reason="Moved abroad")
    assert "The membership has ended, and they are told by email." in at_desk.text
    assert session.scalar(select(Membership.ends_on)).isoformat() == "2027-01-10"


def test_make_and_unmake_a_coordinator(session, at_desk, as_person):
    amina = make_person(session, name="Amina")
    press(at_desk, amina, "/coordinator")
    assert "This person is a coordinator now." in at_desk.text
    theirs = as_person(amina)
    assert theirs.open("/desk/people").status_code == 200
    press(at_desk, amina, "/coordinator/remove")
    assert theirs.open("/desk/people").status_code == 404
    granted = session.scalars(select(RoleGrant.person_id)).all()
    assert granted == [session.scalar(select(Person.id).where(Person.name == "Jo Field"))]
    assert actions(session) == [
        ("Jo Field", "role.grant", "Made Amina a coordinator."),
        ("Jo Field", "role.remove", "Amina is a coordinator no more."),
    ]


def test_never_without_a_coordinator(session, at_desk, jo):
    make_coordinator(session, name="Shut", disabled_at=NOW)  # Cannot sign in, so does not count.
    press(at_desk, jo, "/coordinator/remove")
    assert "This is the last coordinator." in at_desk.text
    press(at_desk, jo, "/lock")
    assert "This is the last coordinator." in at_desk.text
    assert session.scalar(select(Person.disabled_at).where(Person.id == jo.id)) is None
    assert len(session.scalars(select(RoleGrant.person_id)).all()) == 2


def test_two_coordinators_cannot_remove_each_other_at_once(session, new_session):
    keys = [make_coordinator(session).key for _ in range(2)]

    def remove(key):
        with new_session() as own:
            try:
                roles.remove_coordinator(own, key=key, actor=Actor(None, "x"), now=NOW)
                own.commit()
            except LastCoordinator:
                own.rollback()
                return "refused"
            return "removed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(remove, keys)) == ["refused", "removed"]


def test_a_guest_is_invited_before_they_get_a_role(session, at_desk):
    ben = make_guest(session, name="Ben", email="ben@example.org")
    page = at_desk.open(page_of(ben))
    assert "Make a coordinator" not in page.text
    token = dict(at_desk.form("/invite").fields)
    answer = at_desk.client.post(page_of(ben, "/coordinator"), data=token)
    assert answer.status_code == 303
    assert "has no account yet" in at_desk.open(page_of(ben)).text
    press(at_desk, ben, "/invite")
    assert letters_to(session, "ben@example.org") == ["people/link_invitation"]


def test_pressing_invite_twice_sends_one_mail(session, at_desk, client):
    ben = make_guest(session, email="ben@example.org")
    at_desk.open(page_of(ben))
    form = dict(at_desk.form("/invite").fields)
    for _ in range(2):
        assert client.post(page_of(ben, "/invite"), data=form).status_code == 303
    assert letters_to(session, "ben@example.org") == ["people/link_invitation"]


def test_close_and_open_an_account(session, at_desk, as_person):
    amina = make_person(session, name="Amina Okafor", email="amina@example.org")
    theirs = as_person(amina)
    theirs.open("/reset-password")
    theirs.send("/reset-password", email="amina@example.org")
    link = link_in(session, "amina@example.org")
    at_desk.open(page_of(amina))
    at_desk.send(page_of(amina, "/lock"), reason="asked for it by email")
    assert "The account is locked, and signed out everywhere." in at_desk.text
    theirs.open("/account")
    assert theirs.path == "/sign-in"
    assert theirs.open(link).status_code == 410
    assert session.scalars(select(SignIn.id).where(SignIn.person_id == amina.id)).all() == []
    press(at_desk, amina, "/unlock")
    theirs.open("/sign-in")
    theirs.send("/sign-in", email="amina@example.org", way="code")
    assert letters_to(session, "amina@example.org") == [
        "people/link_reset",
        "people/account_locked",
        "people/account_unlocked",
        "people/code",
    ]
    lines = session.execute(select(AuditLine.action, AuditLine.reason).order_by(AuditLine.id)).all()
    assert lines == [("person.disable", "asked for it by email"), ("person.enable", "")]


def test_a_closed_account_is_not_invited(session, at_desk):
    ben = make_guest(session, disabled_at=NOW)
    with pytest.raises(Exception, match="locked"):
        desk.invite(session, key=ben.key, actor=Actor(None, "x"), now=NOW)
    assert session.scalars(select(OneTimeLink.id)).all() == []


def test_unknown_people_are_404(at_desk):
    for path in ("/desk/people/nobody", "/desk/people/1", "/desk/people/%00"):
        assert at_desk.open(path).status_code == 404
    at_desk.open("/desk/people/new")
    form = dict(at_desk.form("/new").fields)
    for path in ("", "/invite", "/coordinator", "/coordinator/remove", "/lock", "/unlock",
                 "/memberships"):  # fmt: skip
        assert at_desk.client.post(f"/desk/people/nobody{path}", data=form).status_code == 404
    path = "/desk/membership/terms/nothing/end"
    assert at_desk.client.post(path, data=form).status_code == 404


def test_the_person_page_shows_what_was_done(session, at_desk):
    amina = make_person(session, name="Amina")
    press(at_desk, amina, "/coordinator")
    page = at_desk.open(page_of(amina))
    assert "Made Amina a coordinator." in page.text
    assert f"/desk/log?subject=person:{amina.key}" in page.text


def test_the_person_page_shows_what_they_booked(session, at_desk, count_queries):
    amina = make_person(session, name="Amina")
    assert "Nothing booked so far." in at_desk.open(page_of(amina)).text
    spring = make_event(session, title="Spring day", sessions=3, booked_as=BookedAs.WHOLE)
    booking = book(session, spring, person=amina)
    with count_queries() as one:
        page = at_desk.open(page_of(amina))
    assert "3 dates, the first on Wednesday 10 February 2027" in page.text
    assert f"/desk/events/{spring.key}/bookings/{booking.reference}" in page.text
    for _ in range(5):
        book(session, make_event(session), 0, person=amina)
    with count_queries() as many:
        assert at_desk.open(page_of(amina)).text.count("Reference") == 6
    assert len(many) == len(one)


def test_hostile_names_are_shown_as_they_are(session, at_desk):
    bad = make_person(session, name="<script>alert(1)</script>", organisation='"><img src=x>')
    for path in ("/desk/people", page_of(bad)):
        text = at_desk.open(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_queries_do_not_grow_with_people(session, at_desk, count_queries):
    make_member(session)
    at_desk.open("/desk/people")
    with count_queries() as few:
        at_desk.client.get("/desk/people")
    for _ in range(30):
        make_sign_in(session, make_member(session))
    with count_queries() as many:
        at_desk.client.get("/desk/people")
    assert len(many) == len(few)
