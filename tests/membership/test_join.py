"""Somebody joins: five fields, a code, and it is done or asked for."""

import re
from datetime import date

import pytest
from sqlalchemy import func, select

from netapp.audit.models import AuditLine
from netapp.membership.application_models import Application, ApplicationState
from netapp.membership.models import Membership, MembershipKind
from netapp.membership.queries.kinds import all_kinds, asked_fields, find_kind
from netapp.people.models import Person
from tests.factories import (
    NOW,
    make_coordinator,
    make_guest,
    make_member,
    make_membership,
    make_person,
)
from tests.membership.conftest import EMAIL, NAME, application_of
from tests.people.apps import pass_second_step
from tests.people.letters import all_letters, code_in, last_letter, letters_to, link_in


def count(session, what) -> int:
    return session.scalar(select(func.count()).select_from(what)) or 0


def test_no_kind_asks_more_than_five_fields(session, kinds, visitor):
    for kind in all_kinds(session):
        visitor.open(f"/join/{kind.slug}")
        names = visitor.form(f"/join/{kind.slug}").names - {"csrf_token", "once"}
        found = find_kind(session, kind.slug)
        assert found is not None
        asked = len(asked_fields(found))
        assert (len(names), len(names) <= 5) == (asked + 2, True), kind.slug


def test_wider_community_is_in_when_the_code_is_right(session, join):
    visitor = join("wider-community")
    assert "You are a member" in visitor.text
    held = session.scalars(select(Membership)).one()
    person = session.scalars(select(Person)).one()
    assert (held.person_id, held.ends_on, held.starts_on) == (person.id, None, date(2027, 1, 11))
    assert (person.name, person.email) == (NAME, EMAIL)
    assert person.registered_at is not None
    assert letters_to(session, EMAIL) == ["people/code_to_join", "membership/approved"]
    visitor.open("/account/membership")
    assert "Wider community" in visitor.text


def test_core_waits_for_a_coordinator(session, join):
    visitor = join(organisation="", area="")
    assert "Thank you: we have your application" in visitor.text
    assert "who knows your work?" in visitor.text
    assert count(session, Membership) == 0
    assert letters_to(session, EMAIL) == ["people/code_to_join", "membership/received"]
    application = application_of(session)
    assert (application.role, application.state) == ("Singing leader", ApplicationState.WAITING)


def test_what_was_typed_is_kept_for_next_time(session, join):
    join(organisation="Hill Music Service")
    person = session.scalars(select(Person)).one()
    assert person.organisation == "Hill Music Service"


def test_nothing_is_kept_of_who_never_types_the_code(session, visitor, kinds):
    visitor.open("/join/associate")
    visitor.send("/join/associate", name=NAME, email=EMAIL, role="Teacher")
    assert visitor.path.startswith("/join/code/")
    assert (count(session, Person), count(session, Application)) == (0, 0)


def test_a_wrong_code_can_be_tried_again(session, visitor, kinds):
    visitor.open("/join/wider-community")
    visitor.send("/join/wider-community", name=NAME, email=EMAIL)
    here, right = visitor.path, code_in(session, EMAIL)
    page = visitor.send(here, code="000000" if right != "000000" else "111111")
    assert page.status_code == 422
    assert count(session, Person) == 0
    visitor.send(here, code=f" {right[:3]} {right[3:]} ")
    assert "You are a member" in visitor.text


def test_the_code_works_in_the_browser_that_asked(session, visitor, as_person, kinds):
    visitor.open("/join/wider-community")
    visitor.send("/join/wider-community", name=NAME, email=EMAIL)
    other = as_person(None)
    other.open(visitor.path)
    assert other.path == "/join"


def test_the_answer_is_alike_whether_or_not_we_know_the_address(session, as_person, kinds):
    make_person(session, email="known@example.org", name="Kit Known")
    make_person(session, email="closed@example.org", disabled_at=NOW)
    pages = []
    for email in ("known@example.org", "closed@example.org", "nobody@example.org"):
        visitor = as_person(None)
        visitor.open("/join/associate")
        visitor.send("/join/associate", name=NAME, email=email, role="Teacher")
        assert visitor.path.startswith("/join/code/")
        pages.append(_without_tokens(visitor, email))
    assert pages[0] == pages[1] == pages[2]
    assert letters_to(session, "closed@example.org") == []


def _without_tokens(visitor, email):
    text = visitor.text.replace(email, "EMAIL").replace(visitor.path, "HERE")
    return re.sub(r'(name="csrf_token" value=")[^"]+', r"\1", text)


def test_somebody_we_know_signs_in_by_the_same_code(session, join):
    make_person(session, email=EMAIL, name="Amina O.", organisation="Hill Music Service")
    visitor = join("associate", name="Somebody Else", organisation="Another")
    assert "Thank you: we have your application" in visitor.text
    person = session.scalars(select(Person)).one()
    assert (person.name, person.organisation) == ("Amina O.", "Hill Music Service")
    visitor.open("/account")
    assert "Hello, Amina" in visitor.text


def test_a_guest_gets_an_account(session, join):
    make_guest(session, email=EMAIL, name="A Guest")
    join("associate")
    person = session.scalars(select(Person)).one()
    assert (person.name, person.registered_at is not None) == (NAME, True)


def test_who_has_a_second_factor_shows_it_after_the_code(session, join):
    make_coordinator(session, email=EMAIL, name=NAME)
    visitor = join("associate")
    pass_second_step(visitor)
    assert "Thank you: we have your application" in visitor.text


def test_who_is_signed_in_is_not_asked_what_we_know(session, visitor, sign_in, kinds):
    person = make_person(session, name=NAME, email=EMAIL, organisation="Hill", area="")
    sign_in(person)
    visitor.open("/join/associate")
    names = visitor.form("/join/associate").names
    assert names == {"csrf_token", "once", "role", "area"}
    assert "Hill" in visitor.text
    visitor.send("/join/associate", role="Teacher")
    assert "Thank you: we have your application" in visitor.text
    assert letters_to(session, EMAIL) == ["membership/received"]


def test_pressed_twice_is_one_application(session, join, visitor, client, kinds):
    visitor.open("/join/wider-community")
    form = visitor.form("/join/wider-community")
    data = dict(form.fields) | {"name": NAME, "email": EMAIL}
    for _ in range(2):
        client.post("/join/wider-community", data=data)
    assert all_letters(session) == ["people/code_to_join"]
    code_page = client.post("/join/wider-community", data=data).location
    visitor.open(code_page)
    code = code_in(session, EMAIL)
    first = visitor.form(visitor.path)
    sent = dict(first.fields) | {"code": code}
    answers = [client.post(first.action, data=sent).status_code for _ in range(2)]
    assert answers[0] == 303
    assert (count(session, Application), count(session, Membership)) == (1, 1)


def test_asking_again_leads_to_the_same_application(session, visitor, sign_in, kinds):
    sign_in(make_person(session, email=EMAIL))
    for _ in range(2):
        visitor.open("/join/associate")
        visitor.send("/join/associate", role="Teacher")
    assert count(session, Application) == 1


def test_another_kind_waits_until_the_first_is_decided(session, visitor, sign_in, kinds):
    sign_in(make_person(session, email=EMAIL))
    visitor.open("/join/associate")
    visitor.send("/join/associate", role="Teacher")
    visitor.open("/join/core-member")
    page = visitor.send("/join/core-member", role="Teacher")
    assert page.status_code == 409
    assert "You have asked to join already" in page.text


def test_who_holds_it_already_is_led_to_their_membership(session, visitor, sign_in, kinds):
    sign_in(make_member(session, email=EMAIL))
    visitor.open("/join/core-member")
    page = visitor.send("/join/core-member", role="Teacher")
    assert (page.status_code, "You hold this membership already" in page.text) == (409, True)


def test_a_bigger_kind_takes_the_place_of_a_smaller_one(session, join, kinds, as_person):
    person = make_person(session, email=EMAIL)
    make_membership(session, person_id=person.id, kind="core-member", starts_on=date(2026, 1, 1))
    join("wider-community")
    held = session.scalars(select(Membership).order_by(Membership.starts_on)).all()
    assert [one.ends_on for one in held] == [date(2027, 1, 10), None]


def test_a_young_member_says_an_age_band_and_no_more(session, join):
    visitor = join("young-member", age_band="18-20")
    application = application_of(session)
    assert application.age_band is not None
    assert application.age_band.value == "18-20"
    assert "Thank you" in visitor.text
    visitor.open("/join/young-member")
    assert "Nothing about you is public" in visitor.text


@pytest.mark.parametrize("band", ["", "30-40"])
def test_an_age_band_is_one_of_three(session, visitor, kinds, band):
    visitor.open("/join/young-member")
    page = visitor.send("/join/young-member", name=NAME, email=EMAIL, age_band=band)
    assert (page.status_code, "Choose your age band." in page.text) == (422, True)


def test_wrong_fields_are_named_and_kept(session, visitor, kinds):
    visitor.open("/join/core-member")
    page = visitor.send("/join/core-member", name=" ", email="amina@", role="")
    assert page.status_code == 422
    for words in ("Enter a name", "Enter an email address", "Say in a few words what you do"):
        assert words in page.text
    assert 'value="amina@"' in page.text


def test_a_closed_kind_is_not_there(session, visitor, kinds):
    kind = session.scalars(select(MembershipKind).where(MembershipKind.slug == "associate")).one()
    kind.is_open = False
    session.commit()
    assert visitor.open("/join/associate").status_code == 404
    visitor.open("/join")
    assert "Associate" not in visitor.text


def test_not_a_word_of_money_where_nothing_costs(session, join, visitor):
    join()
    for path in ("/join", "/join/core-member", "/account/membership", "/network"):
        visitor.open(path)
        for word in ("£", "invoice", "fee", "Order number"):
            assert word not in visitor.text, (path, word)


def test_too_many_mails_to_one_address(session, as_person, kinds):
    statuses = []
    for _ in range(6):
        visitor = as_person(None)
        visitor.open("/join/wider-community")
        page = visitor.send("/join/wider-community", name=NAME, email=EMAIL)
        statuses.append(page.status_code)
    assert statuses == [200] * 5 + [429]


def test_what_a_kind_cannot_do_without_is_always_asked(session, visitor, kinds):
    for slug, name in (("organisation", "organisation"), ("young-member", "age_band")):
        kind = find_kind(session, slug)
        assert kind is not None
        kind.asks.clear()
        session.commit()
        visitor.open(f"/join/{slug}")
        assert name in visitor.form(f"/join/{slug}").names


def test_the_mail_leads_to_the_application(session, join, as_person):
    join()
    visitor = as_person(None)
    visitor.open(link_in(session, EMAIL))
    assert "Thank you: we have your application" in visitor.text
    assert "Core member" in last_letter(session, EMAIL)
    assert visitor.open(f"/join/applications/{application_of(session).key}").status_code == 404


def test_a_line_says_who_asked(session, join):
    join()
    lines = session.scalars(select(AuditLine.summary)).all()
    assert lines == [f"{NAME} asked for a membership (Core member)."]


def test_the_network_and_its_former_name(session, visitor, kinds):
    for path in ("/ccmn", "/challenging-circumstances-music-network", "/network"):
        visitor.open(path)
        assert visitor.path == "/network"
    assert "formerly known as the Challenging Circumstances Music Network (CCMN)" in visitor.text
    assert "Membership runs to 31 August each year." in visitor.text
