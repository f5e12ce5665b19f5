"""Coordinators say what nobody is to see: of everybody, or of one person, with a reason."""

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.directory.fields import ProfileField
from netapp.kernel.site import site_of
from netapp.mail import drafts
from netapp.mail.models import OutboxMessage
from tests.directory.scenes import EVERYONE, make_listed, path_of
from tests.factories import make_coordinator, make_member, make_person

PHONE = "020 7946 0999"


@pytest.fixture
def desk(session, as_person):
    return as_person(make_coordinator(session, name="Jo Field"))


@pytest.fixture
def amara(session):
    return make_listed(
        session, "Amara Osei", phone=PHONE, see=dict.fromkeys(ProfileField, EVERYONE)
    )


def seen(as_person, session, amara) -> tuple[bool, bool]:
    """By a stranger, by a member."""
    path = path_of(session, amara)
    pages = [as_person(who).open(path).text for who in (None, make_member(session))]
    return PHONE in pages[0], PHONE in pages[1]


def set_rule(desk, name, **fields):
    path = f"/desk/directory/rules/{name}"
    desk.open(path)
    return desk.send(path, **fields)


def test_a_rule_holds_for_every_profile_at_once_and_can_end(session, as_person, desk, amara):
    assert seen(as_person, session, amara) == (True, True)
    set_rule(desk, "phone", most="members", reason="Phones are not public.")
    assert "Phones are not public." in desk.text
    assert seen(as_person, session, amara) == (False, True)
    set_rule(desk, "phone", most="nobody", reason="Phones are private.")
    assert seen(as_person, session, amara) == (False, False)
    set_rule(desk, "phone", most="everyone")
    assert seen(as_person, session, amara) == (True, True)
    summaries = session.scalars(select(AuditLine.summary).order_by(AuditLine.id)).all()
    assert summaries == [
        "Phone of all profiles is never public.",
        "Phone of all profiles is hidden from everybody.",
        "Phone of all profiles is for each person to choose.",
    ]


def test_a_rule_needs_a_reason(desk):
    page = set_rule(desk, "phone", most="members", reason="")
    assert (page.status_code, "Say why: members read it" in page.text) == (422, True)


def test_no_public_pages_at_all(session, as_person, desk, amara):
    set_rule(desk, "entry", most="members", reason="We are not ready for it.")
    assert as_person(None).open(path_of(session, amara)).status_code == 404
    assert as_person(make_member(session)).open(path_of(session, amara)).status_code == 200


def test_one_part_of_one_person_is_locked_and_they_are_told(session, as_person, desk, amara):
    here = f"/desk/directory/people/{amara.key}"
    assert "Everyone" in desk.open(here).text
    assert PHONE not in desk.text
    desk.open(f"{here}/lock/phone")
    assert desk.send("/lock/phone", reason="").status_code == 422
    desk.send("/lock/phone", reason="It is somebody else’s number.")
    assert "Hidden by a coordinator: It is somebody else’s number." in desk.text
    assert seen(as_person, session, amara) == (False, False)
    mail = session.scalars(select(OutboxMessage)).one()
    body = drafts.bytes_of(site_of(session), mail.key, mail.sealed)
    assert (mail.to_email, b"your phone number" in body) == (amara.email, True)
    assert "somebody else’s number" in as_person(amara).open("/account/profile").text
    desk.send("/unlock/phone")
    assert seen(as_person, session, amara) == (True, True)


def test_what_is_not_there(session, desk, amara):
    for path in ("rules/shoe-size", "people/nobody", f"people/{amara.key}/lock/x", "reports/x"):
        assert desk.open(f"/desk/directory/{path}").status_code == 404


def test_it_is_for_coordinators(session, as_person, amara):
    paths = ["", "/rules/phone", f"/people/{amara.key}", f"/people/{amara.key}/lock/phone"]
    for person in (make_person(session), make_member(session)):
        found = {as_person(person).open(f"/desk/directory{path}").status_code for path in paths}
        assert found == {404}
