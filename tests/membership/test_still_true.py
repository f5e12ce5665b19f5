"""Once a year, one button: is what we know of you still true?"""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.kernel.db import unit_of_work
from netapp.membership.operations.still_true import ask_due
from netapp.membership.term_models import StillTrue
from netapp.people.access import told_of
from netapp.people.models import ProfileKind
from netapp.people.operations.access import keep_profile
from tests.directory.scenes import make_profile
from tests.factories import NOW, make_member, make_person
from tests.people.letters import letters_to, link_in

EMAIL = "amina@example.org"
YEAR = timedelta(days=365)


@pytest.fixture
def member(session, kinds):
    return make_member(
        session,
        email=EMAIL,
        name="Amina Okafor",
        organisation="Hill Music Service",
        registered_at=NOW - YEAR,
    )


def ask(session, now=NOW) -> int:
    with unit_of_work(session):
        return ask_due(session, now)


def test_asked_a_year_after_the_account_was_made(session, member):
    assert ask(session, NOW - timedelta(seconds=1)) == 0
    assert ask(session) == 1
    assert ask(session) == 0
    assert letters_to(session, EMAIL) == ["membership/still_true"]


def test_one_button_and_peace_for_a_year(session, member, as_person):
    ask(session)
    visitor = as_person(None)
    visitor.open(link_in(session, EMAIL))
    assert "Hill Music Service" in visitor.text
    assert session.scalars(select(StillTrue.confirmed_at)).one() is None
    visitor.send(f"/still-true/{member.key}")
    assert "Thank you. We ask again in a year." in visitor.text
    assert "Yes, still true" not in visitor.text
    assert ask(session, NOW + YEAR - timedelta(seconds=1)) == 0
    assert ask(session, NOW + YEAR) == 1
    line = session.scalars(select(AuditLine.summary)).one()
    assert line == "Amina Okafor said that their details and consents are still true."


def test_who_does_not_answer_is_asked_once_a_year(session, member):
    ask(session)
    assert ask(session, NOW + YEAR - timedelta(days=1)) == 0
    assert ask(session, NOW + YEAR) == 1


def test_only_members_with_an_account(session, kinds):
    make_person(session, registered_at=NOW - YEAR)
    assert ask(session) == 0


def test_not_at_night(session, member):
    assert ask(session, NOW.replace(hour=23)) == 0


def test_what_helps_is_shown_to_oneself_only(session, member, as_person):
    told = told_of(ProfileKind.ACCESS, ["captions"], "A seat near the door")
    keep_profile(
        session, person_id=member.id, kind=ProfileKind.ACCESS, told=told, seen_version=0, now=NOW
    )
    session.commit()
    ask(session)
    by_link, at_home = as_person(None), as_person(member)
    by_link.open(link_in(session, EMAIL))
    at_home.open("/still-true")
    assert "What helps me take part" in by_link.text
    found = [("A seat near the door" in one.text) for one in (by_link, at_home)]
    assert found == [False, True]
    assert "Keeping what helps you take part" in at_home.text


def test_the_profile_is_shown_with_who_sees_each_part_and_by_the_link_only_that_there_is_one(
    session, member, as_person
):
    make_profile(session, member, role="Harp teacher", phone="0161 496 0000")
    ask(session)
    by_link, at_home = as_person(None), as_person(member)
    by_link.open(link_in(session, EMAIL))
    at_home.open("/still-true")
    assert "Members find you in the directory." in by_link.text
    assert "Harp teacher" not in by_link.text
    told = re.findall(r'<dt>(.*?)</dt><dd class="as-typed">(.*?)</dd><dd[^>]*>(.*?)<', at_home.text)
    assert told == [
        ("What you do", "Harp teacher", "Members see it."),
        ("Your organisations", "Hill Music Service", "Members see it."),
        ("Your phone number", "0161 496 0000", "Only you see it."),
    ]


def test_each_detail_leads_to_where_it_is_changed(session, member, as_person):
    visitor = as_person(member)
    visitor.open("/still-true")
    links = re.findall(r'href="([^"]*)">Change<span class="vh"> ([^<]*)<', visitor.text)
    assert {words: path for path, words in links} == {
        "name": "/account/details",
        "email address": "/account/address",
        "organisation": "/account/details",
        "where you work": "/account/details",
        "calendar invitations by email": "/account/details",
    }


def test_on_my_membership_when_it_is_due(session, member, as_person):
    visitor = as_person(member)
    visitor.open("/account/membership")
    assert "Is what we know of you still true?" in visitor.text
    visitor.open("/still-true")
    visitor.send(f"/still-true/{member.key}")
    visitor.open("/account/membership")
    assert "Is what we know of you still true?" not in visitor.text


def test_without_the_key_it_is_not_there(session, member, as_person):
    assert as_person(None).open(f"/still-true/{member.key}").status_code == 404
    other = as_person(make_person(session))
    assert other.open(f"/still-true/{member.key}").status_code == 404
