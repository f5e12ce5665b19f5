from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.people.models import Person, RoleGrant
from tests.factories import NOW, make_coordinator, make_guest, make_person
from tests.people.apps import set_up_app


@pytest.fixture
def people(app):
    """flask --app wsgi people …: what it prints, or (after "!") why it was refused."""

    def _run(*words):
        result = app.test_cli_runner().invoke(args=["people", *words])
        if result.exit_code:
            return "! " + result.output.strip()
        return result.output.strip()

    return _run


def link_of(output):
    return output.splitlines()[-1].removeprefix("http://127.0.0.1:8000")


def test_the_first_coordinator(session, people, visitor):
    output = people("add-coordinator", "Jo@Example.org", "--name", "Jo Field")
    assert "Jo Field <jo@example.org> is a coordinator." in output
    visitor.open(link_of(output))
    visitor.send(link_of(output))
    assert visitor.path == "/account/security", "a second step comes before the desk"
    set_up_app(visitor)
    assert visitor.open("/desk/people").status_code == 200
    assert visitor.path == "/desk/people"
    said = select(AuditLine.actor_id, AuditLine.actor_name, AuditLine.action)
    lines = session.execute(said.order_by(AuditLine.id))
    assert lines.first() == (None, "Command line", "role.grant")


def test_somebody_we_know_becomes_coordinator(session, people, visitor):
    known = make_person(session, email="jo@example.org", name="Jo Field")
    output = people("add-coordinator", "jo@example.org", "--name", "Somebody Else")
    assert "Jo Field <jo@example.org> is a coordinator." in output
    assert session.scalars(select(RoleGrant.person_id)).all() == [known.id]
    visitor.open(link_of(output))
    visitor.send(link_of(output))
    assert session.scalar(select(Person.name)) == "Jo Field"


def test_a_second_link_ends_the_first_and_grants_once(session, people, visitor):
    first = people("add-coordinator", "jo@example.org")
    second = people("add-coordinator", "jo@example.org")
    assert visitor.open(link_of(first)).status_code == 410
    assert visitor.open(link_of(second)).status_code == 200
    assert len(session.scalars(select(AuditLine.id)).all()) == 1


def test_the_link_works_for_fourteen_days(session, people, visitor, at):
    path = link_of(people("add-coordinator", "jo@example.org"))
    with at(NOW + timedelta(days=14)):
        assert visitor.open(path).status_code == 410


def test_refusals_are_sentences(session, people):
    assert people("add-coordinator", "jo") == (
        "! Error: Enter an email address, like name@example.org."
    )
    make_person(session, email="closed@example.org", disabled_at=NOW)
    assert people("add-coordinator", "closed@example.org") == (
        "! Error: This account is locked. Unlock it first."
    )
    assert people("remove-coordinator", "nobody@example.org") == (
        "! Error: Nobody here has the address nobody@example.org."
    )
    assert session.scalars(select(RoleGrant.person_id)).all() == []


def test_list_and_remove(session, people):
    assert people("list-coordinators") == (
        "There is no coordinator yet. Make one: people add-coordinator EMAIL"
    )
    make_coordinator(session, email="ana@example.org", name="Ana")
    people("add-coordinator", "jo@example.org", "--name", "Jo")
    assert people("list-coordinators").splitlines() == [
        "ana@example.org\tAna\topen",
        "jo@example.org\tJo\tinvited",
    ]
    assert (
        people("remove-coordinator", "Ana@example.org") == "Ana@example.org is not a coordinator."
    )
    assert people("remove-coordinator", "jo@example.org") == (
        "! Error: This is the last coordinator. Make somebody else a coordinator first."
    )
    actions = session.execute(select(AuditLine.action, AuditLine.summary).order_by(AuditLine.id))
    assert actions.all() == [
        ("role.grant", "Made Jo a coordinator."),
        ("role.remove", "Ana is a coordinator no more."),
    ]


def test_a_guest_becomes_coordinator_by_the_link(session, people, visitor):
    make_guest(session, email="ben@example.org", name="Ben")
    path = link_of(people("add-coordinator", "ben@example.org"))
    visitor.open(path)
    visitor.send(path)
    set_up_app(visitor)
    visitor.open("/desk")
    assert visitor.path == "/desk"
