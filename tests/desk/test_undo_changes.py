"""A coordinator puts right what is known of somebody, and undoes it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from netapp.audit.models import AuditLine
from netapp.kernel.changes import Change
from netapp.membership.models import Membership, MembershipKind
from netapp.organisations.models import Affiliation
from netapp.people.models import Person
from netapp.privacy.operations.keeping import carry_out
from tests.factories import (
    NOW,
    make_coordinator,
    make_member,
    make_membership,
    make_organisation,
)


@pytest.fixture
def amina(session):
    person = make_member(session, name="Amina", email="amina@example.org")
    music = make_organisation(session, name="Leeds Music")
    session.add(
        Affiliation(key="works", person_id=person.id, organisation_id=music.id, role="Tutor",
                    created_at=NOW)
    )  # fmt: skip
    session.commit()
    return person


@pytest.fixture
def at_desk(session, visitor, sign_in):
    sign_in(make_coordinator(session, name="Jo Field", email="jo@example.org"))
    return visitor


def page_of(person, more=""):
    return f"/desk/people/{person.key}{more}"


def person_row(session, person):
    session.rollback()
    columns = Person.name, Person.organisation, Person.email
    return tuple(session.execute(select(*columns).where(Person.id == person.id)).one())


def test_details_are_changed_and_undone(session, at_desk, amina):
    at_desk.open(page_of(amina))
    at_desk.send(page_of(amina), name="Amina Okafor", organisation="Leeds")
    assert "Name from “Amina” to “Amina Okafor”; organisation from “” to “Leeds”." in at_desk.text
    assert "Can be undone until Wednesday 10 February 2027." in at_desk.text
    at_desk.send("/undo")
    assert "Undone: it says again what it said before." in at_desk.text
    assert "Can be undone" not in at_desk.text
    assert person_row(session, amina) == ("Amina", "", "amina@example.org")
    lines = session.execute(
        select(AuditLine.actor_name, AuditLine.summary).order_by(AuditLine.id)
    ).all()
    assert [tuple(line) for line in lines] == [
        ("Jo Field", "Changed the details of Amina Okafor."),
        ("Jo Field", "Undid that Jo Field changed the details of Amina."),
    ]


def test_what_was_changed_again_stays_and_says_so(session, at_desk, amina):
    at_desk.open(page_of(amina))
    at_desk.send(page_of(amina), name="Amina Okafor")
    first = session.scalars(select(Change.key)).one()
    at_desk.send(page_of(amina), name="Amina Hill")
    at_desk.send(f"/changes/{first}/undo")
    assert "It was changed again since then, so it stays as it is now." in at_desk.text
    assert person_row(session, amina)[0] == "Amina Hill"


def test_an_address_goes_back_and_both_addresses_are_told(session, at_desk, amina):
    at_desk.open(page_of(amina, "/address"))
    at_desk.send("/address", email="new@example.org", reason="rang us")
    assert "Email address from amina@example.org to new@example.org." in at_desk.text
    at_desk.open("/desk/find?q=amina@example")
    assert "Had the address amina@example.org" in at_desk.text
    at_desk.open(page_of(amina))
    at_desk.send("/undo")
    assert "Undone" in at_desk.text
    assert "not confirmed yet" not in at_desk.text
    assert person_row(session, amina)[2] == "amina@example.org"
    at_desk.open("/desk/find?q=new@example")
    assert "Nothing has “new@example” in it." in at_desk.text
    assert "Can be undone" not in at_desk.open(page_of(amina)).text


def test_a_term_is_put_right_and_undone(session, at_desk, amina):
    term = session.scalars(select(Membership)).one()
    at_desk.open(page_of(amina))
    form = f"/memberships/{term.key}"
    at_desk.send(form, kind="associate", ends_on="2027-08-31", note="by telephone")
    assert "The membership is put right." in at_desk.text
    assert (
        "Membership (Core member): kind from Core member to Associate; last day from none to "
        "31 August 2027; note."
    ) in at_desk.text
    session.refresh(term)
    assert (str(term.ends_on), str(term.rights_until)) == ("2027-08-31", "2027-09-28")
    at_desk.send("/undo")
    session.refresh(term)
    kind = session.get_one(MembershipKind, term.kind_id)
    assert (kind.name, term.ends_on, term.rights_until, term.note) == (
        "Core member",
        None,
        None,
        "",
    )


def test_two_terms_never_share_a_day_by_it(session, at_desk, amina):
    term = session.scalars(select(Membership)).one()
    at_desk.open(page_of(amina))
    at_desk.send(f"/memberships/{term.key}", ends_on="2026-12-31")
    make_membership(session, person_id=amina.id, starts_on=NOW.date())
    at_desk.send("/undo")
    assert "This person is a member on those days already." in at_desk.text
    page = at_desk.send(f"/memberships/{term.key}", starts_on="2027-02-01", ends_on="2027-01-01")
    assert page.status_code == 422
    assert "The last day is before the first." in page.text


def test_a_form_of_before_somebody_elses_change_is_not_saved(session, at_desk, amina):
    term = session.scalars(select(Membership)).one()
    at_desk.open(page_of(amina))
    term.note = "from a colleague"
    session.commit()
    at_desk.send(f"/memberships/{term.key}", note="mine")
    assert "Somebody changed this meanwhile." in at_desk.text
    session.refresh(term)
    assert term.note == "from a colleague"


def test_where_they_work_is_put_right_and_undone(session, at_desk, amina):
    at_desk.open(page_of(amina))
    at_desk.send("/work/works", role="SEND lead", ends_on="2027-01-08")
    assert "Leeds Music: role from “Tutor” to “SEND lead”" in at_desk.text
    work = select(Affiliation.role, Affiliation.ends_on)
    assert session.execute(work).one().role == "SEND lead"
    at_desk.send("/undo")
    session.rollback()
    assert tuple(session.execute(work).one()) == ("Tutor", None)
    page = at_desk.send("/work/works", starts_on="2027-02-01", ends_on="2027-01-01")
    assert page.status_code == 422


def test_after_thirty_days_nothing_is_kept_to_undo(session, at_desk, amina, at):
    at_desk.open(page_of(amina))
    at_desk.send(page_of(amina), name="Amina Okafor")
    while carry_out(session, NOW + timedelta(days=31)):
        session.commit()
    assert session.scalar(select(func.count()).select_from(Change)) == 0
    assert "Can be undone" not in at_desk.open(page_of(amina)).text


def test_a_change_of_somebody_else_is_not_found(session, at_desk, amina):
    other = make_member(session)
    at_desk.open(page_of(amina))
    at_desk.send(page_of(amina), name="Amina Okafor")
    change = session.scalars(select(Change.key)).one()
    action = at_desk.form("/undo").action.replace(amina.key, other.key)
    fields = at_desk.form("/undo").fields
    assert at_desk.client.post(action, data=dict(fields)).status_code == 404
    assert change in action
