"""The pages on which two people become one."""

import pytest
from sqlalchemy import select, update

from netapp.people.models import Person
from tests.events.scenes import book
from tests.factories import make_coordinator, make_event, make_guest, make_member, make_person


@pytest.fixture
def amina(session):
    return make_member(session, name="Amina Okafor", email="amina.okafor@example.org")


@pytest.fixture
def double(session):
    return make_guest(
        session, name="Amina  OKAFOR", email="aminaokafor+music@example.org", organisation="Hill"
    )


@pytest.fixture
def at_desk(session, visitor, sign_in):
    sign_in(make_coordinator(session, name="Jo Field", email="jo@example.org"))
    return visitor


def page_of(person, more=""):
    return f"/desk/people/{person.key}{more}"


def test_likely_pairs_are_listed_the_surest_first(session, at_desk, amina, double):
    make_guest(session, name="Ámina Okafor", email="other@example.org")
    make_guest(session, name="Ben Adeyemi")
    text = at_desk.open("/desk/people/duplicates").text
    assert "3 pairs" in text or "2 pairs" in text
    assert text.index("The same address, but for dots") < text.index("The same name")
    assert page_of(double, f"/merge/{amina.key}") in text  # Who has an account stays.
    assert "Ben Adeyemi" not in text


def test_compare_merge_and_take_apart(session, at_desk, amina, double):
    event = make_event(session, title="Working With Chaos")
    book(session, event, 0, person=double)
    book(session, event, 0, person=amina)
    page = at_desk.open(page_of(double, f"/merge/{amina.key}"))
    for words in (
        "Both have booked Working With Chaos: it becomes one booking",
        "Both have a place on the same date",
        "1 booking",
        "aminaokafor+music@example.org",
    ):
        assert words in page.text, words
    at_desk.send(f"/merge/{amina.key}", name="gone", organisation="gone")
    assert at_desk.path == page_of(amina)
    assert "are one now, and told by email." in at_desk.text
    assert "Hill" in at_desk.text
    # Old links, old addresses and the list of people lead to who stays.
    assert at_desk.open(page_of(double)).text.count("Amina  OKAFOR") > 0
    assert at_desk.path == page_of(amina)
    found = at_desk.open("/desk/find?q=aminaokafor%2Bmusic").text
    assert page_of(amina) in found
    assert "Had the address aminaokafor+music@example.org" in found
    assert page_of(double) not in at_desk.open("/desk/people").text
    at_desk.open(page_of(amina))
    at_desk.send("/undo")
    assert "is somebody by themselves again. Both are told." in at_desk.text
    assert at_desk.open(page_of(double)).status_code == 200
    assert at_desk.path == page_of(double)


def test_what_was_changed_meanwhile_is_looked_at_again(session, at_desk, amina, double):
    at_desk.open(page_of(double, f"/merge/{amina.key}"))
    session.execute(update(Person).where(Person.id == amina.id).values(version=7))
    session.commit()
    page = at_desk.send(f"/merge/{amina.key}")
    assert page.status_code == 409
    assert "One of the two was changed meanwhile." in page.text
    assert session.scalar(select(Person.merged_into_id).where(Person.id == double.id)) is None


def test_who_has_an_account_must_stay(session, at_desk, amina, double):
    page = at_desk.open(page_of(amina, f"/merge/{double.key}"))
    assert "Only the one who goes has an account." in page.text
    assert page_of(double, f"/merge/{amina.key}") in page.text
    assert at_desk.open(page_of(amina, f"/merge/{amina.key}")).status_code == 404


def test_the_one_that_stays_is_found_by_name(session, at_desk, amina, double):
    make_person(session, name="Ben Adeyemi")
    text = at_desk.open(page_of(double, "/merge?q=okafor")).text
    assert page_of(double, f"/merge/{amina.key}") in text
    assert "Ben Adeyemi" not in text


def test_two_people_are_told_apart_and_can_be_shown_again(session, at_desk, amina, double):
    third = make_guest(session, name="Amina Okafor", email="other@example.org")
    here = "/desk/people/duplicates"
    at_desk.open(here)
    at_desk.send(page_of(double, f"/apart/{amina.key}"))
    assert "Noted: these are two people." in at_desk.text
    assert page_of(double, f"/merge/{amina.key}") not in at_desk.text
    assert "Told apart (1)" in at_desk.text
    assert "Jo Field, Monday 11 January 2027" in at_desk.text
    # Each of them may still be the third.
    assert page_of(third, f"/merge/{amina.key}") in at_desk.text
    at_desk.send(page_of(third, f"/apart/{amina.key}"))
    assert page_of(third, f"/merge/{double.key}") in at_desk.text
    said = "Said that Amina Okafor and Amina  OKAFOR are two people."
    assert said in at_desk.open(page_of(amina)).text
    compare = at_desk.open(page_of(double, f"/merge/{amina.key}")).text
    assert "Somebody said that these are two people" in compare
    at_desk.open(here)
    at_desk.send(f"{double.key}/again")
    assert page_of(double, f"/merge/{amina.key}") in at_desk.text


def test_nobody_is_told_apart_from_themselves_or_from_who_is_gone(session, at_desk, amina, double):
    at_desk.open("/desk/people/duplicates")
    fields = dict(at_desk.form(f"/apart/{amina.key}").fields)
    for other in (amina.key, "nobody"):
        path = page_of(amina, f"/apart/{other}")
        assert at_desk.client.post(path, data=fields).status_code == 404
