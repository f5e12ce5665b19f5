"""Whoever closed their account for good stays gone: the desk brings nobody back."""

import pytest

from netapp.audit.operations import Actor
from netapp.membership.operations import granting
from netapp.membership.operations.granting import HeldBy
from netapp.people.errors import ClosedForGood
from netapp.people.models import Person
from netapp.people.operations import desk, roles
from netapp.workflows.change_address import change_address
from netapp.workflows.close_account import close_account
from tests.factories import NOW, make_coordinator, make_member

DESK = Actor(None, "Sam")


@pytest.fixture
def gone(session, tmp_path):
    person = make_member(session, name="Quokka Hill", email="quokka@example.org")
    desk.edit_person(
        session,
        key=person.key,
        version=person.version,
        name="Quokka Hills",
        organisation="",
        actor=DESK,
        now=NOW,
    )
    close_account(session, key=person.key, by=None, folder=tmp_path, now=NOW)
    session.commit()
    return session.get_one(Person, person.id, populate_existing=True)


def test_their_page_says_when_they_closed_it_and_offers_nothing(session, gone, as_person):
    at_desk = as_person(make_coordinator(session))
    page = at_desk.open(f"/desk/people/{gone.key}").text
    assert "Closed by themselves on Monday 11 January 2027." in page
    assert "Closed an account for good." in page
    main = page.partition("<main")[2].partition("</main>")[0]
    assert ("Quokka" in main, "Unlock" in main, "<form" in main) == (False, False, False)
    for below in ("/address", "/merge"):
        assert at_desk.client.get(f"/desk/people/{gone.key}{below}").status_code in (303, 404)
    assert "Locked" not in at_desk.open("/desk/people?who=closed").text.partition("<table")[2]


def test_nothing_brings_them_back(session, gone):
    who = {"key": gone.key, "actor": DESK, "now": NOW}
    edit = {"version": gone.version, "name": "Quokka", "organisation": ""}
    address = {"version": gone.version, "email": "quokka@example.org", "reason": "back"}
    refused = [
        lambda: desk.enable(session, **who),
        lambda: desk.invite(session, **who),
        lambda: roles.make_coordinator(session, **who),
        lambda: roles.name_safeguarding_lead(session, **who),
        lambda: desk.edit_person(session, **who, **edit),
        lambda: change_address(session, **who, **address),
        lambda: granting.grant(
            session,
            holder=HeldBy(person_id=gone.id),
            kind="individual",
            starts_on=NOW.date(),
            ends_on=None,
            actor=DESK,
            now=NOW,
        ),
    ]
    for act in refused:
        with pytest.raises(ClosedForGood):
            act()
        session.rollback()
    session.refresh(gone)
    assert (gone.email, gone.registered_at) == (f"{gone.id}@closed.invalid", None)
