"""The register on the desk: added, changed, named, confirmed, taken away, and a line for each."""

from datetime import date

import pytest
from sqlalchemy import func, select

from netapp.audit.models import AuditLine
from netapp.organisations.models import LegalForm, NameKind, Organisation, OrganisationName
from netapp.organisations.operations.guard import free_slug, hold_register
from netapp.people.models import Person
from tests.factories import make_coordinator, make_organisation, make_person
from tests.membership.seat_scenes import contact
from tests.organisations.scenes import make_register

LIST = "/desk/organisations"
PUBLIC = "/taking-off/organisations"


@pytest.fixture
def jo(session):
    return make_coordinator(session, name="Jo Field", email="jo@example.org")


@pytest.fixture
def at_desk(visitor, sign_in, jo):
    sign_in(jo)
    return visitor


@pytest.fixture
def register(session):
    return make_register(session)


def page_of(organisation, more=""):
    return f"{LIST}/{organisation.key}{more}"


def now_of(session, organisation, *columns):
    found = select(*columns).where(Organisation.id == organisation.id)
    return tuple(session.execute(found).one())


def lines(session):
    return list(session.scalars(select(AuditLine.summary).order_by(AuditLine.id)))


def names(session, organisation):
    held = OrganisationName.organisation_id == organisation.id
    rows = select(OrganisationName.name, OrganisationName.kind, OrganisationName.slug).where(held)
    return [tuple(row) for row in session.execute(rows.order_by(OrganisationName.id))]


def test_add_an_organisation_with_areas_apart_from_its_office(session, at_desk, register):
    at_desk.open(f"{LIST}/new")
    at_desk.send(
        "/new",
        name="NMPAT",
        type="music-service",
        legal_form="charity",
        areas="Northamptonshire\n wales ;\n",
        office_area="london",
        website="www.example.org/nmpat",
        source="Rang them",
    )
    assert "NMPAT is in the register." in at_desk.text
    page = at_desk.open(f"{PUBLIC}/nmpat").text
    for words in ("North Northamptonshire; West Northamptonshire", "Wales", "Charity", "Rang them"):
        assert words in page
    assert 'href="https://www.example.org/nmpat"' in page
    added = session.scalars(select(Organisation).where(Organisation.slug == "nmpat")).one()
    assert added.legal_form is LegalForm.CHARITY
    assert added.confirmed_on is None
    assert lines(session) == ["Added NMPAT to the register."]


def test_wrong_words_are_kept_and_said_in_plain_words(session, at_desk, register):
    at_desk.open(f"{LIST}/new")
    page = at_desk.send(
        "/new", name="", areas="Mertn\nNowhere at all", office_area="Northamptonshire",
        website="javascript:alert(1)", description="x" * 2001,
    )  # fmt: skip
    assert page.status_code == 422
    for words in (
        "Enter the name, like Bury Music.",
        "“Mertn” is no council, region or nation we know. Did you mean Merton?",
        "“Nowhere at all” is no council, region or nation we know.",
        "That is more than one council now. Write the one it is in.",
        "Enter the address of a website, like www.example.org.",
        "Shorten this to 2,000 characters. It has 2,001.",
    ):
        assert words in page.text
    assert "Nowhere at all</textarea>" in page.text
    at_desk.send(
        "/new", name="  BURY   music ", description="", areas="", office_area="", website=""
    )
    assert "An organisation of that name is in the register." in at_desk.text
    at_desk.send("/new", name="Merton strings")
    assert f"{PUBLIC}/merton-music-foundation" in at_desk.text
    assert session.scalar(select(func.count()).select_from(Organisation)) == 3


def test_added_twice_it_is_there_once(session, at_desk, client, register):
    at_desk.open(f"{LIST}/new")
    form = dict(at_desk.form("/new").fields) | {"name": "Severn Arts"}
    places = {client.post(f"{LIST}/new", data=form).location for _ in range(2)}
    assert len(places) == 1
    assert lines(session) == ["Added Severn Arts to the register."]


def test_a_new_name_keeps_the_old_one_and_its_address(session, at_desk, client, register):
    bury = register["bury"]
    at_desk.open(page_of(bury))
    at_desk.send(page_of(bury), name="Bury Sounds")
    assert now_of(session, bury, Organisation.name, Organisation.slug) == (
        "Bury Sounds",
        "bury-sounds",
    )
    assert names(session, bury) == [("Bury Music", NameKind.FORMER, "bury-music")]
    assert client.get(f"{PUBLIC}/bury-music").location == f"{PUBLIC}/bury-sounds"
    assert lines(session) == ["Changed Bury Sounds in the register: name."]
    at_desk.open(page_of(bury))
    at_desk.send(page_of(bury), name="Bury Music")
    assert now_of(session, bury, Organisation.slug) == ("bury-music",)
    assert names(session, bury) == [("Bury Sounds", NameKind.FORMER, "bury-sounds")]
    assert client.get(f"{PUBLIC}/bury-sounds").location == f"{PUBLIC}/bury-music"


def test_a_name_that_was_a_mistake_leaves_no_trace(session, at_desk, client, register):
    bury = register["bury"]
    at_desk.open(page_of(bury))
    at_desk.send(page_of(bury), name="Bury Musick", old_name="mistake")
    assert now_of(session, bury, Organisation.name, Organisation.slug) == (
        "Bury Musick",
        "bury-music",
    )
    assert names(session, bury) == []


def test_a_stale_edit_shows_both_texts(session, at_desk, jo, as_person, register):
    bury = register["bury"]
    other = as_person(jo)
    other.open(page_of(bury))
    at_desk.open(page_of(bury))
    other.send(page_of(bury), description="First words", areas="Wales")
    page = at_desk.send(page_of(bury), description="Second words")
    assert page.status_code == 409
    for words in ("First words", "Second words", "Wales"):
        assert words in page.text
    at_desk.send(page_of(bury))
    assert "Saved." in at_desk.text
    assert now_of(session, bury, Organisation.description) == ("Second words",)


def test_other_names_come_and_go(session, at_desk, client, register):
    bury = register["bury"]
    at_desk.open(page_of(bury))
    page = at_desk.send(page_of(bury, "/names"), name="", kind="alias")
    assert page.status_code == 422
    at_desk.send(page_of(bury, "/names"), name="Merton Strings", kind="alias")
    assert "An organisation of that name is in the register." in at_desk.text
    at_desk.send(page_of(bury, "/names"), name="B. M.", kind="abbreviation")
    assert names(session, bury) == [("B. M.", NameKind.ABBREVIATION, "b-m")]
    assert client.get(f"{PUBLIC}/b-m").status_code == 301
    at_desk.send(page_of(bury, "/names/b-m/remove"))
    assert client.get(f"{PUBLIC}/b-m").status_code == 404
    assert lines(session) == [
        "Added the name B. M. to Bury Music.",
        "Removed the name B. M. from Bury Music.",
    ]


def test_still_true_keeps_the_day_who_and_from_where(session, at_desk, jo, register):
    bury = register["bury"]
    at_desk.open(page_of(bury))
    assert "Nobody has confirmed this yet." in at_desk.text
    page = at_desk.send(page_of(bury, "/confirm"), on="2027-01-12")
    assert page.status_code == 422
    assert "That day is still to come." in page.text
    at_desk.send(page_of(bury, "/confirm"), on="2027-01-10", source="Their website")
    assert "Confirmed on 10 January 2027 by Jo Field." in at_desk.text
    columns = Organisation.confirmed_on, Organisation.confirmed_by_id, Organisation.source
    assert now_of(session, bury, *columns) == (date(2027, 1, 10), jo.id, "Their website")
    at_desk.send(page_of(bury, "/confirm"), on="2026-01-01", source="")
    assert now_of(session, bury, *columns) == (date(2027, 1, 10), jo.id, "Their website")
    assert len(lines(session)) == 1


def test_off_and_on_the_public_list(session, at_desk, as_person, register):
    bury, stranger = register["bury"], as_person(None)
    at_desk.open(page_of(bury))
    at_desk.send(page_of(bury, "/listed"))
    assert stranger.open(f"{PUBLIC}/bury-music").status_code == 404
    assert "Only coordinators see it" in at_desk.text
    at_desk.send(page_of(bury, "/listed"))
    assert stranger.open(f"{PUBLIC}/bury-music").status_code == 200
    assert lines(session) == [
        "Put Bury Music off the public list.",
        "Put Bury Music on the public list.",
    ]


def test_people_of_an_organisation_and_its_contacts(session, at_desk, register):
    bury = register["bury"]
    people = page_of(bury, "/people")
    at_desk.open(people)
    assert at_desk.send(people, name="", email="x").status_code == 422
    at_desk.send(people, name="Amina Okafor", email="amina@example.org", role="SEND lead")
    assert "Amina Okafor is one of them now." in at_desk.text
    amina = session.scalars(select(Person).where(Person.email == "amina@example.org")).one()
    assert amina.organisation == "Bury Music"
    page = at_desk.send(people, name="Amina", email="amina@example.org")
    assert page.status_code == 422
    assert "That organisation is in the list already." in page.text
    contact = next(f.action for f in at_desk.forms() if f.action.endswith("/contact"))
    at_desk.send(contact)
    assert "They are a contact now, and are told by email." in at_desk.text
    at_desk.send(next(f.action for f in at_desk.forms() if f.action.endswith("/contact/end")))
    end = next(f.action for f in at_desk.forms() if f.action.endswith("/end"))
    at_desk.send(end)
    assert "Until 10 January 2027" in at_desk.text
    assert lines(session) == [
        "Noted that Amina Okafor works for Bury Music.",
        "Made Amina Okafor a contact of Bury Music.",
        "Took the role of contact of Bury Music from Amina Okafor.",
        "Noted that Amina Okafor has left Bury Music.",
    ]
    elsewhere = page_of(register["poole"], end.rpartition("/people")[2].join(["/people", ""]))
    at_desk.open(page_of(register["poole"], "/people"))
    token = dict(at_desk.forms()[0].fields)
    assert at_desk.client.post(elsewhere, data=token).status_code == 404


def test_the_list_can_be_taken_away(session, at_desk, register):
    make_organisation(session, name='=cmd("x")', is_listed=False)
    person = make_person(session, name="Nobody Else", email="nobody@else.example")
    contact(session, register["merton"], person)
    at_desk.open(f"{LIST}?q=merton")
    rows = at_desk.open(f"{LIST}/organisations.csv?q=merton").text.splitlines()
    assert len(rows) == 2
    assert rows[1].startswith("Merton Music Foundation,Merton Strings,Music Education Hub,,Merton,")
    text = at_desk.open(f"{LIST}/organisations.csv").text
    assert "'=cmd(" in text
    assert "Nobody Else" not in text
    assert "else.example" not in text
    assert len(text.splitlines()) == 5


def test_the_desk_list_finds_what_the_public_does_not_see(session, at_desk, register):
    register["bury"].is_listed = False
    session.commit()
    at_desk.open(LIST)
    at_desk.send(LIST, q="bury")
    assert "1 organisation" in at_desk.text
    assert "Not public" in at_desk.text
    at_desk.send(LIST, q="zzz")
    assert "No organisation is like that." in at_desk.text


def test_two_organisations_never_share_an_address(session, register):
    hold_register(session, register["bury"].created_at)
    assert free_slug(session, "Merton Strings") == "merton-strings-2"
    assert free_slug(session, "音楽") == "organisation"
