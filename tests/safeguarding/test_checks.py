"""Checks are noted by few, asked for in time, and never copied."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from netapp.audit.operations import Actor
from netapp.kernel.errors import NotFound
from netapp.people.models import Role, RoleGrant
from netapp.safeguarding.errors import DueBeforeSeen, SeenInFuture
from netapp.safeguarding.models import Check, CheckKind
from netapp.safeguarding.operations import checks
from netapp.safeguarding.operations.kinds import load_kinds
from netapp.safeguarding.policies import due_again, reminder_is_due
from netapp.safeguarding.queries import checks_of, pressing
from tests.events.scenes import mails
from tests.factories import NOW, make_authenticator, make_coordinator, make_person
from tests.people.letters import last_letter, letters_to

JO = Actor(None, "Jo Field")
TODAY = date(2027, 1, 11)
DBS = "dbs-enhanced"


@pytest.fixture(autouse=True)
def kinds(session):
    load_kinds(session)
    session.commit()


@pytest.fixture
def lead(session):
    person = make_person(session, name="Lee Ward")
    make_authenticator(session, person)
    session.add(RoleGrant(person_id=person.id, role=Role.SAFEGUARDING_LEAD, granted_at=NOW))
    session.commit()
    return person


def note(session, person, seen_on=TODAY, due_on=None, kind=DBS, now=NOW):
    check = checks.note_check(
        session, person_key=person.key, kind=kind, seen_on=seen_on, due_on=due_on, actor=JO, now=now
    )
    session.commit()
    return check


def remind(session, now):
    number = 0
    while checks.remind_of_checks(session, now):
        session.commit()
        number += 1
    return number


def test_a_newer_one_takes_the_place_of_the_older(session):
    person = make_person(session)
    note(session, person, date(2024, 1, 8), date(2027, 1, 8))
    note(session, person, TODAY, date(2030, 1, 11))
    lines = checks_of(session, person.id, NOW)
    assert [(line.seen_on, line.due_on, line.state) for line in lines] == [
        (TODAY, date(2030, 1, 11), "fine")
    ]
    assert session.scalar(select(func.count(Check.id))) == 2


def test_what_cannot_be(session):
    person = make_person(session)
    with pytest.raises(SeenInFuture):
        note(session, person, TODAY + timedelta(days=1))
    with pytest.raises(DueBeforeSeen):
        note(session, person, TODAY, TODAY)
    with pytest.raises(NotFound):
        note(session, person, kind="none")


@pytest.mark.parametrize(
    ("slug", "seen", "due"),
    [
        (DBS, date(2027, 1, 11), date(2030, 1, 11)),
        ("dbs-update-service", date(2028, 2, 29), date(2029, 2, 28)),
        ("references", date(2027, 1, 11), None),
    ],
)
def test_when_it_is_due_again(session, slug, seen, due):
    kind = session.scalars(select(CheckKind).where(CheckKind.slug == slug)).one()
    assert due_again(kind, seen) == due


@pytest.mark.parametrize(
    ("days", "reminded", "due"),
    [(57, None, False), (56, None, True), (56, 13, False), (42, 14, True), (-100, 14, True)],
)
def test_when_somebody_is_reminded(days, reminded, due):
    """``days`` before it is due, ``reminded`` days after the last mail."""
    last = None if reminded is None else TODAY - timedelta(days=reminded)
    assert reminder_is_due(TODAY + timedelta(days=days), last, TODAY) is due


def test_mails_go_eight_weeks_before_and_every_fortnight(session, lead):
    person = make_person(session)
    note(session, person, date(2024, 3, 8), date(2027, 3, 8))  # 56 days from now.
    assert remind(session, NOW - timedelta(days=1)) == 0
    assert remind(session, NOW) == 1
    assert remind(session, NOW) == 0
    assert (mails(session, to=person), mails(session, to=lead)) == (
        ["safeguarding/due_person"],
        ["safeguarding/due_lead"],
    )
    assert remind(session, NOW + timedelta(days=13)) == 0
    assert remind(session, NOW + timedelta(days=14)) == 1
    note(session, person, TODAY, date(2030, 1, 11))
    assert remind(session, NOW + timedelta(days=28)) == 0


def test_a_day_is_a_day_in_the_networks_zone(session):
    """In July London is an hour ahead: the day begins at 23:00 UTC."""
    person = make_person(session)
    note(session, person, date(2026, 1, 1), date(2027, 8, 26))
    at = datetime(2027, 6, 30, 22, 59, tzinfo=UTC)
    assert [remind(session, at + timedelta(minutes=m)) for m in (0, 1)] == [0, 1]


def test_only_a_lead_sees_and_notes(session, as_person, lead):
    amina = make_person(session, name="Amina Okafor")
    theirs = as_person(lead)
    theirs.open(f"/desk/safeguarding/people/{amina.key}")
    theirs.send(f"/desk/safeguarding/people/{amina.key}", kind=DBS, seen_on="11/1/2027", due_on="")
    assert "Seen on 11 January 2027 by Lee Ward. Look again on 11 January 2030." in theirs.text
    assert "Amina Okafor" in theirs.open("/desk/safeguarding").text
    others = as_person(make_coordinator(session))
    assert others.open("/desk/safeguarding").status_code == 404
    assert others.open(f"/desk/safeguarding/people/{amina.key}").status_code == 404
    assert "DBS" not in others.open(f"/desk/people/{amina.key}").text


def test_take_it_away(session, as_person, lead):
    amina = make_person(session)
    check = note(session, amina)
    theirs = as_person(lead)
    theirs.open(f"/desk/safeguarding/people/{amina.key}")
    theirs.send(f"/desk/safeguarding/checks/{check.key}/remove")
    assert "It is taken away." in theirs.text
    assert checks_of(session, amina.id, NOW) == []


def test_bad_input_is_kept(session, as_person, lead):
    amina = make_person(session)
    theirs = as_person(lead)
    where = f"/desk/safeguarding/people/{amina.key}"
    theirs.open(where)
    page = theirs.send(where, kind=DBS, seen_on="2027-01-12", due_on="")
    assert page.status_code == 422
    assert "This day is still to come." in page.text
    assert 'value="2027-01-12"' in page.text


def test_coordinators_name_leads(session, as_person):
    amina, desk = make_person(session, name="Amina"), as_person(make_coordinator(session))
    desk.open(f"/desk/people/{amina.key}")
    desk.send(f"/desk/people/{amina.key}/safeguarding-lead")
    assert "This person looks after safeguarding checks now." in desk.text
    desk.send(f"/desk/people/{amina.key}/safeguarding-lead/end")
    assert "does not look after safeguarding checks now." in desk.text
    held = RoleGrant.role == Role.SAFEGUARDING_LEAD
    assert session.scalars(select(RoleGrant.person_id).where(held)).all() == []


def test_how_many_press(session):
    note(session, make_person(session), date(2024, 1, 1), date(2027, 1, 10))
    note(session, make_person(session), date(2024, 1, 1), date(2027, 1, 12))
    note(session, make_person(session), date(2024, 1, 1), date(2027, 6, 1))
    assert pressing(session, NOW) == (1, 1)


def test_a_lead_who_is_no_coordinator_finds_people_by_name(session, lead, as_person):
    kim = make_person(session, name="Kim Reed", email="kim@example.org")
    visitor = as_person(lead)
    visitor.open("/desk/safeguarding?q=reed+kim")
    assert "1 person with “reed kim” in the name" in visitor.text
    assert f'href="/desk/safeguarding/people/{kim.key}">Kim Reed</a>' in visitor.text
    assert "kim@example.org" not in visitor.text
    visitor.open("/desk/safeguarding?q=nobody")
    assert "Nobody has “nobody” in their name." in visitor.text


def test_who_is_named_is_told_what_they_need_first_and_when_it_ends(session, as_person):
    sam = make_person(session, name="Sam Okoro", email="sam@example.org")
    desk, own = as_person(make_coordinator(session)), as_person(sam)
    desk.open(f"/desk/people/{sam.key}")
    desk.send(f"/{sam.key}/safeguarding-lead")
    assert "set up a second step" in " ".join(last_letter(session, sam.email).split())
    assert "/account/security" in last_letter(session, sam.email)
    assert "Set up your second step" in own.open("/account").text
    desk.send(f"/{sam.key}/safeguarding-lead/end")
    assert letters_to(session, sam.email) == ["people/lead_named", "people/lead_ended"]
    assert "Set up your second step" not in own.open("/account").text
