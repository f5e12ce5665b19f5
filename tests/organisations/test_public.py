"""The register as everybody sees it: found by every name, at addresses that stay."""

from datetime import date

import pytest

from netapp.directory.fields import ProfileField
from netapp.organisations.models import Affiliation, NameKind
from tests.directory.scenes import EVERYONE, MEMBERS, NOBODY, make_listed
from tests.factories import (
    NOW,
    make_coordinator,
    make_member,
    make_membership,
    make_organisation,
    make_person,
)
from tests.membership.seat_scenes import contact, link_of, make_member_organisation, seat
from tests.organisations.scenes import add_name, make_register

LIST = "/taking-off/organisations"


@pytest.fixture
def register(session):
    return make_register(session)


def work_for(session, person, organisation, role="", **more):
    session.add(
        Affiliation(
            key=f"a{person.id}o{organisation.id}",
            person_id=person.id,
            organisation_id=organisation.id,
            role=role,
            created_at=NOW,
            **more,
        )
    )
    session.commit()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("bury", ["Bury Music"]),
        ("BURY music", ["Bury Music"]),
        ("merton strings", ["Merton Music Foundation"]),
        ("Bournemouth & Poole", ["Soundstorm"]),
        ("Bournemouth and Poole", ["Soundstorm"]),
        ("(Soundstorm)", ["Soundstorm"]),
        ("hub london", ["Merton Music Foundation"]),
        ("music service", ["Bury Music", "Soundstorm"]),
        ("nothing like it", []),
        ("%", []),
        ("_", []),
        ("&", []),
    ],
)
def test_found_by_name_old_name_place_and_kind(visitor, register, words, found):
    visitor.open(LIST)
    visitor.send(LIST, q=words)
    for organisation in register.values():
        assert (f">{organisation.name}</a>" in visitor.text) == (organisation.name in found)
    if not found:
        assert "We know no organisation like that." in visitor.text


def test_narrowed_by_what_it_is_and_where_it_works(visitor, register):
    visitor.open(LIST)
    assert "London (1)" in visitor.text
    assert "Merton (1)" in visitor.text
    assert "North West England (1)" in visitor.text
    assert "Music service (2)" in visitor.text
    assert "Wales (" not in visitor.text
    visitor.send(LIST, area="area-london")
    assert "1 organisation" in visitor.text
    assert ">Merton Music Foundation</a>" in visitor.text
    assert "Music Education Hub (1)" in visitor.text
    assert "Music service (" not in visitor.text
    for odd in ("?page=0", "?page=x", "?area=x", "?type=%00", "?q=%00%27%22%3C", "?q=" + "x" * 900):
        assert visitor.open(f"{LIST}{odd}").status_code == 200


def test_an_empty_register_says_so(visitor):
    visitor.open(LIST)
    assert "No organisation is on the list yet." in visitor.text


def test_a_page_says_what_is_known_from_where_and_how_old_it_is(session, visitor, register):
    one = register["merton"]
    one.source, one.confirmed_on = "Music Teacher, 20 October 2021", date(2026, 9, 1)
    session.commit()
    page = visitor.open(f"{LIST}/{one.slug}")
    assert page.status_code == 200
    for words in (
        "Merton Strings",
        "Music Education Hub",
        "Not recorded",
        "Music Teacher, 20 October 2021",
        "Confirmed on 1 September 2026.",
    ):
        assert words in page.text
    assert "Nobody has confirmed this yet." in visitor.open(f"{LIST}/bury-music").text


def test_old_names_lead_to_the_page_for_good(session, client, register):
    answer = client.get(f"{LIST}/merton-strings")
    assert (answer.status_code, answer.location) == (301, f"{LIST}/merton-music-foundation")
    assert client.get(f"{LIST}/nobody-ever").status_code == 404
    assert client.get(f"{LIST}/{'x' * 500}").status_code == 404


def test_what_went_into_another_leads_there(session, client, register):
    old = make_organisation(session, slug="old", merged_into_id=register["bury"].id)
    add_name(session, old, "Older still")
    for slug in ("old", "older-still"):
        answer = client.get(f"{LIST}/{slug}")
        assert (answer.status_code, answer.location) == (301, f"{LIST}/bury-music")


def test_what_is_not_public_is_there_for_coordinators_only(session, client, as_person, register):
    one = register["bury"]
    one.is_listed = False
    add_name(session, one, "Bury Strings")
    member, jo = make_member(session), make_coordinator(session)
    for visitor in (as_person(None), as_person(member)):
        assert visitor.open(f"{LIST}/bury-music").status_code == 404
        assert visitor.open(f"{LIST}/bury-strings").status_code == 404
        assert "Bury" not in visitor.open(LIST).text
        assert "Bury" not in visitor.open(f"{LIST}?q=bury").text.replace('value="bury"', "")
    assert "Only coordinators see this" in as_person(jo).open(f"{LIST}/bury-music").text


PEOPLE = ProfileField.ORGANISATIONS


def test_who_works_there_is_seen_as_far_as_they_let_it(session, as_person, register):
    bury = register["bury"]
    seen = {PEOPLE: MEMBERS}
    amina = make_listed(session, "Amina Okafor", see=seen)
    open_to_all = make_listed(
        session, "Olu Open", see={ProfileField.ENTRY: EVERYONE, PEOPLE: EVERYONE}
    )
    hidden = make_listed(session, "Hana Hidden", see={PEOPLE: NOBODY})
    left = make_listed(session, "Ben Adeyemi", see=seen)
    bare = make_member(session, name="Nia Noprofile")
    closed = make_listed(session, "Cleo Closed", see=seen)
    closed.disabled_at = NOW
    for person in (amina, open_to_all, hidden, bare, closed):
        work_for(session, person, bury, f"Role of {person.name}")
    work_for(session, left, bury, ends_on=date(2026, 1, 1))
    wider = make_person(session)
    make_membership(session, kind="wider-community", person_id=wider.id)

    def names(person):
        text = as_person(person).open(f"{LIST}/bury-music").text
        everybody = (amina, open_to_all, hidden, left, bare, closed)
        found = [one.name for one in everybody if one.name in text]
        assert [f"Role of {name}" in text for name in found] == [True] * len(found)
        assert "example.org" not in text
        return found

    for stranger in (None, make_person(session), wider):
        assert names(stranger) == ["Olu Open"]
    for member in (make_member(session), make_coordinator(session)):
        assert names(member) == ["Amina Okafor", "Olu Open"]


def test_membership_seats_and_contacts_are_nobodys_business(session, as_person):
    """Whether an organisation is a member, who has a seat and whom we write to is on no public
    page, nor on what members see."""
    bury = make_member_organisation(session)
    amina = contact(session, bury, make_person(session, name="Amina Okafor"))
    seat(session, bury, amina)
    link = link_of(session, bury)
    for viewer in (None, make_member(session)):
        for path in (LIST, f"{LIST}/bury-music", f"{LIST}?q=amina"):
            page = as_person(viewer).open(path).text
            for word in ("Amina", "seat", "contact of", link.partition("key=")[2]):
                assert word not in page


def test_the_people_of_an_organisation_cost_no_more_queries_for_many(
    session, client, count_queries, register
):
    see = {ProfileField.ENTRY: EVERYONE, PEOPLE: EVERYONE}
    counts = []
    for number in (1, 9):
        for n in range(number):
            work_for(session, make_listed(session, f"N {n}", see=see), register["bury"])
        with count_queries() as statements:
            client.get(f"{LIST}/bury-music")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_the_list_asks_as_often_for_many_as_for_one(session, client, count_queries):
    make_organisation(session)
    with count_queries() as one:
        client.get(LIST)
    for _ in range(29):
        make_organisation(session)
    with count_queries() as many:
        client.get(LIST)
    assert len(many) == len(one)


def test_pages_hold_25_each(session, visitor):
    for n in range(27):
        make_organisation(session, name=f"Organisation {n:02}")
    assert "27 organisations" in visitor.open(LIST).text
    assert visitor.text.count(f'href="{LIST}/organisation-') == 25
    assert visitor.open(f"{LIST}?page=2").text.count(f'href="{LIST}/organisation-') == 2


def test_kinds_of_names_stand_apart(session, visitor, register):
    add_name(session, register["bury"], "BM", NameKind.ABBREVIATION)
    text = visitor.open(f"{LIST}/bury-music").text
    assert "Short name" in text
    assert "Formerly called" not in text
