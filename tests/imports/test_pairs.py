"""People who may be one are shown side by side, and nothing is decided for coordinators."""

import pytest
from sqlalchemy import select

from netapp.desk.queries.duplicates import duplicates
from netapp.imports.errors import NotNowPossible, StillToDecide
from netapp.imports.models import Choice, RowState
from netapp.imports.names import name_key, nearly, organisation_key
from netapp.imports.operations import choosing, comparing, reading_rows, writing
from netapp.imports.queries.lists import NearNames
from netapp.imports.queries.rows import pair_page
from netapp.people.models import Person
from tests.factories import NOW, make_guest, make_organisation
from tests.imports.scenes import JO, effects, load, rows_of, undo, work
from tests.membership.seat_scenes import works_for


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Siân O’Neill", "Sian ONeill", True),
        ("Jonathan Field", "J Field", True),
        ("Jonathan Field", "Jon Field", True),
        ("Amina Okafor", "Amnia Okafor", True),
        ("Amina Okafor", "Amina Okafo", True),
        ("Field, Jo", "Jo Field", True),
        ("Jo Field", "Jo Fields", True),
        ("Ann Lee", "Ian Lee", False),
        ("Amina Okafor", "Ben Okafor", False),
        ("Amina Okafor", "Amina Adeyemi", False),
    ],
)
def test_names_that_are_nearly_the_same(one, other, near):
    assert nearly(one, other) is near


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("bury musik", "Bury Music"),
        ("lambet music service", "Lambeth Music Service"),
        ("sample music service", ""),
        ("harbour music hub", ""),
        ("music service", ""),
    ],
)
def test_an_organisation_is_taken_for_another_by_the_word_that_tells_it_apart(name, meant):
    known = NearNames(
        {"bury music": "Bury Music", "lambeth music service": "Lambeth Music Service"}
    )
    assert known.to(name) == meant


def test_names_in_one_spelling():
    assert name_key("Field, Jo") == name_key("jo FIELD")
    assert organisation_key("The Bury Music Service Ltd.") == "bury music service"
    assert organisation_key("Song & Dance") == organisation_key("Song and Dance")


def pairs(session, one):
    return {pair.number: (pair.rule, pair.other.email) for pair in pair_page(session, one, 1).items}


def test_whom_a_row_may_be_about(session):
    harp = make_organisation(session, name="Harp House")
    amina = make_guest(session, email="amina@old.example", name="Amina Okafor")
    works_for(session, harp, amina)
    make_guest(
        session, email="j.field@old.example", name="Jonathan Field", organisation="Lute Lane"
    )
    make_guest(session, email="cai@old.example", name="Cai Evans", organisation="Drum Hall")
    make_guest(session, email="office@lute.example", name="The Office")
    text = (
        "Name,Email,Organisation\n"
        "Amina Okafor,amina@new.example,Harp House\n"  # Same name and organisation.
        "Jon Field,jon@new.example,Lute Lane\n"  # Nearly the same name there.
        "Cai Evans,cai@new.example,Elsewhere\n"  # Another place: another person.
        "Cai Evans,evans@new.example,\n"  # No place: who knows.
        "Dee Hall,office@lute.example,\n"  # Their address, another name.
    )
    one = load(session, text)
    assert pairs(session, one) == {
        2: ("The same name and organisation, with another address", "amina@old.example"),
        3: ("Nearly the same name", "j.field@old.example"),
        5: ("The same name, with another address", "cai@old.example"),
        6: ("The same address with another name", "office@lute.example"),
    }
    assert one.tallies == {"ask": 4, "new": 1}
    with pytest.raises(StillToDecide):
        writing.start(session, key=one.key, version=one.version, invites=False, actor=JO, now=NOW)


def test_each_choice_does_what_it_says(session):
    make_guest(session, email="amina@old.example", name="Amina Okafor", organisation="Harp House")
    make_guest(session, email="office@lute.example", name="The Office")
    text = (
        "Name,Email,Organisation,Area\nAmina Okafor,amina@new.example,Harp House,\n"
        "Dee Hall,office@lute.example,Lute Lane,\n"
    )
    outcomes = {}
    for choice in (Choice.OURS, Choice.FILE, Choice.LEAVE):
        one = load(session, text)
        choosing.choose(session, key=one.key, version=one.version, choices={2: choice, 3: choice})
        one = work(session, one)
        outcomes[choice] = (one.tallies, dict(effects(session, one, RowState.CHANGE)))
    words = "Organisation in their words: nothing becomes Lute Lane"
    assert outcomes == {
        Choice.OURS: ({"same": 1, "change": 1}, {3: [words]}),
        Choice.FILE: ({"same": 1, "change": 1}, {3: ["Name: The Office becomes Dee Hall", words]}),
        Choice.LEAVE: ({"left-out": 2}, {}),
    }
    one = load(session, text)
    with pytest.raises(NotNowPossible):  # One address is one person here.
        choosing.choose(session, key=one.key, version=one.version, choices={3: Choice.APART})
    session.rollback()
    choosing.choose(session, key=one.key, version=one.version, choices={}, for_all=Choice.APART)
    choosing.choose(session, key=one.key, version=one.version, choices={3: Choice.LEAVE})
    assert work(session, one).tallies == {"new": 1, "left-out": 1}


def test_two_rows_with_one_address(session):
    """With one name they are one person; with two names somebody says which counts."""
    one = load(
        session,
        "Name,Email,Organisation\nAmina Okafor,amina@example.org,\n"
        "A Okafor,AMINA@example.org,Harp House\nBen Adeyemi,amina@example.org,\n"
        "Amina Okafor,amina@other.example,\n",
    )
    assert effects(session, one, RowState.CHANGE) == [
        (3, ["Organisation in their words: nothing becomes Harp House"])
    ]
    assert pairs(session, one) == {
        4: ("The same address as an earlier row, with another name", "amina@example.org"),
        5: ("The same name as an earlier row, with another address", "amina@example.org"),
    }
    choosing.choose(
        session, key=one.key, version=one.version, choices={4: Choice.LEAVE, 5: Choice.OURS}
    )
    one = work(session, one)
    assert one.tallies == {"new": 1, "change": 1, "left-out": 1, "same": 1}
    writing.start(session, key=one.key, version=one.version, invites=False, actor=JO, now=NOW)
    work(session, one)
    people = session.execute(select(Person.name, Person.email, Person.organisation)).all()
    assert people == [("Amina Okafor", "amina@example.org", "Harp House")]


def test_rows_of_one_person_are_one_in_portions_too(session, monkeypatch):
    monkeypatch.setattr(comparing, "AT_ONCE", 1)
    monkeypatch.setattr(reading_rows, "AT_ONCE", 1)
    make_guest(session, email="ben@example.org", name="Ben Adeyemi")
    one = load(
        session,
        "Name,Email,Organisation\nAmina Okafor,amina@example.org,Harp House\n"
        "Amina Okafor,amina@example.org,Harp House\nBen Adeyemi,ben@example.org,Lute Lane\n"
        "Ben Adeyemi,ben@example.org,Lute Lane\nAmina Okafor,okafor@example.org,\n",
    )
    assert one.tallies == {"new": 1, "change": 1, "same": 2, "ask": 1}


def test_an_address_from_before_a_merge_is_of_who_stayed(session):
    amina = make_guest(session, email="amina@new.example", name="Amina Okafor")
    make_guest(session, email="amina@old.example", name="Amina Okafor", merged_into_id=amina.id)
    one = load(session, "Name,Email,Company\nAmina Okafor,amina@old.example,Harp House\n")
    assert effects(session, one, RowState.CHANGE) == [
        (2, ["Organisation in their words: nothing becomes Harp House"])
    ]
    (row,) = rows_of(session, one, RowState.CHANGE)
    assert row.person_id == amina.id


def test_who_is_not_the_same_is_no_possible_duplicate_afterwards(session):
    make_guest(session, email="amina@old.example", name="Amina Okafor")
    one = load(session, "Name,Email\nAmina Okafor,amina@new.example\n")
    choosing.choose(session, key=one.key, version=one.version, choices={2: Choice.APART})
    one = work(session, one)
    writing.start(session, key=one.key, version=one.version, invites=False, actor=JO, now=NOW)
    one = work(session, one)
    assert one.tallies["new"] == 1
    assert duplicates(session) == ([], 0)
    undo(session, one)
    left = session.scalars(select(Person.email).where(Person.name == "Amina Okafor")).all()
    assert left == ["amina@old.example"]
