"""One page for one person: what happened, what they agreed to, what they get and why; and how they
are found."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.events.models import Booking
from netapp.membership.operations import deciding
from netapp.membership.operations.applying import Answers, apply
from netapp.membership.operations.kinds import load_kinds
from netapp.organisations.models import Affiliation, NameKind, OrganisationName
from netapp.people.access import Told
from netapp.people.models import AddressChange, ProfileKind, Role, RoleGrant
from netapp.people.operations import access
from netapp.safeguarding.models import Check, CheckKind
from tests.events.scenes import book
from tests.factories import (
    NOW,
    make_coordinator,
    make_event,
    make_guest,
    make_membership,
    make_organisation,
    make_person,
)
from tests.groups.scenes import make_group


@pytest.fixture
def jo(session):
    return make_coordinator(session, name="Jo Field", email="jo@example.org")


@pytest.fixture
def amina(session):
    """Somebody of whom many rooms know something."""
    person = make_person(session, name="Amina Okafor", email="amina@example.org")
    make_membership(session, person_id=person.id, note="by telephone")
    music = make_organisation(session, name="Leeds Music Service")
    session.add(
        Affiliation(key="works", person_id=person.id, organisation_id=music.id, role="SEND lead",
                    is_contact=True, created_at=NOW)
    )  # fmt: skip
    session.add(
        OrganisationName(organisation_id=music.id, name="Artforms", kind=NameKind.FORMER,
                         slug="artforms")
    )  # fmt: skip
    session.add(
        AddressChange(person_id=person.id, old_email="amina@old.example.org",
                      new_email=person.email, confirm_hash="x", created_at=NOW, ends_at=NOW,
                      confirmed_at=NOW)
    )  # fmt: skip
    access.keep_profile(
        session, person_id=person.id, kind=ProfileKind.ACCESS,
        told=Told(("captions",), "a quiet corner"), seen_version=0, now=NOW,
    )  # fmt: skip
    session.add(CheckKind(slug="dbs", name="Enhanced DBS", hint="", position=1))
    session.flush()
    kind = session.scalars(select(CheckKind.id)).one()
    session.add(
        Check(key="check", person_id=person.id, kind_id=kind, seen_on=date(2027, 1, 4),
              seen_by="Jo Field", noted_at=NOW)
    )  # fmt: skip
    session.commit()
    return person


@pytest.fixture
def booking(session, amina):
    return book(session, make_event(session, title="Working With Chaos"), 0, person=amina)


def page_of(person, more=""):
    return f"/desk/people/{person.key}{more}"


def test_everything_that_happened_is_on_the_page(session, visitor, sign_in, jo, amina, booking):
    make_group(session, amina, name="Inclusion group")
    sign_in(jo)
    text = visitor.open(page_of(amina)).text
    for words in (
        "Core member: given a term from 1 January 2020 and on",
        "by telephone",
        "Works for Leeds Music Service, SEND lead",
        "Joined Inclusion group",
        "Working With Chaos: Booked",
        "Booking confirmed: “",
        "Agreed: Keeping what helps you take part",
        "Opened an account",
        # What they get, and why.
        "they hold a membership of their own (Core member, without an end)",
        "they are the contact of Leeds Music Service",
        "they have been in Inclusion group since",
        "they booked or wait for 1 date of Working With Chaos",
    ):
        assert words in text, words
    assert "a quiet corner" not in text


def test_checks_are_there_for_who_looks_after_them_alone(session, visitor, sign_in, jo, amina):
    sign_in(jo)
    assert "DBS" not in visitor.open(page_of(amina)).text
    assert "DBS" not in visitor.open(page_of(amina, "?show=checks")).text
    session.add(RoleGrant(person_id=jo.id, role=Role.SAFEGUARDING_LEAD, granted_at=NOW))
    session.commit()
    assert "Enhanced DBS was seen" in visitor.open(page_of(amina, "?show=checks")).text


def test_an_approval_is_one_line_and_leads_to_what_was_asked(session, visitor, sign_in, jo):
    load_kinds(session)
    pat = make_person(session, name="Paying Pat")
    answers = Answers(role="Singing leader")
    made = apply(
        session, kind="associate", person_id=pat.id, answers=answers, now=NOW - timedelta(hours=1)
    )
    deciding.approve(
        session, key=made.key, version=made.version, actor=Actor(jo.id, "Jo Field"), now=NOW
    )
    session.commit()
    sign_in(jo)
    text = visitor.open(page_of(pat)).text
    assert text.count("application was approved: Associate, from 11 January 2027") == 1
    for once in ("given a term", "Approved the application", "asked for a membership"):
        assert once not in text, once
    assert text.count("Asked to become a member: Associate") == 1
    path = f"/desk/membership/applications/{made.key}"
    assert f'href="{path}">What they wrote when they asked to join (Associate,' in text
    assert "Singing leader" in visitor.open(path).text


def test_the_history_is_filtered_and_paged(session, visitor, sign_in, jo, amina, booking):
    sign_in(jo)
    text = visitor.open(page_of(amina, "?show=membership")).text
    assert "given a term" in text
    assert "Booking confirmed: “" not in text
    for _ in range(30):
        make_membership(session, person_id=amina.id, granted_at=NOW - timedelta(days=9))
    assert visitor.open(page_of(amina, "?show=membership")).text.count("given a term") == 25
    assert visitor.open(page_of(amina, "?show=membership&page=2")).text.count("given a term") == 6
    for odd in ("?show=x&page=99", "?page=0", "?show=%00"):
        assert visitor.open(page_of(amina, odd)).status_code == 200


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("okafor", ""),
        ("leeds music", "Works at or belongs through Leeds Music Service"),
        ("amina artforms", "Works at or belongs through Artforms"),
        ("amina@old", "Had the address amina@old.example.org"),
    ],
)
def test_find_somebody_and_read_why(session, visitor, sign_in, jo, amina, words, why):
    make_guest(session, name="Ben Adeyemi")
    sign_in(jo)
    visitor.open("/desk/find")
    text = visitor.send("/desk/find", q=words).text
    assert page_of(amina) in text
    assert "Ben Adeyemi" not in text
    assert why in text
    assert ("Had the address" in text) == ("@" in words)


def test_find_by_reference_and_find_a_group(session, visitor, sign_in, jo, amina, booking):
    group = make_group(session, name="Inclusion group", is_hidden=True)
    sign_in(jo)
    reference = session.scalars(select(Booking.reference)).one()
    text = visitor.open(f"/desk/find?q={reference}").text
    assert f"On booking {reference}" in text
    assert page_of(amina) in text
    assert f"/desk/groups/{group.key}" in visitor.open("/desk/find?q=inclusion").text
